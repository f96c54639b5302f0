import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { installJobs } from '../job/job-schema.ts'
import { startManagedPostgres } from './managed-postgres.ts'
import { migrate, readMigrations } from './migration.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connects as the superuser of the run's PostgreSQL; `createTestDatabase` makes databases there. */
    testClusterUrl: string
  }
}

/** The migrated, empty database that every test's own is a copy of. */
export const templateDatabase = 'yizhan_template'

/** Global set-up of a vitest project: one real PostgreSQL for the whole run, with a migrated template database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yizhan-test-'))
  // Open to the user that PostgreSQL runs as; below a private folder the cluster would lie outside and stay behind.
  await chmod(dataDir, 0o755)
  const managed = await startManagedPostgres({ dataDir, onEvent: () => undefined })
  const admin = new pg.Client({ connectionString: managed.superuserUrl })
  await admin.connect()
  await admin.query(`create database ${templateDatabase} owner yizhan_migrator`)
  await admin.end()
  const migrations = await readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))
  const { migratorUrl } = managed.addressOf(templateDatabase)
  await migrate(migratorUrl, migrations)
  await installJobs(migratorUrl)
  project.provide('testClusterUrl', managed.superuserUrl)
  return async () => {
    await managed.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
