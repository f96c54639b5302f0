import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout } from './source-tree.ts'

/**
 * Addresses that are names, never fetched: XML namespaces, and the pages that libraries name in their error messages
 * and licences.
 */
const onlyNames = [/^http:\/\/www\.w3\.org\//, /^https?:\/\/(?:127\.0\.0\.1|localhost)\b/]

/** Where a built page could fetch something: an element's address, a style's, a script's import or socket. */
const fetching = [
  /(?:src|href|action|srcset|poster)\s*[=:]\s*["'`](https?:\/\/[^"'`\s]+)/g,
  /url\(\s*["']?(https?:\/\/[^"')\s]+)/g,
  /(?:import|fetch|importScripts|WebSocket|EventSource|sendBeacon)\s*\(\s*["'`]((?:https?|wss?):\/\/[^"'`\s]+)/g,
  /@import\s+["'](https?:\/\/[^"']+)/g,
]

describe.each(['kiosk-app', 'admin-web'])('the built pages of %s', (app) => {
  const dist = join(checkout, app, 'dist')

  test('are there: `npm run check` builds them', () => {
    expect(existsSync(join(dist, 'index.html'))).toBe(true)
  })

  test('fetch nothing from anywhere but their own server: a hospital’s network has no way out', () => {
    const files = existsSync(dist) ? readdirSync(dist, { recursive: true, encoding: 'utf8' }) : []
    const text = files.filter((name) => /\.(?:html|js|css|json|webmanifest|svg)$/.test(name))
    expect(text.length).toBeGreaterThan(2)
    const foreign = text.flatMap((name) => {
      const content = readFileSync(join(dist, name), 'utf8')
      return fetching.flatMap((pattern) => [...content.matchAll(pattern)].map(([, url = '']) => `${name}: ${url}`))
    })
    expect(foreign.filter((found) => !onlyNames.some((name) => name.test(found.replace(/^.*?: /, ''))))).toEqual([])
  })
})
