import { join } from 'node:path'
import { id } from '@yizhan/contracts/id'
import { indicatorProfiles } from '@yizhan/device-drivers/indicator/indicator-profile'
import { keypadProfiles } from '@yizhan/device-drivers/keypad/keypad-profile'
import { printerProfiles } from '@yizhan/device-drivers/printing/printer-profile'
import { z } from 'zod'
import { ecQueryWords } from './check-in/ec-query-decoder.ts'

const namesOf = <Name extends string>(profiles: Record<Name, unknown>) => Object.keys(profiles) as Name[]
const link = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tcp'), host: z.string().min(1), port: z.int().min(1).max(65_535) }),
  z.strictObject({ kind: z.literal('serial'), path: z.string().min(1), baudRate: z.int().min(300).max(4_000_000) }),
])
const deviceId = z.string().min(1).max(64)
/** A device that is switched off (停用) has no process, and its health says so. */
const disabled = z.boolean().exactOptional()

/** A printer of the station, as configured. */
export const printerConfig = z.strictObject({
  deviceId,
  disabled,
  profile: z.enum(namesOf(printerProfiles)),
  link: z.union([link, z.strictObject({ kind: z.literal('usblp'), path: z.string().min(1) })]),
})

/** A scanner of the station, as configured. */
export const scannerConfig = z.strictObject({
  deviceId,
  disabled,
  link,
  prefix: z.string().max(8).exactOptional(),
  suffix: z.string().max(8).exactOptional(),
})

/** The chip card readers of the station, which are one device of it: all that the system's card service (pcscd) lists, or those named. */
export const cardReaderConfig = z.strictObject({
  deviceId,
  disabled,
  /** `pcsclite` is the system's library, `direct` speaks to pcscd without one. */
  backend: z.enum(['pcsclite', 'direct']).default('pcsclite'),
  /** Where pcscd listens, when not at the system's usual place. */
  socketPath: z.string().min(1).exactOptional(),
  /** The readers to use, by the beginning of their names; all when left out. */
  readers: z.array(z.string().min(1).max(128)).min(1).max(8).exactOptional(),
  /** Another signed set of card profiles (卡方案) than the one that is shipped. */
  profilesFile: z.string().min(1).exactOptional(),
})

/** The reader of second-generation ID cards, as configured. */
export const idReaderConfig = z.strictObject({ deviceId, disabled, link })

/** A rating keypad of the station, as configured; the profile says which bytes its model speaks. */
export const keypadConfig = z.strictObject({ deviceId, disabled, link, profile: z.enum(namesOf(keypadProfiles)) })

/** An indicator of the station, as configured; the profile says which relay lights what. */
export const indicatorConfig = z.strictObject({ deviceId, disabled, link, profile: z.enum(namesOf(indicatorProfiles)) })

/** A UPS, as the NUT server that watches it names it. */
export const upsConfig = z.strictObject({
  deviceId,
  disabled,
  link: z.strictObject({ kind: z.literal('tcp'), host: z.string().min(1), port: z.int().min(1).max(65_535) }),
  upsName: z.string().min(1).max(64),
})

/** The hospital's middleware that knows whose medical-insurance e-voucher (医保电子凭证) a scanned code is. */
export const decoderConfig = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  organisationId: z.string().min(1).max(64),
  operatorId: z.string().min(1).max(64),
  /** 01101 is registration of an outpatient, in the list of business types of the e-voucher's interface. */
  businessType: z.string().min(1).max(16).default('01101'),
  /** A patient who waits longer than this for a code has long looked for another way. */
  timeoutMs: z.int().min(100).max(10_000).default(3000),
  words: ecQueryWords.prefault({}),
})

const json = <Shape extends z.ZodType>(shape: Shape) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(shape)

const environment = z.object({
  STATION_PORT: z.coerce.number().int().min(0).max(65_535).default(7610),
  STATION_DATA: z.string().min(1),
  STATION_COPY_DIR: z.string().min(1).optional(),
  STATION_STATIC_DIR: z.string().min(1),
  STATION_CENTRE_URL: z.url({ protocol: /^https?$/ }),
  STATION_TENANT_ID: id,
  STATION_KEY_PROFILE: z.enum(['offline-boot', 'strict']).default('offline-boot'),
  STATION_PRINTER: json(printerConfig),
  STATION_SCANNER: json(scannerConfig).optional(),
  STATION_CARD_READER: json(cardReaderConfig).optional(),
  STATION_ID_READER: json(idReaderConfig).optional(),
  STATION_KEYPAD: json(keypadConfig).optional(),
  STATION_INDICATOR: json(indicatorConfig).optional(),
  STATION_UPS: json(upsConfig).optional(),
  STATION_DECODER: json(decoderConfig).optional(),
  STATION_LAUNCH_TOKEN_FILE: z.string().min(1),
  STATION_DEMO: z.literal('1').optional(),
})

/** The devices of a station, as configured; only the printer must be there. */
export interface DeviceConfigs {
  printer: z.infer<typeof printerConfig>
  scanner: z.infer<typeof scannerConfig> | null
  cardReader: z.infer<typeof cardReaderConfig> | null
  idReader: z.infer<typeof idReaderConfig> | null
  keypad: z.infer<typeof keypadConfig> | null
  indicator: z.infer<typeof indicatorConfig> | null
  ups: z.infer<typeof upsConfig> | null
}

/** Everything that a station is told from outside. */
export interface StationConfig {
  port: number
  dataFolder: string
  /** Where the second copy of the unsent outbox is kept; best on another disk. */
  copyFolder: string
  staticFolder: string
  centreUrl: string
  tenantId: string
  /**
   * Whether the station opens its data by itself, without network too (`offline-boot`), or only with the half of the key that its
   * centre gives it at each start (`strict`).
   */
  keyProfile: 'offline-boot' | 'strict'
  devices: DeviceConfigs
  decoder: z.infer<typeof decoderConfig> | null
  launchTokenFile: string
  /** A demonstration: the launch address may be opened again and again. */
  demo: boolean
}

/** Reads the configuration from environment variables. Throws an error that names each variable that is wrong. */
export function readStationConfig(env: NodeJS.ProcessEnv): StationConfig {
  const parsed = environment.safeParse(env)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`the station's configuration is wrong\n  ${wrong.join('\n  ')}`)
  }
  return {
    port: parsed.data.STATION_PORT,
    dataFolder: parsed.data.STATION_DATA,
    copyFolder: parsed.data.STATION_COPY_DIR ?? join(parsed.data.STATION_DATA, 'copy'),
    staticFolder: parsed.data.STATION_STATIC_DIR,
    centreUrl: parsed.data.STATION_CENTRE_URL.replace(/\/$/, ''),
    tenantId: parsed.data.STATION_TENANT_ID,
    keyProfile: parsed.data.STATION_KEY_PROFILE,
    devices: {
      printer: parsed.data.STATION_PRINTER,
      scanner: parsed.data.STATION_SCANNER ?? null,
      cardReader: parsed.data.STATION_CARD_READER ?? null,
      idReader: parsed.data.STATION_ID_READER ?? null,
      keypad: parsed.data.STATION_KEYPAD ?? null,
      indicator: parsed.data.STATION_INDICATOR ?? null,
      ups: parsed.data.STATION_UPS ?? null,
    },
    decoder: parsed.data.STATION_DECODER ?? null,
    launchTokenFile: parsed.data.STATION_LAUNCH_TOKEN_FILE,
    demo: parsed.data.STATION_DEMO === '1',
  }
}
