import { pino } from 'pino'
import { bootStation } from './boot-station.ts'
import type { Station } from './station.ts'
import { readStationConfig } from './station-config.ts'

/** EX_TEMPFAIL of sysexits.h: it stopped on purpose and may be tried again later; whoever keeps it alive need not hurry. */
const stoppedForPower = 75

const log = pino({ name: 'station' })

/** Runs until somebody or something asks for the end, and answers with the exit status. */
async function runUntilAsked(): Promise<number> {
  const asked = Promise.withResolvers<number>()
  const station = await bootStation(readStationConfig(process.env), {
    log,
    now: Date.now,
    // Everything acknowledged is durable; whatever starts the station again finds the note and rebuilds.
    onCorrupt: () => process.exit(1),
    onBroken: (error) => {
      log.fatal({ error: String(error) }, 'the station could not go on')
      process.exit(1)
    },
    onPowerEnding: () => {
      log.error({}, 'the battery is about to give out: stopping while the database can still be closed')
      asked.resolve(stoppedForPower)
    },
  })
  process.once('SIGTERM', () => asked.resolve(0))
  process.once('SIGINT', () => asked.resolve(0))
  const status = await asked.promise
  await stopCleanly(station, status)
  return status
}

async function stopCleanly(station: Station, status: number): Promise<void> {
  try {
    await station.stop()
    log.info({ status }, 'station stopped')
  } catch (error) {
    log.error({ error: String(error) }, 'the station did not stop cleanly')
  }
}

try {
  process.exitCode = await runUntilAsked()
} catch (error) {
  log.fatal({ error: error instanceof Error ? error.message : String(error) }, 'the station could not start')
  process.exit(1)
}
