import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import type { StationView } from '@yizhan/contracts/station'

/** A plain server of files on the loopback. */
export interface PageServer {
  url: string
  stop(): Promise<void>
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** What the kiosk asks its station first; with an answer it shows the lobby's first screen, not that it waits. */
function stationAnswer(): StationView {
  const [zh, en] = ['试验医院', 'Trial Hospital']
  const now = Date.now()
  return {
    stationId: '01985f00-0000-7000-8000-0000000000d1',
    stationName: { 'zh-CN': '试验机 A', en: 'Trial kiosk A' },
    hospitalName: { 'zh-CN': zh, en },
    siteName: { 'zh-CN': '本部', en: 'Main Campus' },
    helpDesk: { 'zh-CN': '一楼大厅导诊台', en: 'the information desk' },
    zone: 'Asia/Shanghai',
    now,
    day: new Date(now + 8 * 3_600_000).toISOString().slice(0, 10),
    printer: { deviceId: 'printer', kind: 'printer', phase: 'ready', reasons: [], since: now, seq: 1, evidence: 'A' },
    scanner: { deviceId: 'scanner', kind: 'scanner', phase: 'ready', reasons: [], since: now, seq: 1 },
    cardReader: null,
    idReader: null,
    centre: { reachable: true, since: now, feedAsOf: now },
    outboxDepth: 0,
    outOfService: null,
    buildId: 'bench',
  }
}

/** Serves a folder, uncompressed and uncached, and answers the kiosk's one question about its station. */
export function startPageServer(folder: string): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://loopback').pathname)
    if (path === '/rpc/station/view') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ json: stationAnswer() }))
      return
    }
    const file = join(folder, path === '/' ? 'index.html' : path)
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    const type = contentTypes[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
    createReadStream(file).pipe(response)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({
        url: `http://127.0.0.1:${port}/`,
        stop: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}
