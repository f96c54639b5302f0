import type { Socket } from 'node:net'

/** One way of a link, as bad as it is at the moment. */
export interface Bottleneck {
  /** Nothing gets through now. */
  isHeld(): boolean
  /** How long so many bytes take, behind those before them. */
  delayMs(bytes: number): number
  /** May turn a bit. */
  damage(bytes: Buffer): void
}

/** More than this under way and the sender is made to wait, as a full window would. */
const windowBytes = 1024 * 1024

/** What travels: bytes, the end of a stream, or a broken connection; each takes its time. */
type Cargo = { kind: 'bytes'; bytes: Buffer; delayMs: number } | { kind: 'end' } | { kind: 'broken' }

/** Carries what one socket sends to the other, in order. What is held back arrives when the link heals, as TCP would send it again. */
export function startPump(from: Socket, to: Socket, bottleneck: Bottleneck): { look(): void } {
  const cargo: Cargo[] = []
  let [waiting, moving] = [0, false]
  const move = () => {
    const next = cargo[0]
    if (moving || next === undefined || bottleneck.isHeld()) return
    const delayMs = next.kind === 'bytes' ? next.delayMs : 0
    moving = true
    const arrive = () => {
      moving = false
      if (bottleneck.isHeld()) return
      cargo.shift()
      deliver(next, to)
      if (next.kind === 'bytes') waiting -= next.bytes.length
      if (waiting < windowBytes && from.isPaused()) from.resume()
      move()
    }
    if (delayMs > 0) setTimeout(arrive, delayMs).unref()
    else arrive()
  }
  const load = (piece: Cargo) => {
    cargo.push(piece)
    move()
  }
  from.on('data', (bytes: Buffer) => {
    bottleneck.damage(bytes)
    waiting += bytes.length
    if (waiting >= windowBytes) from.pause()
    load({ kind: 'bytes', bytes, delayMs: bottleneck.delayMs(bytes.length) })
  })
  from.once('end', () => load({ kind: 'end' }))
  from.once('error', () => load({ kind: 'broken' }))
  from.once('close', () => load({ kind: 'broken' }))
  return { look: move }
}

function deliver(piece: Cargo, to: Socket): void {
  if (to.destroyed) return
  if (piece.kind === 'bytes') to.write(piece.bytes)
  else if (piece.kind === 'end') to.end()
  else if (to.writableEnded) to.destroySoon()
  else to.resetAndDestroy()
}
