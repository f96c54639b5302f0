import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { DatabaseAddress } from './database.ts'
import { templateDatabase } from './test-cluster.ts'

/** A database of one test file, with all tables and no rows. */
export interface TestDatabase extends DatabaseAddress {
  drop(): Promise<void>
}

/** Makes a database of its own for a test, on the PostgreSQL that the run's global set-up started. */
export async function createTestDatabase(template: string = templateDatabase): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await asSuperuser(`create database ${name} template ${template} owner yizhan_migrator`)
  const urlOf = (role: string) => {
    const url = new URL(inject('testClusterUrl'))
    url.username = role
    url.pathname = `/${name}`
    return url.href
  }
  return {
    migratorUrl: urlOf('yizhan_migrator'),
    appUrl: urlOf('yizhan_app'),
    drop: () => asSuperuser(`drop database ${name} with (force)`),
  }
}

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('testClusterUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
