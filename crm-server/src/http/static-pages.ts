import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * A file of a folder for a path below it; a path without a file ending is a page of the app and gets its index. Null when
 * there is no such file, or the path leads out of the folder.
 */
export async function staticPage(folder: string, path: string): Promise<Response | null> {
  const wanted = extname(path) === '' ? '/index.html' : path
  const file = normalize(join(folder, wanted))
  if (!file.startsWith(normalize(folder + sep)) || file.includes('\0')) return null
  const body = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (
      error.code === 'ENOENT' ||
      error.code === 'EISDIR' ||
      error.code === 'ENOTDIR' ||
      error.code === 'ENAMETOOLONG'
    ) {
      return null
    }
    throw error
  })
  if (body === null) return null
  // Vite names files under assets/ by their content, so they never change; the index always must be asked for.
  const cacheControl = wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  const contentType = contentTypes[extname(file)] ?? 'application/octet-stream'
  return new Response(new Uint8Array(body), { headers: { 'content-type': contentType, 'cache-control': cacheControl } })
}
