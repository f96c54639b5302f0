import { dirname } from 'node:path'
import type { TraceEvent } from './syscall-trace.ts'

/** A drive writes a sector whole or not at all; 512 bytes are the smallest that are sold. */
const sectorBytes = 512

/** A change of a file that is not durable yet. */
type Pending = { since: number } & ({ at: number; bytes: Buffer } | { length: number })

/** A change of a name that is not durable yet: the file that it stands for, or null where it is taken away. */
interface PendingName {
  since: number
  names: Map<string, CutFile | null>
  folders: readonly string[]
}

interface CutFile {
  durable: Buffer
  /** As programs see it. */
  length: number
  pending: Pending[]
  position: number
}

/**
 * The files of a folder as a disk would hold them if the power went now. What was synced is there. What was not is gone, or, with a
 * random number to decide, partly there: any of the writes, and of one of them only some sectors. Names follow the same rule: they are
 * durable when their folder was synced, and kept in order, as a journal keeps them.
 */
export class CutDisk {
  readonly #live = new Map<string, CutFile>()
  readonly #durable = new Map<string, CutFile>()
  readonly #touched = new Set<string>()
  #pendingNames: PendingName[] = []
  readonly #read: (path: string) => Buffer | null

  /** `read` gives a file as it was before everything. */
  constructor(read: (path: string) => Buffer | null) {
    this.#read = read
  }

  /** Does what a traced process did, the `index`-th of all events. */
  apply(event: TraceEvent, index: number): void {
    if (event.kind === 'open') this.#open(event, index)
    else if (event.kind === 'write') this.#write(event, index)
    else if (event.kind === 'resize') this.#resize(event, index)
    else if (event.kind === 'sync') this.#sync(event.path, event.covers)
    else if (event.kind === 'link') this.#name(index, [event.to, this.#fileAt(event.from, index)])
    else if (event.kind === 'rename') {
      const file = this.#fileAt(event.from, index)
      this.#name(index, [event.from, null], [event.to, file])
    } else if (event.kind === 'unlink' && this.#lookUp(event.path) !== null) this.#name(index, [event.path, null])
  }

  /** What the disk holds of every file that was touched: its bytes, or null where there is none. */
  afterCut(random: (() => number) | null): Map<string, Buffer | null> {
    const names = new Map<string, CutFile | null>(this.#durable)
    const kept = random === null ? 0 : Math.floor(random() * (this.#pendingNames.length + 1))
    for (const { names: changed } of this.#pendingNames.slice(0, kept))
      for (const [path, file] of changed) names.set(path, file)
    const files = new Map<string, Buffer | null>()
    for (const path of this.#touched) {
      const file = names.get(path) ?? null
      files.set(path, file === null ? null : contentOf(file, random))
    }
    return files
  }

  #open({ path, create, truncate, append }: Extract<TraceEvent, { kind: 'open' }>, index: number): void {
    if (!create && !truncate && this.#lookUp(path) === null) return
    const file = this.#fileAt(path, index)
    if (truncate && file.length > 0) {
      file.pending.push({ since: index, length: 0 })
      file.length = 0
    }
    file.position = append ? file.length : 0
  }

  #resize({ path, length }: Extract<TraceEvent, { kind: 'resize' }>, index: number): void {
    const file = this.#fileAt(path, index)
    file.pending.push({ since: index, length })
    file.length = length
  }

  #write({ path, at, bytes }: Extract<TraceEvent, { kind: 'write' }>, index: number): void {
    const file = this.#fileAt(path, index)
    const place = at ?? file.position
    file.pending.push({ since: index, at: place, bytes })
    file.length = Math.max(file.length, place + bytes.length)
    if (at === null) file.position = place + bytes.length
  }

  #sync(path: string, covers: number): void {
    const file = this.#lookUp(path)
    if (file !== null) {
      for (const change of file.pending.filter(({ since }) => since < covers))
        file.durable = changed(file.durable, change)
      file.pending = file.pending.filter(({ since }) => since >= covers)
      return
    }
    const isOf = ({ since, folders }: PendingName) => since < covers && folders.includes(path)
    for (const { names } of this.#pendingNames.filter(isOf)) {
      for (const [name, held] of names) {
        if (held === null) this.#durable.delete(name)
        else this.#durable.set(name, held)
      }
    }
    this.#pendingNames = this.#pendingNames.filter((change) => !isOf(change))
  }

  /** The file of a name as programs see it; null where there is none. What was there before everything is durable. */
  #lookUp(path: string): CutFile | null {
    const known = this.#live.get(path)
    if (known !== undefined || this.#touched.has(path)) return known ?? null
    const before = this.#read(path)
    if (before === null) return null
    this.#touched.add(path)
    const file = { durable: owned(before, before.length), length: before.length, pending: [], position: 0 }
    this.#live.set(path, file)
    this.#durable.set(path, file)
    return file
  }

  #fileAt(path: string, index: number): CutFile {
    const known = this.#lookUp(path)
    if (known !== null) return known
    const file = { durable: owned(Buffer.alloc(0), 0), length: 0, pending: [], position: 0 }
    this.#name(index, [path, file])
    return file
  }

  #name(since: number, ...changes: [string, CutFile | null][]): void {
    for (const [path, file] of changes) {
      this.#touched.add(path)
      if (file === null) this.#live.delete(path)
      else this.#live.set(path, file)
    }
    const folders = [...new Set(changes.map(([path]) => dirname(path)))]
    this.#pendingNames.push({ since, names: new Map(changes), folders })
  }
}

function contentOf({ durable, pending }: CutFile, random: (() => number) | null): Buffer {
  if (random === null) return durable
  const share = random()
  return pending
    .filter(() => random() < share)
    .reduce<Buffer>((content, change) => changed(content, torn(change, random)), owned(durable, durable.length))
}

/** One write in four is cut at a sector: what lies behind it did not arrive. */
function torn(change: Pending, random: () => number): Pending {
  if ('length' in change || random() >= 0.25) return change
  const whole = Math.floor(random() * Math.ceil(change.bytes.length / sectorBytes)) * sectorBytes
  return { ...change, bytes: change.bytes.subarray(0, whole) }
}

/** The content with a change made in it, in place where it fits. */
function changed(content: Buffer, change: Pending): Buffer {
  if ('length' in change)
    return change.length <= content.length ? owned(content, change.length) : grown(content, change.length)
  const room = grown(content, change.at + change.bytes.length)
  change.bytes.copy(room, change.at)
  return room
}

/** A copy of the first bytes in memory of its own, with zeros behind them for half as many more to come. */
function owned(content: Buffer, length: number): Buffer {
  const room = Buffer.alloc(Math.max(sectorBytes, Math.ceil(length * 1.5)))
  content.copy(room, 0, 0, length)
  return room.subarray(0, length)
}

/** The content at least so long, with zeros behind what there was; in the same memory while that lasts. */
function grown(content: Buffer, length: number): Buffer {
  if (length <= content.length) return content
  const room = length <= content.buffer.byteLength ? content : owned(content, length)
  return Buffer.from(room.buffer, 0, length)
}
