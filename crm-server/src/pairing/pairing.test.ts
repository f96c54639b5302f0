import { createPublicKey, generateKeyPairSync, type KeyObject, randomInt, randomUUID } from 'node:crypto'
import { createORPCClient, safe } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { stationPairingContract } from '@yizhan/contracts/pairing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, goodReport, provedFetch, stationWith } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { newId } from '../tenant/new-id.ts'

let hospital: HospitalFixture
let centre: CentreFixture
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
})
beforeEach(() => {
  centre.clock.nowMs += 3_600_001
  centre.signIn('administrator')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const minuteMs = 60_000
const about = { appVersion: '0.1.0', hostName: 'lobby-7', platform: 'linux x64' }
const drawCode = () => String(randomInt(10 ** 8)).padStart(8, '0')

/** A machine that nobody knows, with a key of its own. */
function newMachine(key: KeyObject = generateKeyPairSync('ed25519').privateKey, stationId = newId(Date.now())) {
  const { prove, client } = stationWith(hospital.tenantId, stationId, key, 1000)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const link = new RPCLink({ url: `${centre.url}/pairing/v1`, fetch: provedFetch(prove) })
  const pairing: ContractRouterClient<typeof stationPairingContract> = createORPCClient(link)
  const pairingId = newId(Date.now())
  const asking = { pairingId, stationId, publicKey }
  return {
    ...asking,
    key,
    client,
    begin: (code: string) => pairing.begin({ ...asking, code, about }),
    beginAs: (otherKey: string, code: string) => pairing.begin({ ...asking, publicKey: otherKey, code, about }),
    state: async () => (await pairing.state(asking)).state,
  }
}

const newPlace = (letter: string) => ({
  kind: 'new' as const,
  siteId: hospital.structure.sites[0]?.siteId ?? '',
  name: { 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` },
  letter,
})
type Place = Parameters<CentreFixture['staff']['pairing']['approve']>[0]['place']
const approve = (found: { pairingId: string; keyFingerprint: string }, place: Place) =>
  centre.staff.pairing.approve({ operationId: randomUUID(), ...pick(found), place })
const pick = ({ pairingId, keyFingerprint }: { pairingId: string; keyFingerprint: string }) => ({
  pairingId,
  keyFingerprint,
})
const greeting = { appVersion: '0.1.0', epoch: 1, lastSeq: 0, at: morningMs }
const codeOf = async (call: Promise<unknown>) => (await safe(call)).error as { code?: string; data?: unknown } | null

test('a machine is found by its code, compared, approved, and served from then on; its code is of one use', async () => {
  const machine = newMachine()
  const code = drawCode()
  expect(await codeOf(machine.client(centre.url).hello(greeting))).toMatchObject({ code: 'signature-invalid' })
  expect(await machine.begin(code)).toEqual({ expiresInMs: 10 * minuteMs })
  expect(await machine.state()).toBe('waiting')
  const found = await centre.staff.pairing.find({ code })
  expect(found).toMatchObject({ about, returning: null })
  await approve(found, newPlace('A'))
  expect(await machine.state()).toBe('approved')
  expect(await machine.client(centre.url).hello(greeting)).toMatchObject({ stationLetter: 'A' })
  expect(await codeOf(centre.staff.pairing.find({ code }))).toMatchObject({ code: 'code-used' })
  expect(await codeOf(approve(found, newPlace('B')))).toMatchObject({ code: 'code-used' })
})

test('a code is good for ten minutes, and afterwards told from a wrong one', async () => {
  const machine = newMachine()
  const code = drawCode()
  await machine.begin(code)
  const found = await centre.staff.pairing.find({ code })
  centre.clock.nowMs += 10 * minuteMs - 1
  expect(await machine.state()).toBe('waiting')
  centre.clock.nowMs += 1
  expect(await machine.state()).toBe('expired')
  expect(await codeOf(centre.staff.pairing.find({ code }))).toMatchObject({ code: 'code-expired' })
  expect(await codeOf(approve(found, newPlace('B')))).toMatchObject({ code: 'code-expired' })
})

test('two machines never show the same code', async () => {
  const code = drawCode()
  await newMachine().begin(code)
  expect(await codeOf(newMachine().begin(code))).toMatchObject({ code: 'code-taken' })
})

test('wrong codes are counted per person: after ten in an hour none is looked at, not even a true one', async () => {
  const machine = newMachine()
  const code = drawCode()
  await machine.begin(code)
  const wrong = Array.from({ length: 12 }, () => codeOf(centre.staff.pairing.find({ code: drawCode() })))
  const refusals = (await Promise.all(wrong)).map((refusal) => refusal?.code).sort()
  expect(refusals).toEqual([...Array(10).fill('code-unknown'), 'too-many-tries', 'too-many-tries'])
  expect(await codeOf(centre.staff.pairing.find({ code }))).toMatchObject({ code: 'too-many-tries' })
  centre.clock.nowMs += 60 * minuteMs
  expect(await codeOf(centre.staff.pairing.find({ code }))).toMatchObject({ code: 'code-expired' })
})

test('who puts another key in between is seen by the other fingerprint, and cannot take the machine’s own name', async () => {
  const [machine, between] = [newMachine(), newMachine()]
  const code = drawCode()
  // The request of the machine itself, with the other key in it, proves nothing.
  expect(await codeOf(machine.beginAs(between.publicKey, code))).toMatchObject({ code: 'signature-invalid' })
  await between.begin(code)
  const found = await centre.staff.pairing.find({ code })
  await machine.begin(drawCode())
  const other = newMachine()
  const otherCode = drawCode()
  await other.begin(otherCode)
  const seen = await centre.staff.pairing.find({ code: otherCode })
  expect(seen.keyFingerprint).not.toBe(found.keyFingerprint)
  const swapped = { pairingId: found.pairingId, keyFingerprint: seen.keyFingerprint }
  expect(await codeOf(approve(swapped, newPlace('B')))).toMatchObject({ code: 'fingerprint-differs' })
})

test('a machine that was turned down hears so, and nothing of it can be approved any more', async () => {
  const machine = newMachine()
  const code = drawCode()
  await machine.begin(code)
  const found = await centre.staff.pairing.find({ code })
  await centre.staff.pairing.refuse({ operationId: randomUUID(), pairingId: found.pairingId })
  expect(await machine.state()).toBe('refused')
  expect(await codeOf(approve(found, newPlace('B')))).toMatchObject({ code: 'code-used' })
})

test('a replacement takes over name, letter and site at once, in an epoch of its own; the old key is refused', async () => {
  const old = await enrolFixtureStation(hospital, 'R')
  await old.client(centre.url).hello({ ...greeting, epoch: 3 })
  const machine = newMachine()
  const code = drawCode()
  await machine.begin(code)
  await approve(await centre.staff.pairing.find({ code }), { kind: 'replacement', replaces: old.stationId })
  expect(await codeOf(old.client(centre.url).hello(greeting))).toMatchObject({ code: 'station-revoked' })
  expect(await machine.client(centre.url).hello(greeting)).toMatchObject({
    stationLetter: 'R',
    stationName: { 'zh-CN': '大厅 R 机' },
    leastEpoch: 4,
  })
  const { stations } = await centre.staff.fleet.list()
  const rows = stations.filter(({ letter }) => letter === 'R')
  expect(rows.map(({ link, replaces, replacedBy }) => ({ link, replaces, replacedBy }))).toEqual([
    { link: 'revoked', replaces: null, replacedBy: machine.stationId },
    { link: 'never-seen', replaces: old.stationId, replacedBy: null },
  ])
  const { entries } = await centre.staff.fleet.identityHistory({ stationId: machine.stationId })
  expect(entries.map(({ stationId, what }) => `${stationId === old.stationId} ${what}`).sort()).toEqual([
    'false station-paired',
    'true station-enrolled',
    'true station-revoked',
  ])
})

test('a copy of a station that works gets no second place', async () => {
  const station = await enrolFixtureStation(hospital, 'S')
  const copy = newMachine(station.privateKey, station.stationId)
  const code = drawCode()
  await copy.begin(code)
  const found = await centre.staff.pairing.find({ code })
  for (const place of [newPlace('T'), { kind: 'returning' as const }]) {
    expect(await codeOf(approve(found, place))).toMatchObject({ code: 'station-known' })
  }
})

test('only administrators pair', async () => {
  centre.signIn('front-desk')
  expect(await codeOf(centre.staff.pairing.find({ code: drawCode() }))).toMatchObject({ code: 'FORBIDDEN' })
})

test('two live machines with one key are both set aside; one comes back by pairing anew, the other stays out', async () => {
  const station = await enrolFixtureStation(hospital, 'U')
  const [first, second] = [station.client(centre.url), station.client(centre.url)]
  const boots = { first: randomUUID(), second: randomUUID() }
  const hello = async (who: 'first' | 'second', challenge?: string) =>
    (
      await (who === 'first' ? first : second).hello({
        ...greeting,
        bootId: boots[who],
        ...(challenge === undefined ? {} : { challenge }),
      })
    ).challenge
  const report = goodReport(morningMs)
  const told = await hello('first')
  await first.report({ ...report, bootId: boots.first, ...(told === undefined ? {} : { challenge: told }) })
  const toldSecond = await hello('second')
  await second.report({
    ...report,
    bootId: boots.second,
    ...(toldSecond === undefined ? {} : { challenge: toldSecond }),
  })
  const asked = await codeOf(first.report({ ...report, bootId: boots.first }))
  expect(asked).toMatchObject({ code: 'greet-again', data: { challenge: toldSecond } })
  expect(await codeOf(hello('first', toldSecond))).toMatchObject({ code: 'station-quarantined' })
  expect(await codeOf(second.report({ ...report, bootId: boots.second }))).toMatchObject({
    code: 'station-quarantined',
  })
  const listed = (await centre.staff.fleet.list()).stations.find(({ letter }) => letter === 'U')
  expect(listed?.link).toBe('quarantined')
  const anew = newMachine(undefined, station.stationId)
  const code = drawCode()
  await anew.begin(code)
  const found = await centre.staff.pairing.find({ code })
  expect(found.returning).toMatchObject({ letter: 'U' })
  await approve(found, { kind: 'returning' })
  expect(await anew.client(centre.url).hello(greeting)).toMatchObject({ stationLetter: 'U', leastEpoch: 2 })
  expect(await codeOf(second.hello(greeting))).toMatchObject({ code: 'signature-invalid' })
})
