import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readIdentityFile, writeIdentityFile } from './identity-file.ts'

/**
 * The database key of the *strict* profile: HKDF (RFC 5869) over the half on this disk and the half that the centre keeps. Null when the
 * centre's half is not the one that the data was written with: opened with it, the database would look damaged.
 */
export function strictDatabaseKey(folder: string, localHalf: Uint8Array, centreHalf: Uint8Array): Uint8Array | null {
  const key = new Uint8Array(hkdfSync('sha256', localHalf, centreHalf, 'yizhan strict database key', 32))
  const check = createHmac('sha256', key).update('key check').digest('base64')
  const kept = readIdentityFile(folder)
  if (kept.strictKeyCheck === undefined) {
    writeIdentityFile(folder, { ...kept, strictKeyCheck: check })
    return key
  }
  return timingSafeEqual(Buffer.from(kept.strictKeyCheck), Buffer.from(check)) ? key : null
}

/** Throws when the data in a folder was written under the other profile; opened under this one it would look damaged. */
export function refuseOtherProfile(folder: string, profile: 'offline-boot' | 'strict'): void {
  const isStrict = readIdentityFile(folder).strictKeyCheck !== undefined
  const hasData = existsSync(join(folder, 'station.db'))
  if (!hasData || isStrict === (profile === 'strict')) return
  const was = isStrict ? 'strict' : 'offline-boot'
  throw new Error(`the data in ${folder} was written under the key profile ${was}; let it upload, wipe it, pair anew`)
}
