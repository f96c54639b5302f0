import { randomBytes } from 'node:crypto'
import { toldNumbers } from '@yizhan/contracts/queue'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStationMemory } from '../fixture/station-memory.ts'
import type { Sql } from '../storage/sql.ts'
import type { WitnessFile } from '../storage/witness-file.ts'
import { openNextEpoch } from '../sync/outbox.ts'
import { keepNumberBlock, readHighestNumbers } from './number-blocks.ts'
import { NumberWitness } from './number-witness.ts'
import { issueQueueNumber } from './queue-number-issue.ts'

const clinicId = '01985f00-0000-7000-8000-0000000000c1'
const day = '2026-11-22'
const stationId = '01985f00-0000-7000-8000-0000000000d1'
const queue = { clinicId, letter: 'A', day, stationLetter: 'K' }
const block = { blockId: '01985f00-0000-7000-8000-0000000000b1', clinicId, day, first: 1, last: 60 }

/** A witness file in memory, which counts its writes. */
function memoryFile(): WitnessFile & { writes: number } {
  let written: string | null = null
  const file = {
    writes: 0,
    read: () => written,
    write(text: string) {
      written = text
      file.writes += 1
    },
  }
  return file
}

/** A process that starts; `monotonic` goes by a second with every look, so that nothing is in a hurry. */
function startOn(file: WitnessFile, stepMs = 1000, ofStation = stationId): NumberWitness {
  let at = 0
  const monotonic = () => {
    at += stepMs
    return at
  }
  return new NumberWitness({ file, stationId: ofStation, monotonic, onUnwritten: () => undefined })
}

function issue(sql: Sql, witness: NumberWitness): string {
  return sql.transaction(() => issueQueueNumber(sql, witness, queue)).immediate()
}

/** A station whose process ends and starts, whose database is copied and put back, and whose witness stays. */
class Trial {
  readonly given: string[] = []
  readonly #file = memoryFile()
  #sql = openStationMemory(null, randomBytes)
  #image = this.#sql.serialize()
  #witness = startOn(this.#file)
  #leased = 0

  issue(): void {
    this.given.push(issue(this.#sql, this.#witness))
  }

  copy(): void {
    this.#image = this.#sql.serialize()
  }

  putBack(): void {
    this.#sql = openStationMemory(this.#image, randomBytes)
    this.crash()
  }

  crash(): void {
    this.#witness = startOn(this.#file)
  }

  stop(): void {
    this.#witness.close(this.#sql)
    this.crash()
  }

  lease(): void {
    const next = { ...block, blockId: randomBytes(8).toString('hex'), first: this.#leased + 1, last: this.#leased + 9 }
    keepNumberBlock(this.#sql, next, this.#witness)
    this.#leased += 9
  }
}

test('no number is given out twice, whatever crashes and older databases come between', () => {
  const step = fc.constantFrom('issue', 'issue', 'issue', 'copy', 'putBack', 'crash', 'stop', 'lease')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const trial = new Trial()
      for (const what of steps) trial[what]()
      expect(trial.given).toEqual([...new Set(trial.given)])
    }),
    { numRuns: 60 },
  )
})

test('a clean stop leaves no gap; a crash gives up what was reserved', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  keepNumberBlock(sql, block, null)
  const first = startOn(file)
  expect([issue(sql, first), issue(sql, first)]).toEqual(['A001', 'A002'])
  first.close(sql)
  expect(issue(sql, startOn(file))).toBe('A003')
  expect(issue(sql, startOn(file))).toBe('A019')
})

test('most check-ins need no write: one in sixteen, and one in hundreds where they come faster than any hall', () => {
  const [calm, hurried] = [memoryFile(), memoryFile()]
  for (const [file, stepMs] of [
    [calm, 1000],
    [hurried, 1],
  ] as const) {
    const witness = startOn(file, stepMs)
    for (let number = 1; number <= 1600; number += 1) witness.reserve({ name: 'A', day, last: 9999 }, number)
  }
  expect(calm.writes).toBe(100)
  expect(hurried.writes).toBeLessThan(10)
})

test('a number is reserved before it is given out: a witness that is read at any moment covers it', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  keepNumberBlock(sql, block, null)
  const witness = startOn(file)
  for (let number = 1; number <= 60; number += 1) {
    issue(sql, witness)
    expect(startOn(file).firstFree({ name: `${clinicId} ${day}` })).toBeGreaterThan(number)
  }
  expect(startOn(file).firstFree({ name: `${clinicId} ${day}` })).toBe(61)
})

