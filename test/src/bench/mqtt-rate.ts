import { fileURLToPath } from 'node:url'
import { loadOrMakeIdentity } from '@yizhan/station-server/identity/station-identity'
import pg from 'pg'
import type { BenchCentre } from './bench-centre.ts'
import { startMosquitto } from './mosquitto-broker.ts'
import type { UploadPeer } from './pouch-rate.ts'
import { cpuSecondsOf } from './process-cpu.ts'
import { startTrialChild } from './trial-child.ts'

const publisherFile = fileURLToPath(new URL('./mqtt-publisher-main.ts', import.meta.url))
const consumerFile = fileURLToPath(new URL('./mqtt-consumer-main.ts', import.meta.url))

/** mosquitto between a publisher and a consumer that commits into the same PostgreSQL as ours, a process each. */
export async function openMqttPeer(binary: string, folder: string, centre: BenchCentre): Promise<UploadPeer> {
  const { migratorUrl } = centre.database
  const database = new pg.Client({ connectionString: migratorUrl })
  await database.connect()
  await database.query('create table mqtt_inbox (like inbox including all)')
  await database.end()
  const broker = await startMosquitto(binary, folder)
  const { stationId } = loadOrMakeIdentity(centre.stationFolder, Date.now)
  const consumer = await startTrialChild(consumerFile, [broker.url, migratorUrl, centre.tenantId, stationId])
  const publisher = await startTrialChild(publisherFile, [broker.url])
  const pids = [broker.pid, consumer.pid, publisher.pid, centre.pids.postgres]
  return {
    async measure(events) {
      await publisher.ask({ events })
      const committed = consumer.ask({ count: events.length })
      const before = cpuSecondsOf(pids)
      const startedAt = performance.now()
      await publisher.ask({})
      await committed
      return { tookMs: performance.now() - startedAt, cpuSeconds: cpuSecondsOf(pids) - before }
    },
    async stop() {
      await publisher.stop()
      await consumer.stop()
      await broker.stop()
    },
  }
}
