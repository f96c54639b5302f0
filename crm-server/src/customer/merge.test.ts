import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachOfCall } from '../access/reach.ts'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { changePerson, createPerson } from './customer.ts'
import { mergePersons, undoMerge } from './merge.ts'
import { movableRows } from './merge-store.ts'
import { addEntry } from './person-entry.ts'
import { readPersonFile } from './person-file.ts'

let hospital: HospitalFixture
/** Ids are in the order of time; every deed has a moment of its own. */
let clock = morningMs
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

const staff = () => {
  clock += 1000
  const frontDesk = { roles: ['front-desk' as const], siteIds: [], departmentIds: [], staffId: null }
  const reach = reachOfCall(frontDesk, { resource: 'customer', verb: 'read' })
  return { ...hospital.staff(clock), byName: '测试员', reach }
}

async function newFile(name: string): Promise<string> {
  const draft = { operationId: newId(clock), name, source: 'desk' as const, details: [] }
  return acceptedValue(await createPerson(hospital, staff(), draft)).personId
}

async function stored(personId: string) {
  return await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('person').selectAll().where('person_id', '=', personId).executeTakeFirstOrThrow(),
  )
}

async function setOccupation(personId: string, occupation: string) {
  const { version } = await stored(personId)
  return await changePerson(hospital, staff(), { personId, version, occupation, operationId: newId(clock) })
}

async function addTag(personId: string, tag: string) {
  return await addEntry(hospital, staff(), { personId, operationId: newId(clock), added: { entry: 'tag', tag } })
}

async function merge(survivorId: string, mergedId: string, take: 'occupation'[] = ['occupation']) {
  const [survivor, merged] = [await stored(survivorId), await stored(mergedId)]
  return await mergePersons(hospital, staff(), {
    survivorId,
    mergedId,
    survivorVersion: survivor.version,
    mergedVersion: merged.version,
    take,
    operationId: newId(clock),
  })
}

const undo = (mergeId: string) => undoMerge(hospital, staff(), { mergeId, operationId: newId(clock) })

async function tagsByOwner(): Promise<Map<string, string>> {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('person_tag').select(['tag', 'person_id']).execute(),
  )
  return new Map(rows.map(({ tag, person_id }) => [tag, person_id]))
}

test('everything of the file that goes is found in the one that stays, and returns when the merge is undone', async () => {
  const [survivor, merged] = [await newFile('张三'), await newFile('张叁')]
  await addTag(merged, 'went-along')
  const detail = { kind: 'phone' as const, value: '13800000001', label: null }
  await addEntry(hospital, staff(), { personId: merged, operationId: newId(clock), added: { entry: 'detail', detail } })
  const { mergeId } = acceptedValue(await merge(survivor, merged))
  const file = acceptedValue(await readPersonFile(hospital, staff(), survivor))
  expect(file.tags.map(({ tag }) => tag)).toEqual(['went-along'])
  expect(file.details.map(({ kind }) => kind)).toEqual(['phone'])
  expect(file.merges).toMatchObject([{ mergeId, personId: merged, nameShown: '张叁', byName: '测试员' }])
  expect(acceptedValue(await readPersonFile(hospital, staff(), merged))).toMatchObject({
    mergedInto: survivor,
    tags: [],
  })
  await addTag(survivor, 'added-afterwards')
  acceptedValue(await undo(mergeId))
  const back = acceptedValue(await readPersonFile(hospital, staff(), merged))
  expect(back).toMatchObject({ mergedInto: null, tags: [{ tag: 'went-along' }], details: [{ kind: 'phone' }] })
  const stays = acceptedValue(await readPersonFile(hospital, staff(), survivor))
  expect(stays).toMatchObject({ tags: [{ tag: 'added-afterwards' }], details: [], merges: [] })
})

test('a field that was taken over is given back, unless somebody wrote something else there since', async () => {
  const [survivor, merged] = [await newFile('李四'), await newFile('李肆')]
  await setOccupation(merged, '教师')
  const first = acceptedValue(await merge(survivor, merged))
  expect((await stored(survivor)).occupation).toBe('教师')
  acceptedValue(await undo(first.mergeId))
  expect((await stored(survivor)).occupation).toBeNull()
  const second = acceptedValue(await merge(survivor, merged))
  await setOccupation(survivor, '园丁')
  acceptedValue(await undo(second.mergeId))
  expect((await stored(survivor)).occupation).toBe('园丁')
  expect((await stored(merged)).occupation).toBe('教师')
})

test('what cannot be merged or undone is refused with its reason, and changes nothing', async () => {
  const [one, two, three] = [await newFile('甲甲'), await newFile('乙乙'), await newFile('丙丙')]
  expect(await merge(one, one)).toEqual({ ok: false, error: 'same-person' })
  const inner = acceptedValue(await merge(two, three))
  expect(await merge(one, three)).toEqual({ ok: false, error: 'already-merged' })
  const outer = acceptedValue(await merge(one, two))
  expect(await undo(inner.mergeId)).toEqual({ ok: false, error: 'survivor-merged' })
  acceptedValue(await undo(outer.mergeId))
  expect(await undo(outer.mergeId)).toEqual({ ok: false, error: 'already-undone' })
  acceptedValue(await undo(inner.mergeId))
  expect(await undo(newId(clock))).toEqual({ ok: false, error: 'merge-unknown' })
  const stale = { survivorId: one, mergedId: two, survivorVersion: 1, mergedVersion: 1, take: [] }
  await addTag(one, 'newer')
  const operationId = newId(clock)
  expect(await mergePersons(hospital, staff(), { ...stale, operationId })).toEqual({
    ok: false,
    error: 'person-changed',
  })
  expect(await addTag(newId(clock), 'nobody')).toEqual({ ok: false, error: 'person-unknown' })
})