test('what the centre must not lease again: blocks that are held, and numbers of those that were given up', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  const witness = startOn(file)
  keepNumberBlock(sql, block, witness)
  expect(readHighestNumbers(sql, witness)).toEqual([{ clinicId, day, highest: 60 }])
  for (let number = 1; number <= 5; number += 1) issue(sql, witness)
  sql.prepare('DELETE FROM number_block').run()
  issue(sql, witness)
  expect(readHighestNumbers(sql, witness)).toEqual([{ clinicId, day, highest: 5 }])
  witness.forgetBefore('2026-11-23')
  expect(readHighestNumbers(sql, witness)).toEqual([])
})

test('of more series than a greeting may carry, those of the newest days are told', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  const witness = startOn(file)
  const old = (n: number) => `${clinicId.slice(0, -4)}${String(n).padStart(4, '0')}`
  for (let n = 0; n < 2100; n += 1) witness.reserve({ name: `${old(n)} 2026-11-01`, day: '2026-11-01', last: 9999 }, 7)
  keepNumberBlock(sql, block, witness)
  const told = toldNumbers.parse({ restore: null, highest: readHighestNumbers(sql, witness) })
  expect(told.highest).toHaveLength(2000)
  expect(told.highest[0]).toEqual({ clinicId, day, highest: 60 })
})

test('fallback numbers that went beyond the range of their epoch are not given out again by the next one', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  const image = sql.serialize()
  const given = new Set<string>()
  const issueNew = (from: Sql, witness: NumberWitness) => {
    const number = issue(from, witness)
    expect(given.has(number), number).toBe(false)
    given.add(number)
  }
  const witness = startOn(file, 1)
  for (let n = 0; n < 1200; n += 1) issueNew(sql, witness)
  openNextEpoch(sql)
  for (let n = 0; n < 300; n += 1) issueNew(sql, witness)
  const putBack = openStationMemory(image, randomBytes)
  openNextEpoch(putBack, 3)
  for (let n = 0; n < 1200; n += 1) issueNew(putBack, startOn(file, 1))
  // What the database alone remembers is enough too.
  openNextEpoch(putBack, 4)
  issueNew(putBack, startOn(memoryFile()))
})

test('what could not be written is written as soon as the disk takes it, also when nothing has changed since', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  const disk = { full: true }
  const write = (text: string) => {
    if (disk.full) throw new Error('no room')
    file.write(text)
  }
  const witness = new NumberWitness({
    file: { ...file, write },
    stationId,
    monotonic: () => 0,
    onUnwritten: () => undefined,
  })
  keepNumberBlock(sql, block, witness)
  expect(issue(sql, witness)).toBe('A001')
  witness.noteOutbox(sql)
  disk.full = false
  witness.noteOutbox(sql)
  expect(startOn(file).firstFree({ name: `${clinicId} ${day}` })).toBeGreaterThan(1)
})

test('a witness that cannot be written does not stop the hall', () => {
  const sql = openStationMemory(null, randomBytes)
  keepNumberBlock(sql, block, null)
  const faults: unknown[] = []
  const write = () => {
    throw new Error('no such disk')
  }
  const file = { read: () => null, write }
  const witness = new NumberWitness({ file, stationId, monotonic: () => 0, onUnwritten: (error) => faults.push(error) })
  expect(issue(sql, witness)).toBe('A001')
  expect(faults).toHaveLength(1)
})

test('what the disk tells of another station does not count; what an earlier release wrote, without a name, does', () => {
  const [file, sql] = [memoryFile(), openStationMemory(null, randomBytes)]
  openNextEpoch(sql)
  const witness = startOn(file)
  witness.reserve({ name: 'A', day, last: 9999 }, 40)
  witness.close(sql)
  const stranger = startOn(file, 1000, '01985f00-0000-7000-8000-0000000000d2')
  expect(stranger.firstFree({ name: 'A' })).toBe(1)
  expect(stranger.known()).toEqual([])
  expect(stranger.findRewound(openStationMemory(null, randomBytes))).toBeNull()
  const { stationId: _named, ...nameless } = JSON.parse(file.read() ?? '')
  file.write(JSON.stringify(nameless))
  const upgraded = startOn(file)
  expect(upgraded.firstFree({ name: 'A' })).toBe(41)
  expect(upgraded.findRewound(openStationMemory(null, randomBytes))).toBe(2)
})
