import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readIdentityFile } from '../identity/identity-file.ts'
import { loadOrMakeIdentity } from '../identity/station-identity.ts'
import { openStationDb } from '../storage/station-db.ts'
import { type FeedFileRefusal, importFeedFile } from './feed-file-import.ts'

// Brings the bookings into a station whose network is gone for days; the station may go on running meanwhile.
// Usage: import-feed-main.ts <station data folder> <feed file>
const refusals: Record<FeedFileRefusal, string> = {
  'feed-file-unreadable': 'This is no feed file, or not a whole one. Nothing was changed; export and copy it again.',
  'station-never-greeted':
    'This station has never spoken to its centre, so it cannot check the file. Nothing was changed.',
  'feed-file-of-another-hospital': 'The file is of another hospital. Nothing was changed.',
  'feed-file-forged': 'The signature of the file does not fit. Nothing was changed.',
  'feed-file-older': 'The station knows newer rows than the file. Nothing was changed; export a new one.',
}

const [folder, path] = process.argv.slice(2)
if (folder === undefined || path === undefined || !existsSync(join(folder, 'station.db'))) {
  process.stderr.write('Which station, which file? Usage: import-feed-main.ts <station data folder> <feed file>\n')
  process.exit(2)
}
if (readIdentityFile(folder).strictKeyCheck !== undefined) {
  process.stderr.write('This station opens its data only with its centre (key profile strict). Nothing was changed.\n')
  process.exit(1)
}
const { databaseKey } = loadOrMakeIdentity(folder, Date.now)
const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
const db = openStationDb(join(folder, 'station.db'), databaseKey, migrationsFolder)
const outcome = await importFeedFile(db, readFileSync(path, 'utf8'), Date.now)
await db.close()
if (outcome.ok) {
  const { rows, skipped, exportedAt } = outcome
  process.stdout.write(`${rows} rows as of ${new Date(exportedAt).toISOString()}, ${skipped} not understood\n`)
} else {
  process.stderr.write(`${refusals[outcome.error]}\n`)
  process.exitCode = 1
}
