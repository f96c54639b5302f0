import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test, removed after it; its name has a space and Chinese, as a user's may. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), '医站 boot '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
