import { id } from '@yizhan/contracts/id'
import { printerProfiles } from '@yizhan/device-drivers/printing/printer-profile'
import { z } from 'zod'

const link = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tcp'), host: z.string().min(1), port: z.int().min(1).max(65_535) }),
  z.strictObject({ kind: z.literal('serial'), path: z.string().min(1), baudRate: z.int().min(300).max(4_000_000) }),
])
const deviceId = z.string().min(1).max(64)

/** A printer of the station, as configured. */
export const printerConfig = z.strictObject({
  deviceId,
  profile: z.enum(Object.keys(printerProfiles) as [keyof typeof printerProfiles]),
  link,
})

/** A scanner of the station, as configured. */
export const scannerConfig = z.strictObject({
  deviceId,
  link,
  prefix: z.string().max(8).exactOptional(),
  suffix: z.string().max(8).exactOptional(),
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
  STATION_STATIC_DIR: z.string().min(1),
  STATION_CENTRE_URL: z.url({ protocol: /^https?$/ }),
  STATION_TENANT_ID: id,
  STATION_PRINTER: json(printerConfig),
  STATION_SCANNER: json(scannerConfig).optional(),
  STATION_LAUNCH_TOKEN_FILE: z.string().min(1),
  STATION_DEMO: z.literal('1').optional(),
})

/** Everything that a station is told from outside. */
export interface StationConfig {
  port: number
  dataFolder: string
  staticFolder: string
  centreUrl: string
  tenantId: string
  printer: z.infer<typeof printerConfig>
  scanner: z.infer<typeof scannerConfig> | null
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
    staticFolder: parsed.data.STATION_STATIC_DIR,
    centreUrl: parsed.data.STATION_CENTRE_URL.replace(/\/$/, ''),
    tenantId: parsed.data.STATION_TENANT_ID,
    printer: parsed.data.STATION_PRINTER,
    scanner: parsed.data.STATION_SCANNER ?? null,
    launchTokenFile: parsed.data.STATION_LAUNCH_TOKEN_FILE,
    demo: parsed.data.STATION_DEMO === '1',
  }
}
