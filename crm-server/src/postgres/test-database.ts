import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import type { DatabaseAddress } from './database.ts'
import { templateDatabase } from './test-cluster.ts'

/** PostgreSQL's code for a database that somebody is connected to (Appendix A, class 55). */
const objectInUse = '55006'

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
    drop: () => dropDatabase(name),
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

/** Five seconds for connections that were told to end; one that is still there then was forgotten by its test. */
const dropTries = 50
const dropAgainMs = 100

/** Drops a database once nobody is connected: to end a closing connection by force would be an error in the test run. */
async function dropDatabase(name: string): Promise<void> {
  for (let tries = 0; tries < dropTries; tries++) {
    const inUse = await asSuperuser(`drop database ${name}`).then(
      () => false,
      (error: unknown) => {
        if (error instanceof pg.DatabaseError && error.code === objectInUse) return true
        throw error
      },
    )
    if (!inUse) return
    await sleep(dropAgainMs)
  }
  await asSuperuser(`drop database ${name} with (force)`)
}
