import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from './sql.ts'

/**
 * Brings the schema up to date: numbered files, each once, in order, each in its own transaction. A kill between two
 * leaves a database that the next start continues. Throws when a file that was applied has been edited since.
 */
export function migrate(sql: Sql, folder: string): void {
  sql.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID')
  const applied = new Map(
    sql
      .prepare<[], { name: string; sha256: string }>('SELECT name, sha256 FROM migration')
      .all()
      .map((row) => [row.name, row.sha256]),
  )
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name))
    .sort()
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8')
    const sha256 = createHash('sha256').update(text).digest('hex')
    const before = applied.get(name)
    if (before === sha256) continue
    if (before !== undefined)
      throw new Error(`migration ${name} was edited after it had been applied; add a new one instead`)
    sql
      .transaction(() => {
        sql.exec(text)
        sql.prepare('INSERT INTO migration (name, sha256) VALUES (?, ?)').run(name, sha256)
      })
      .immediate()
  }
}
