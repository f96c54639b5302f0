import { randomUUID } from 'node:crypto'
import type { StationEvent } from '@yizhan/contracts/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, type StationFixture } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { applyAll } from '../sync/projector.ts'
import { newId } from '../tenant/new-id.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let station: StationFixture
let lastSeq = 0
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  station = await enrolFixtureStation(hospital, 'K')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const rebuilt = { at: morningMs, kept: { outbox: 41, arrival: 12 }, fromCopy: 3, unreadable: 1 }
const rewound = { at: morningMs, cause: 'station-older', epoch: 2 } as const

/** The station tells of what happened to it; answers the id of the event. */
async function tell(event: StationEvent, eventId = newId(morningMs + lastSeq)): Promise<string> {
  lastSeq += 1
  const envelope = { eventId, seq: lastSeq, type: event.type, schemaVersion: 1, occurredAt: morningMs }
  const events = [{ ...envelope, body: { ...event.body } }]
  await station.client(centre.url).upload({ epoch: 1, events })
  const onFailure = ({ error }: { error: unknown }) => {
    throw error
  }
  await applyAll({ db: hospital.db, now: () => morningMs, onFailure })
  return eventId
}

async function openAlarms() {
  return (await centre.staff.fleet.list()).stations.find((row) => row.stationId === station.stationId)?.alarms
}

test('a rebuilt database and a rewound disk raise alarms, which stand until staff have looked after each', async () => {
  centre.signIn('front-desk')
  const first = await tell({ type: 'storage-rebuilt', body: rebuilt })
  const second = await tell({ type: 'outbox-rewound', body: rewound })
  expect(await openAlarms()).toEqual([
    { alarmId: first, kind: 'storage-rebuilt', raisedAt: morningMs, detail: rebuilt },
    { alarmId: second, kind: 'outbox-rewound', raisedAt: morningMs, detail: rewound },
  ])
  const input = { stationId: station.stationId, alarmId: first, operationId: randomUUID() }
  const answer = await centre.staff.fleet.acknowledgeAlarm(input)
  expect(await centre.staff.fleet.acknowledgeAlarm(input)).toEqual(answer)
  expect(await centre.staff.fleet.acknowledgeAlarm({ ...input, operationId: randomUUID() })).toEqual(answer)
  expect(await openAlarms()).toMatchObject([{ alarmId: second }])
})

test('an alarm that is told again is not raised again', async () => {
  const alarmId = await tell({ type: 'storage-rebuilt', body: rebuilt })
  await centre.staff.fleet.acknowledgeAlarm({ stationId: station.stationId, alarmId, operationId: randomUUID() })
  await tell({ type: 'storage-rebuilt', body: rebuilt }, alarmId)
  expect((await openAlarms())?.some((alarm) => alarm.alarmId === alarmId)).toBe(false)
})

test('an alarm that this station never raised is refused', async () => {
  const alarmId = await tell({ type: 'storage-rebuilt', body: rebuilt })
  const operationId = randomUUID()
  const other = await enrolFixtureStation(hospital, 'L')
  for (const input of [
    { stationId: other.stationId, alarmId },
    { stationId: station.stationId, alarmId: newId(2) },
  ]) {
    await expect(centre.staff.fleet.acknowledgeAlarm({ ...input, operationId })).rejects.toThrow(/No such alarm/)
  }
})