test('a merge repeated by its operation id is carried out once', async () => {
  const [survivorId, mergedId] = [await newFile('丁丁'), await newFile('戊戊')]
  const input = { survivorId, mergedId, survivorVersion: 1, mergedVersion: 1, take: [], operationId: newId(clock) }
  const first = acceptedValue(await mergePersons(hospital, staff(), input))
  expect(acceptedValue(await mergePersons(hospital, staff(), input))).toEqual(first)
})

/** What staff may do to four files, in any order. */
const deed = fc.oneof(
  fc.record({ kind: fc.constant('tag' as const), file: fc.nat(3) }),
  fc.record({ kind: fc.constant('edit' as const), file: fc.nat(3) }),
  fc.record({ kind: fc.constant('merge' as const), file: fc.nat(3), other: fc.nat(3), takes: fc.boolean() }),
  fc.record({ kind: fc.constant('undo' as const), nth: fc.nat(5) }),
)

/** A field taken over from two files one after the other, and the first merge undone before the second. */
const tookTwice = [
  { kind: 'edit' as const, file: 0 },
  { kind: 'edit' as const, file: 1 },
  { kind: 'edit' as const, file: 2 },
  { kind: 'merge' as const, file: 0, other: 1, takes: true },
  { kind: 'merge' as const, file: 0, other: 2, takes: true },
  { kind: 'undo' as const, nth: 0 },
]

/** A second, simple account of what four files hold: whose each tag is, who went into whom, what was last written where. */
class PlainFiles {
  readonly ids: string[]
  readonly parent = new Map<string, string>()
  readonly written = new Map<string, string | null>()
  readonly owners = new Map<string, string>()
  readonly merges: { mergeId: string; survivor: string; merged: string }[] = []

  constructor(ids: string[]) {
    this.ids = ids
    for (const id of ids) this.written.set(id, null)
  }

  rootOf(id: string): string {
    const up = this.parent.get(id)
    return up === undefined ? id : this.rootOf(up)
  }
}

async function tryUndo(files: PlainFiles, nth: number) {
  const chosen = files.merges[nth % Math.max(1, files.merges.length)]
  if (chosen === undefined) return
  const outcome = await undo(chosen.mergeId)
  expect(outcome.ok ? 'undone' : outcome.error).toBe(files.parent.has(chosen.survivor) ? 'survivor-merged' : 'undone')
  if (!outcome.ok) return
  files.parent.delete(chosen.merged)
  files.merges.splice(files.merges.indexOf(chosen), 1)
}

async function tryMerge(files: PlainFiles, id: string, other: string, takes: boolean) {
  const isPossible = id !== other && !files.parent.has(id) && !files.parent.has(other)
  const outcome = await merge(id, other, takes ? ['occupation'] : [])
  expect(outcome.ok).toBe(isPossible)
  if (!outcome.ok) return
  files.parent.set(other, id)
  files.merges.push({ mergeId: outcome.value.mergeId, survivor: id, merged: other })
}

async function tryWrite(files: PlainFiles, kind: 'tag' | 'edit', id: string, text: string) {
  const outcome = kind === 'tag' ? await addTag(id, text) : await setOccupation(id, text)
  expect(outcome.ok).toBe(!files.parent.has(id))
  if (!outcome.ok) return
  if (kind === 'tag') files.owners.set(text, id)
  else files.written.set(id, text)
}

async function carryOut(files: PlainFiles, drawn: typeof deed extends fc.Arbitrary<infer D> ? D : never, at: number) {
  if (drawn.kind === 'undo') return await tryUndo(files, drawn.nth)
  const id = files.ids[drawn.file] ?? ''
  if (drawn.kind === 'merge') return await tryMerge(files, id, files.ids[drawn.other] ?? '', drawn.takes)
  await tryWrite(files, drawn.kind, id, `${id} ${at}`)
}

async function expectNothingLost(files: PlainFiles) {
  const found = await tagsByOwner()
  for (const [tag, owner] of files.owners) expect(found.get(tag)).toBe(files.rootOf(owner))
}

test('whatever is merged, edited and undone in whatever order: nothing is lost, and undoing all gives every file back as it was last written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 14 }), async (deeds) => {
      const ids = [await newFile('一'), await newFile('二'), await newFile('三'), await newFile('四')]
      const files = new PlainFiles(ids)
      for (const [at, drawn] of deeds.entries()) {
        await carryOut(files, drawn, at)
        await expectNothingLost(files)
      }
      while (files.merges.length > 0) {
        const free = files.merges.find(({ survivor }) => !files.parent.has(survivor))
        if (free === undefined) expect.unreachable()
        acceptedValue(await undo(free.mergeId))
        files.parent.delete(free.merged)
        files.merges.splice(files.merges.indexOf(free), 1)
      }
      await expectNothingLost(files)
      for (const id of ids) {
        const { occupation, merged_into: mergedInto } = await stored(id)
        expect({ occupation, mergedInto }).toEqual({ occupation: files.written.get(id), mergedInto: null })
      }
    }),
    { numRuns: 25, examples: [[tookTwice]] },
  )
})

test('every table that names a person moves with a merge', async () => {
  const columns = await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and column_name like '%person_id' and table_name <> 'person' order by 1`.execute(tx)
    return rows.map(({ name }) => name)
  })
  expect(movableRows.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(columns)
})
