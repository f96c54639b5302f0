import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Built or fetched things: never part of what a build is made from. */
const notSource = new Set(['node_modules', 'dist', '.build', '.vite'])

/**
 * One hash over files and whole folders: their paths and contents. A path that does not exist counts as absent.
 *
 * @param {string} root
 * @param {readonly string[]} paths relative to `root`
 * @param {readonly string[]} [words] anything else the result depends on, such as a version
 */
export function contentStamp(root, paths, words = []) {
  const hash = createHash('sha256')
  for (const word of words) hash.update(`${word}\0`)
  for (const path of paths) addPath(hash, root, path)
  return hash.digest('hex')
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} path
 */
function addPath(hash, root, path) {
  const full = join(root, path)
  if (!existsSync(full)) {
    hash.update(`absent ${path}\0`)
    return
  }
  if (!statSync(full).isDirectory()) {
    hash.update(`file ${path}\0`).update(readFileSync(full))
    return
  }
  for (const name of readdirSync(full).sort()) if (!notSource.has(name)) addPath(hash, root, join(path, name))
}
