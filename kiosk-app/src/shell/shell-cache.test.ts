import { expect, test } from 'vitest'
import { type ShellSources, shellAnswer, shellCacheName } from './shell-cache.ts'

const origin = 'http://127.0.0.1:4100'
const files = ['/', '/assets/index-abc.js']

/** A browser's cache and network, as far as the shell uses them. */
function sources(station: () => Promise<Response>): ShellSources {
  const cached: Record<string, string> = { '/': 'cached page', '/assets/index-abc.js': 'cached script' }
  const match = (path: RequestInfo | URL) => {
    const text = cached[String(path)]
    return Promise.resolve(text === undefined ? undefined : new Response(text))
  }
  const open = () => Promise.resolve({ match } as Cache)
  return { fetch: station, caches: { open }, cacheName: shellCacheName(files) }
}

/** Node's Request refuses the mode that only a browser's address bar makes. */
function navigation(path: string): Request {
  const request = new Request(origin + path)
  return new Proxy(request, { get: (target, key) => (key === 'mode' ? 'navigate' : Reflect.get(target, key, target)) })
}

const online = () => Promise.resolve(new Response('fresh page'))
const offline = () => Promise.reject(new TypeError('connection refused'))
const textOf = async (answer: Promise<Response> | null) => (await answer)?.text()

test('the page comes from the station while it answers', async () => {
  expect(await textOf(shellAnswer(navigation('/?launch=x'), files, sources(online)))).toBe('fresh page')
})

test('the page comes from the cache when the station is away or fails', async () => {
  const failing = () => Promise.resolve(new Response('bad gateway', { status: 502 }))
  expect(await textOf(shellAnswer(navigation('/'), files, sources(offline)))).toBe('cached page')
  expect(await textOf(shellAnswer(navigation('/'), files, sources(failing)))).toBe('cached page')
})

test('a refusal of the station is no failure: the launch token is still asked for', async () => {
  const refusing = () => Promise.resolve(new Response('no launch', { status: 401 }))
  expect(await textOf(shellAnswer(navigation('/'), files, sources(refusing)))).toBe('no launch')
})

test('hashed files come from the cache', async () => {
  const script = new Request(`${origin}/assets/index-abc.js`)
  expect(await textOf(shellAnswer(script, files, sources(offline)))).toBe('cached script')
})

test('calls, sockets and other pages are left alone', () => {
  const others = [
    new Request(`${origin}/rpc/checkIn/identify`, { method: 'POST' }),
    new Request(`${origin}/rpc/station/view`),
    new Request(`${origin}/socket.io/?transport=websocket`),
    navigation('/gallery.html'),
  ]
  expect(others.map((request) => shellAnswer(request, files, sources(offline)))).toEqual([null, null, null, null])
})

test('changed files make another cache', () => {
  expect(shellCacheName(['/', '/assets/index-def.js'])).not.toBe(shellCacheName(files))
})
