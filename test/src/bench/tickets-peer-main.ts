import { printByPeer } from './transport-peer.ts'

/** Sends slips as the peer sends them, in a process of its own as ours does, and tells on standard output how long it took. */
const [port = '', slips = ''] = process.argv.slice(2)
const startedAt = performance.now()
await printByPeer(Number(port), Number(slips))
process.stdout.write(`${JSON.stringify({ tookMs: performance.now() - startedAt })}\n`)
