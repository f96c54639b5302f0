import { shellAnswer, shellCacheName } from './shell-cache.ts'

/** What of the worker's global scope is used; the page's own types know a window instead. */
interface WorkerScope {
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchingEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchingEvent extends WorkerEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

declare const self: WorkerScope
/** Put in by the build: every file of the kiosk's shell, so that a changed file makes a changed worker. */
declare const shellFiles: readonly string[]

const cacheName = shellCacheName(shellFiles)

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll([...shellFiles]))
      .then(() => self.skipWaiting()),
  )
})
self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlderShells().then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const answer = shellAnswer(event.request, shellFiles, { fetch: (request) => fetch(request), caches, cacheName })
  if (answer !== null) event.respondWith(answer)
})

async function forgetOlderShells(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))
}
