import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadPeer } from './peer-packages.ts'
import { openPouch, type PouchClass } from './pouch-peer.ts'
import { answerTrials } from './trial-child.ts'

interface ExpressApp {
  use(handler: unknown): void
}
type ExpressPouch = (open: PouchClass, options: { mode: string; inMemoryConfig: boolean }) => unknown

/** The centre's side of PouchDB: its own HTTP server in the mode with the fewest layers that replication works with. */
const [folder = ''] = process.argv.slice(2)
const { default: express } = await loadPeer<{ default: () => ExpressApp & RequestListener }>('express')
const { default: expressPouch } = await loadPeer<{ default: ExpressPouch }>('express-pouchdb')
const app = express()
app.use(expressPouch(await openPouch(folder), { mode: 'minimumForPouchDB', inMemoryConfig: true }))
const server = createServer(app)
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

answerTrials<object>(
  async () => ({ url: `http://127.0.0.1:${port}` }),
  () => server.closeAllConnections(),
)
