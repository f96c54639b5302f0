import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadOrMakeIdentity, publicIdentity } from './station-identity.ts'

// Makes the station's identity before its first start, so that whoever installs it can enrol the public key.
// Usage: make-identity-main.ts <station data folder>
const folder = process.argv[2]
if (folder === undefined) {
  process.stderr.write('Which folder? Usage: make-identity-main.ts <station data folder>\n')
  process.exit(2)
}
const identity = loadOrMakeIdentity(folder, Date.now)
writeFileSync(join(folder, 'identity-public.json'), `${JSON.stringify(publicIdentity(identity))}\n`)
