import { pino } from 'pino'
import { createStation } from './station.ts'
import { readStationConfig } from './station-config.ts'

const log = pino({ name: 'station' })

try {
  const station = await createStation(readStationConfig(process.env), {
    log,
    now: Date.now,
    // Everything acknowledged is durable; whatever starts the station again finds the note and rebuilds.
    onCorrupt: () => process.exit(1),
  })
  const stop = () => {
    station.stop().then(
      () => log.info('station stopped'),
      (error: unknown) => log.error({ error: String(error) }, 'the station did not stop cleanly'),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  log.fatal({ error: error instanceof Error ? error.message : String(error) }, 'the station could not start')
  process.exit(1)
}
