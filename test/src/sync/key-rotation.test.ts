import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import { type CentreFixture, startCentreFixture } from '@yizhan/crm-server/fixture/centre-fixture'
import { enrolFixtureMachine } from '@yizhan/crm-server/fixture/enrolled-station'
import { type HospitalFixture, openHospital } from '@yizhan/crm-server/fixture/hospital-fixture'
import { silentLog } from '@yizhan/station-server/fixture/station-fixture'
import { bareCentreClient } from '@yizhan/station-server/identity/bare-calls'
import { IdentityKeeper } from '@yizhan/station-server/identity/identity-keeper'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import { rotateKey } from '@yizhan/station-server/sync/identity-link'
import { afterAll, beforeAll, expect, test } from 'vitest'

let hospital: HospitalFixture
let centre: CentreFixture
const folders: string[] = []
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const weekMs = 7 * 24 * 3_600_000
const letters = 'ABCDEFGHJKLMN'.split('')

class Killed extends Error {}

/** The station's program between one start and its kill: nothing of it is left but its folder. */
function startProgram(folder: string) {
  const keeper = new IdentityKeeper(folder)
  const client = bareCentreClient(
    { centreUrl: centre.url, tenantId: hospital.tenantId },
    {
      keeper,
      now: Date.now,
      onReachable: () => undefined,
      onStanding: (standing) => {
        if (standing === 'signature-invalid') keeper.tryOther()
        if (standing === 'admitted') keeper.settle()
      },
      stopping: new AbortController().signal,
    },
  )
  const greet = async () => {
    const hello = { appVersion: '0.1.0', epoch: 1, lastSeq: 0, at: Date.now() }
    const first = await safe(client.hello(hello))
    return first.error === null ? first.data : await client.hello(hello)
  }
  const rotate = (calls = client) => rotateKey({ centre: calls, keeper, tenantId: hospital.tenantId, log: silentLog })
  return { keeper, client, greet, rotate }
}

async function enrolledFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-rotation-'))
  folders.push(folder)
  await enrolFixtureMachine(hospital, letters.shift() ?? '', publicIdentity(loadOrMakeIdentity(folder, Date.now)))
  return folder
}

type Program = ReturnType<typeof startProgram>
const kills: [string, (program: Program, folder: string) => Promise<void>][] = [
  ['before the next key is made', async () => undefined],
  [
    'while the file with the next key is written',
    async (_, folder) => writeFileSync(`${folder}/identity.json.new`, '{"st'),
  ],
  ['when the next key is durable', async ({ keeper }) => void keeper.makeNextKey()],
  [
    'while the call is under way to the centre',
    ({ client, rotate }) => rotate({ ...client, rotateKey: () => Promise.reject(new Killed()) }).catch(ignoreKill),
  ],
  [
    'when the centre has changed the key and its answer is under way',
    ({ client, rotate }) => {
      const answerLost = async (input: Parameters<typeof client.rotateKey>[0]) => {
        await client.rotateKey(input)
        throw new Killed()
      }
      return rotate({ ...client, rotateKey: answerLost }).catch(ignoreKill)
    },
  ],
  ['when all is done', ({ rotate }) => rotate()],
]

test.each(kills)('killed %s, the station has a key that works, at once and after the week', async (_, kill) => {
  const folder = await enrolledFolder()
  await kill(startProgram(folder), folder)
  await startProgram(folder).greet()
  centre.clock.nowMs += weekMs
  const later = startProgram(folder)
  await later.greet()
  await later.rotate()
  centre.clock.nowMs += weekMs
  expect(await startProgram(folder).greet()).toMatchObject({ ackedSeq: 0 })
})

test('within the week both keys are taken, afterwards only the new one; the old one cannot name another', async () => {
  const folder = await enrolledFolder()
  // A thief's copy of the old key.
  const copied = `${folder}-copy`
  folders.push(copied)
  cpSync(folder, copied, { recursive: true })
  const before = startProgram(copied)
  await before.greet()
  const after = startProgram(folder)
  await after.rotate()
  const hello = { appVersion: '0.1.0', epoch: 1, lastSeq: 0, at: Date.now() }
  expect((await safe(before.client.hello(hello))).error).toBeNull()
  before.keeper.makeNextKey()
  expect((await safe(before.rotate())).error).toMatchObject({ code: 'key-invalid' })
  centre.clock.nowMs += weekMs
  expect((await safe(before.client.hello(hello))).error).toMatchObject({ code: 'signature-invalid' })
  expect((await safe(after.client.hello(hello))).error).toBeNull()
})

function ignoreKill(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}
