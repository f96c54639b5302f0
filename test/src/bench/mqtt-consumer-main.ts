import type { EventEnvelope } from '@yizhan/contracts/sync'
import pg from 'pg'
import { type MqttModule, mqttTopic } from './mqtt-peer.ts'
import { loadPeer } from './peer-packages.ts'
import { answerTrials } from './trial-child.ts'

/** As many events are committed at once as our first batch has. */
const mostAtOnce = 500

/**
 * The centre's side of MQTT: subscribes with QoS 1 and commits what has come into a table like the inbox, by the same kind of
 * statement as ours. The library acknowledges one message after the other, so they are acknowledged before they are committed.
 */
const [url = '', databaseUrl = '', tenantId = '', stationId = ''] = process.argv.slice(2)
const { connectAsync } = (await loadPeer<{ default: MqttModule }>('mqtt')).default
const database = new pg.Client({ connectionString: databaseUrl })
await database.connect()
const client = await connectAsync(url, { clientId: 'bench-centre', clean: true, protocolVersion: 5 })
const come: EventEnvelope[] = []
let committed = 0
let isCommitting = false
let wanted: { count: number; reached: () => void } = { count: 0, reached: () => undefined }
client.on('message', (_topic, payload) => {
  come.push(JSON.parse(payload.toString()) as EventEnvelope)
  if (!isCommitting) void commitAll()
})
await client.subscribeAsync(mqttTopic, { qos: 1 })

answerTrials<{ count: number }>(
  async ({ count }) => {
    const total = committed + count
    await new Promise<void>((resolve) => {
      wanted = { count: total, reached: resolve }
    })
    return {}
  },
  async () => {
    await client.endAsync()
    await database.end()
  },
)

async function commitAll(): Promise<void> {
  isCommitting = true
  while (come.length > 0) {
    const events = come.splice(0, mostAtOnce)
    await insert(events)
    committed += events.length
    if (committed >= wanted.count) wanted.reached()
  }
  isCommitting = false
}

async function insert(events: readonly EventEnvelope[]): Promise<void> {
  const now = new Date()
  await database.query({
    name: 'insert-events',
    text: `insert into mqtt_inbox (tenant_id, event_id, station_id, epoch, seq, type, schema_version, occurred_at,
        received_at, next_try_at, body, hlc, state)
      select $1, event_id, $2, 1, seq, type, schema_version, to_timestamp(occurred_ms / 1000.0), $3, $3, body, hlc, 'pending'
      from unnest($4::uuid[], $5::bigint[], $6::text[], $7::int[], $8::bigint[], $9::text[], $10::text[])
        as event (event_id, seq, type, schema_version, occurred_ms, body, hlc)
      on conflict (tenant_id, event_id) do nothing`,
    values: [
      tenantId,
      stationId,
      now,
      events.map(({ eventId }) => eventId),
      events.map(({ seq }) => seq),
      events.map(({ type }) => type),
      events.map(({ schemaVersion }) => schemaVersion),
      events.map(({ occurredAt }) => occurredAt),
      events.map(({ body }) => JSON.stringify(body)),
      events.map(({ hlc }) => hlc ?? null),
    ],
  })
}
