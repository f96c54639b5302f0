import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync } from 'node:fs'

/** What a process did to its files, and what it said to others, in the order in which it was done. */
export type TraceEvent =
  | { kind: 'open'; path: string; create: boolean; truncate: boolean; append: boolean }
  /** `at` is null for bytes that go behind the ones before them. */
  | { kind: 'write'; path: string; at: number | null; bytes: Buffer }
  | { kind: 'resize'; path: string; length: number }
  /** Makes durable what had been done to the file, or to the names of the folder, when it began: the events before `covers`. */
  | { kind: 'sync'; path: string; covers: number }
  | { kind: 'rename'; from: string; to: string }
  | { kind: 'link'; from: string; to: string }
  | { kind: 'unlink'; path: string }
  | { kind: 'said'; bytes: Buffer }

const writes = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg']
const others = ['openat', 'ftruncate', 'truncate', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'link']
const syncs = ['fsync', 'fdatasync']
/** Ways to change a file that the replay does not know: one of them in a trace would make it worthless. */
const foreign = ['fallocate', 'linkat', 'copy_file_range', 'sendfile']
/** More than any write of ours: none may be cut short in the trace. */
const mostBytesOfAWrite = 16 * 1024 * 1024

/** The command to put before another so that its files' changes are recorded: the process keeps its id, and the recorder ends with it. */
export function recorderCommand(traceFile: string): string[] {
  const calls = [...writes, ...others, ...syncs, ...foreign].join(',')
  const wording = ['-y', '-xx', '-s', String(mostBytesOfAWrite)]
  return ['strace', '-D', '-f', '--seccomp-bpf', ...wording, '-o', traceFile, '-e', `trace=${calls}`]
}

/** Why nothing can be recorded here; null when it can. */
export function whyNoRecorder(): string | null {
  const { error, status } = spawnSync('strace', ['-D', '-f', '--seccomp-bpf', '-o', '/dev/null', 'true'])
  if (error !== undefined) return 'strace is not installed (apt-get install strace)'
  return status === 0 ? null : 'this system lets no process be traced'
}

/** Reads what was recorded, without what happened outside `folder`. Throws for a call that it cannot replay. */
export function readTrace(traceFile: string, folder: string): TraceEvent[] {
  const reader = new TraceReader(folder)
  for (const line of linesOf(traceFile)) reader.read(line)
  return reader.events
}

/** Turns lines of strace into events; a call that others interrupted stands in two lines. */
export class TraceReader {
  readonly events: TraceEvent[] = []
  readonly #folder: string
  readonly #begun = new Map<string, { text: string; covers: number }>()

  constructor(folder: string) {
    this.#folder = folder
  }

  read(line: string): void {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const unfinished = ' <unfinished ...>'
    if (rest.endsWith(unfinished)) {
      this.#begun.set(thread, { text: rest.slice(0, -unfinished.length), covers: this.events.length })
      return
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(rest)?.[0]
    const begun = resumed === undefined ? undefined : this.#begun.get(thread)
    if (resumed !== undefined && begun === undefined) return
    const whole = begun === undefined ? rest : begun.text + rest.slice((resumed ?? '').length)
    this.#take(whole, begun?.covers ?? this.events.length)
  }

  #take(call: string, covers: number): void {
    const name = /^\w+(?=\()/.exec(call)?.[0]
    const answer = /\) += (-?\d+)[^")]*(?:\([^"]*\))?$/.exec(call)?.[1]
    if (name === undefined || answer === undefined || Number(answer) < 0) return
    const file = decoded(/^\w+\(\d+<((?:\\x[0-9a-f]{2})*)>/.exec(call)?.[1] ?? '').toString()
    if (writes.includes(name)) this.#takeWrite(call, { name, file, length: Number(answer) })
    else if (syncs.includes(name)) this.#keep({ kind: 'sync', path: file, covers }, file)
    else if (name === 'ftruncate') this.#keep({ kind: 'resize', path: file, length: lastNumber(call) }, file)
    else this.#takeNamed(call, name, file)
  }

  #takeWrite(call: string, { name, file, length }: { name: string; file: string; length: number }): void {
    const bytes = Buffer.concat(textsOf(call)).subarray(0, length)
    if (file.startsWith('socket:')) this.events.push({ kind: 'said', bytes })
    else if (name.startsWith('p')) this.#keep({ kind: 'write', path: file, at: placeOf(call, name), bytes }, file)
    else this.#keep({ kind: 'write', path: file, at: null, bytes }, file)
  }

  #takeNamed(call: string, name: string, file: string): void {
    const [first = '', second = ''] = textsOf(call).map(String)
    const at = (path: string, base: string) => (path.startsWith('/') ? path : `${base}/${path}`)
    const bases = [...call.matchAll(/AT_FDCWD<((?:\\x[0-9a-f]{2})*)>/g)].map(([, hex = '']) => decoded(hex).toString())
    // PostgreSQL works in its own folder and names its files from there.
    const path = at(first, bases[0] ?? this.#folder)
    if (foreign.includes(name)) {
      if (this.#isOurs(file) || (first !== '' && this.#isOurs(path)))
        throw new Error(`${name} of ${file || path} cannot be replayed`)
    } else if (name === 'openat') this.#takeOpen(call)
    else if (name === 'truncate') this.#keep({ kind: 'resize', path, length: lastNumber(call) }, path)
    else if (name === 'link' || name.startsWith('rename')) {
      const to = at(second, bases[1] ?? bases[0] ?? this.#folder)
      this.#keep({ kind: name === 'link' ? name : 'rename', from: path, to }, path)
    } else if (!call.includes('AT_REMOVEDIR')) this.#keep({ kind: 'unlink', path }, path)
  }

  #takeOpen(call: string): void {
    if (!/O_WRONLY|O_RDWR/.test(call)) return
    const path = decoded(/= \d+<((?:\\x[0-9a-f]{2})*)>$/.exec(call)?.[1] ?? '').toString()
    const has = (flag: string) => call.includes(flag)
    const flags = { create: has('O_CREAT'), truncate: has('O_TRUNC'), append: has('O_APPEND') }
    this.#keep({ kind: 'open', path, ...flags }, path)
  }

  #keep(event: TraceEvent, path: string): void {
    if (this.#isOurs(path)) this.events.push(event)
  }

  #isOurs(path: string): boolean {
    return path === this.#folder || path.startsWith(`${this.#folder}/`)
  }
}

function textsOf(call: string): Buffer[] {
  return [...call.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)].map(([, hex = '', short]) => {
    if (short !== undefined) throw new Error('a write was cut short in the trace')
    return decoded(hex)
  })
}

/** Where a write goes: the last argument, but for pwritev2, which has flags behind it. */
function placeOf(call: string, name: string): number {
  const place = name === 'pwritev2' ? /, (\d+), \w+\) += \d+$/ : /, (\d+)\) += \d+$/
  return Number(place.exec(call)?.[1])
}

function lastNumber(call: string): number {
  return Number(/, (\d+)\) += \d+$/.exec(call)?.[1])
}

function decoded(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex')
}

/** The lines of a file that may be larger than a string can be. */
function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const chunk = Buffer.alloc(4 * 1024 * 1024)
  let rest = ''
  try {
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, length)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    closeSync(file)
  }
}
