import { isIP } from 'node:net'
import process from 'node:process'
import { readOpeningHours } from '@yizhan/rules/working-time/open-minutes'
import { pino } from 'pino'
import { z } from 'zod'
import { passwordProfiles } from './access/password-policy.ts'
import { createCentre } from './create-centre.ts'
import { usualSilenceRule } from './fleet/standing-alarm.ts'
import { faultFields } from './http/fault-fields.ts'
import { CentreRunning } from './postgres/centre-lock.ts'
import { MigrationRefused } from './postgres/migration.ts'
import { PostgresMissing } from './postgres/pg-binaries.ts'

const text = z.string().min(1).optional()
const settings = z.object({
  CENTRE_PORT: z.coerce.number().int().min(0).max(65_535).default(4100),
  CENTRE_HOST: z.string().min(1).default('127.0.0.1'),
  CENTRE_DATA: z.string().min(1),
  DATABASE_URL: text,
  CENTRE_PG_BIN: text,
  CENTRE_STATIC_DIR: text,
  CENTRE_PUBLIC_HOST: text,
  CENTRE_TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((list, { addIssue }) => {
      const addresses = (list ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean)
      if (addresses.some((one) => isIP(one) === 0)) addIssue('Proxies are named by exact addresses: 10.0.0.2,10.0.0.3')
      return addresses
    }),
  CENTRE_PASSWORD_PROFILE: z.enum(passwordProfiles).default('asvs'),
  CENTRE_OPENING_HOURS: z
    .string()
    .optional()
    .transform((hours, { addIssue }) => {
      const read = hours === undefined ? null : readOpeningHours(hours)
      if (hours !== undefined && read === null) addIssue('Opening hours are written 07:00-18:00')
      return read
    }),
  CENTRE_SILENCE_ALARM_MIN: z.coerce.number().int().min(1).max(1440).default(usualSilenceRule.afterMin),
  CENTRE_DEMO: z.enum(['0', '1']).default('0'),
  CENTRE_DEMO_FILE: text,
  CENTRE_DEMO_STATION_KEY: text,
})

const log = pino({ name: 'centre' })
const parsed = settings.safeParse(process.env)
if (!parsed.success) {
  log.fatal(`configuration: ${z.prettifyError(parsed.error)}`)
  process.exit(2)
}
const env = parsed.data
try {
  const centre = await createCentre({
    port: env.CENTRE_PORT,
    host: env.CENTRE_HOST,
    dataDir: env.CENTRE_DATA,
    databaseUrl: env.DATABASE_URL,
    pgBinDir: env.CENTRE_PG_BIN,
    staticDir: env.CENTRE_STATIC_DIR,
    publicHost: env.CENTRE_PUBLIC_HOST,
    trustedProxies: env.CENTRE_TRUSTED_PROXIES,
    passwordProfile: env.CENTRE_PASSWORD_PROFILE,
    silenceRule: { ...usualSilenceRule, ...env.CENTRE_OPENING_HOURS, afterMin: env.CENTRE_SILENCE_ALARM_MIN },
    demo:
      env.CENTRE_DEMO === '1' ? { file: env.CENTRE_DEMO_FILE, stationKeyFile: env.CENTRE_DEMO_STATION_KEY } : undefined,
    log,
  })
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    centre.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal(faultFields(error), 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  const named = error instanceof CentreRunning || error instanceof MigrationRefused || error instanceof PostgresMissing
  log.fatal(named ? { refusal: error.name } : faultFields(error), named ? error.message : 'the centre could not start')
  process.exit(1)
}
