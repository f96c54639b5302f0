import type { Driver, DriverEvent } from './driver.ts'
import type { FromHost, HostConfig, ToHost } from './host-message.ts'

/** Bringing a device to its safe state is some bytes on its line; an orphan takes no longer than this. */
const orphanGraceMs = 500

/**
 * The entry of a driver process: one device, spoken to over Node's IPC. It ends at once with its parent, so that no orphan keeps the
 * device's line; only a lamp is put out first, for it would stay lit when the station was killed. A Ctrl-C that reaches the whole
 * process group is left to the parent to answer.
 */
function runDriverHost(): void {
  let opening: Promise<Driver<never, unknown, unknown>> | undefined
  let kind: HostConfig['kind'] | undefined
  process.on('disconnect', () => {
    if (kind !== 'indicator') return endNow()
    setTimeout(endNow, orphanGraceMs)
    void closeAndExit(opening)
  })
  process.on('SIGINT', () => undefined)
  const running = new Map<number, AbortController>()
  process.on('message', (message: ToHost) => {
    switch (message.type) {
      case 'ping':
        send({ type: 'pong', beat: message.beat })
        return
      case 'open':
        kind = message.config.kind
        opening = openDriver(message.config)
        return
      case 'submit':
        void opening?.then((driver) => runCommand(driver, running, message))
        return
      case 'abort':
        running.get(message.id)?.abort()
        return
      case 'close':
        void closeAndExit(opening)
        return
      default:
        throw new TypeError(`unknown message ${JSON.stringify(message satisfies never)}`)
    }
  })
}

/** Loads only the driver that is asked for: each process carries one device's libraries and no others. */
async function openDriver(config: HostConfig): Promise<Driver<never, unknown, unknown>> {
  const emit = (event: DriverEvent<unknown>) => send({ type: 'event', event })
  switch (config.kind) {
    case 'printer':
      return new (await import('../printing/escpos-printer.ts')).EscposPrinter(config, emit)
    case 'card-reader':
      return new (await import('../card/card-reader.ts')).CardReader(config, emit)
    case 'scanner':
      return new (await import('../scanner/serial-scanner.ts')).SerialScanner(config, emit)
    case 'id-reader':
      return new (await import('../id-reader/sam-id-reader.ts')).SamIdReader(config, emit)
    case 'keypad':
      return new (await import('../keypad/serial-keypad.ts')).SerialKeypad(config, emit)
    case 'indicator':
      return new (await import('../indicator/relay-indicator.ts')).RelayIndicator(config, emit)
    case 'ups':
      return new (await import('../ups/nut-ups.ts')).NutUps(config, emit)
    default:
      throw new TypeError(`unknown device ${JSON.stringify(config satisfies never)}`)
  }
}

function runCommand(
  driver: Driver<never, unknown, unknown>,
  running: Map<number, AbortController>,
  { id, command }: { id: number; command: unknown },
): void {
  const abort = new AbortController()
  running.set(id, abort)
  const calls = { signal: abort.signal, progress: (progress: unknown) => send({ type: 'progress', id, progress }) }
  driver.submit(command as never, calls).then(
    (outcome) => {
      running.delete(id)
      send({ type: 'outcome', id, outcome })
    },
    // A fault inside a driver leaves its state unknown: the process ends, the supervisor says `maybe` and starts anew.
    (fault: unknown) => setImmediate(() => Promise.reject(fault)),
  )
}

async function closeAndExit(opening: Promise<Driver<never, unknown, unknown>> | undefined): Promise<void> {
  const driver = await opening
  await driver?.close()
  process.exit(0)
}

/** Not process.exit: it waits for a thread that hangs in a native call, as with a card that never answers, and nobody else would end it. */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL')
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message)
}

runDriverHost()
