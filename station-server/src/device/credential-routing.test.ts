import { expect, test } from 'vitest'
import { type DeviceInput, routeCredentials } from './credential-routing.ts'

const scan: DeviceInput = { kind: 'scan', deviceId: 'scanner', scan: { ok: true, text: '123' } }
const key: DeviceInput = { kind: 'key', deviceId: 'keypad' }

test('what is done at the devices goes to the patient, or to the one who has claimed it, never to both', () => {
  const [patient, run]: [DeviceInput[], DeviceInput[]] = [[], []]
  const routing = routeCredentials((input) => patient.push(input))
  routing.take(scan)
  const release = routing.claim((input) => run.push(input))
  routing.take(key)
  expect([patient, run]).toEqual([[scan], [key]])
  release?.()
  routing.take(key)
  expect([patient, run]).toEqual([[scan, key], [key]])
})

test('there is one claim at a time, and a release after another claim ends only its own', () => {
  const routing = routeCredentials(() => undefined)
  const release = routing.claim(() => undefined)
  expect(routing.claim(() => undefined)).toBeNull()
  release?.()
  const heard: DeviceInput[] = []
  expect(routing.claim((input) => heard.push(input))).not.toBeNull()
  release?.()
  routing.take(key)
  expect(heard).toEqual([key])
})

test('a card that was told to the patient’s screen is told as removed there too, whoever has the claim by then', () => {
  const [patient, run]: [DeviceInput[], DeviceInput[]] = [[], []]
  const routing = routeCredentials((input) => patient.push(input))
  const card = (kind: 'card-inserted' | 'card-removed', readingId: string): DeviceInput => ({
    kind: 'card',
    deviceId: 'card-1',
    news: { kind, readingId },
  })
  routing.take(card('card-inserted', 'forgotten'))
  routing.claim((input) => run.push(input))
  routing.take(card('card-removed', 'forgotten'))
  routing.take(card('card-inserted', 'tried-out'))
  expect(patient).toEqual([card('card-inserted', 'forgotten'), card('card-removed', 'forgotten')])
  expect(run).toEqual([card('card-removed', 'forgotten'), card('card-inserted', 'tried-out')])
})

test('what ends a claim is not told to the patient as well', () => {
  const patient: DeviceInput[] = []
  const routing = routeCredentials((input) => patient.push(input))
  const release = routing.claim(() => release?.())
  routing.take(scan)
  expect(patient).toEqual([])
})
