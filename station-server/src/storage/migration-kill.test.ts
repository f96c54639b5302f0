import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sql } from './sql.ts'
import { openStationDb } from './station-db.ts'

const shipped = fileURLToPath(new URL('../../migrations', import.meta.url))
const key = Buffer.alloc(32, 7)
/** Work of some 20 ms that leaves nothing behind: without it the shipped migrations are over before a kill arrives. */
const burden = `CREATE TEMP TABLE burden AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
  SELECT sum(i) AS total FROM n; DROP TABLE burden;\n`
const slowMs = 400
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yz-migration-kill-'))
  const names = readdirSync(shipped).filter((name) => /^\d{4}-/.test(name))
  for (const [name, files] of Object.entries({ first: names.slice(0, 1), all: names })) {
    mkdirSync(join(folder, name))
    for (const file of files) {
      const text = readFileSync(join(shipped, file), 'utf8')
      writeFileSync(join(folder, name, file), `${burden}${text}\n${burden}`)
    }
  }
  const db = openStationDb(join(folder, 'old.db'), key, join(folder, 'first'))
  await db.transact((sql) => {
    const insert = sql.prepare(
      "INSERT INTO outbox (event_id, type, schema_version, occurred_at, body) VALUES (?, 'patient-arrived', 1, 1, '{}')",
    )
    for (let n = 0; n < 500; n += 1) insert.run(`event-${n}`)
  })
  await db.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const schemaOf = (sql: Sql) =>
  `${sql
    .prepare<[], { sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name')
    .all()
    .map((row) => row.sql)
    .join(';\n\n')};\n`

/** Starts to bring a database up to date in a process of its own, and ends it without a word after so long. */
async function killMidway(path: string, afterMs: number): Promise<void> {
  const opener = new URL('station-db.ts', import.meta.url).href
  const program = `const { openStationDb } = await import(${JSON.stringify(opener)})
    process.stdout.write('begun')
    openStationDb(${JSON.stringify(path)}, Buffer.alloc(32, 7), ${JSON.stringify(join(folder, 'all'))})`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  await sleep(afterMs)
  child.kill('SIGKILL')
  await ended
}

function appliedIn(path: string): number {
  const old = openStationDb(path, key, join(folder, 'none'))
  const row = old.sql.prepare<[], { n: number }>('SELECT count(*) AS n FROM migration').get()
  old.sql.close()
  return row?.n ?? 0
}

test('a start killed anywhere in its migrations is carried on by the next one, and nothing is lost', async () => {
  mkdirSync(join(folder, 'none'))
  const midway = new Set<number>()
  for (let kill = 0; kill < 12; kill += 1) {
    const path = join(folder, `station-${kill}.db`)
    copyFileSync(join(folder, 'old.db'), path)
    await killMidway(path, (kill / 12) * slowMs)
    midway.add(appliedIn(path))
    const { sql } = openStationDb(path, key, join(folder, 'all'))
    expect(schemaOf(sql), `killed after step ${kill}`).toBe(readFileSync(join(shipped, 'schema-snapshot.sql'), 'utf8'))
    const events = sql.prepare<[], { event_id: string }>('SELECT event_id FROM outbox ORDER BY local_id').all()
    expect(events.map(({ event_id }) => event_id)).toEqual(Array.from({ length: 500 }, (_, n) => `event-${n}`))
    expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
    sql.close()
  }
  // Some died between two migrations, not all before the first or after the last.
  const all = readdirSync(join(folder, 'all')).length
  expect([...midway].some((applied) => applied > 1 && applied < all)).toBe(true)
})
