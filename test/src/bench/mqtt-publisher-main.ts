import type { EventEnvelope } from '@yizhan/contracts/sync'
import { type MqttModule, mqttTopic } from './mqtt-peer.ts'
import { loadPeer } from './peer-packages.ts'
import { answerTrials } from './trial-child.ts'

/** As many messages are on their way without an acknowledgement. */
const window = 500

/** The station's side of MQTT: publishes what it is given as QoS 1, and answers when the broker has acknowledged all. */
const [url = ''] = process.argv.slice(2)
const { connectAsync } = (await loadPeer<{ default: MqttModule }>('mqtt')).default
const client = await connectAsync(url, { clientId: 'bench-station', clean: false, protocolVersion: 5 })
let payloads: string[] = []

answerTrials<{ events?: EventEnvelope[] }>(
  async ({ events }) => {
    if (events === undefined) await publishAll()
    else payloads = events.map((event) => JSON.stringify(event))
    return {}
  },
  () => client.endAsync(),
)

async function publishAll(): Promise<void> {
  const waiting = payloads.values()
  const publish = async () => {
    for (const payload of waiting) await client.publishAsync(mqttTopic, payload, { qos: 1 })
  }
  await Promise.all(Array.from({ length: window }, publish))
}
