import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The identity of the page that is served: a digest of its index, which names every hashed file. */
export function readBuildId(staticFolder: string): string {
  try {
    return createHash('sha256')
      .update(readFileSync(join(staticFolder, 'index.html')))
      .digest('base64url')
      .slice(0, 16)
  } catch (error) {
    throw new Error(`the kiosk's page is not built: no index.html in ${staticFolder}`, { cause: error })
  }
}
