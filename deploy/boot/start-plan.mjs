import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @typedef {import('./supervised-child.mjs').ChildSpec} ChildSpec */

/** The ports that a start asks for first; the README and the service sheet name them. */
export const wantedPorts = { kiosk: 7610, centre: 7620, bench: 7630, printer: 7691, proxy: 7692, ups: 7693 }

/** The demonstration hospital's tenant; the centre seeds it under the same id. */
const demoTenantId = '01985f00-0000-7000-8000-000000000001'

/**
 * The files by which the processes of a start find each other.
 *
 * @param {string} dataDir
 */
export function startFiles(dataDir) {
  return {
    demo: join(dataDir, 'demo.json'),
    scannerLink: join(dataDir, 'run/scanner'),
    idReaderLink: join(dataDir, 'run/id-reader'),
    keypadLink: join(dataDir, 'run/keypad'),
    indicatorLink: join(dataDir, 'run/indicator'),
    pcscdSocket: socketPath(dataDir),
    launchToken: join(dataDir, 'run/launch-token'),
    stationData: join(dataDir, 'station'),
    stationKey: join(dataDir, 'station/identity-public.json'),
    centreData: join(dataDir, 'centre'),
    logs: join(dataDir, 'logs'),
  }
}

/** The longest path that a Unix socket's address holds on Linux (sun_path, unix(7)), less the ending NUL. */
const maxSocketPathBytes = 107

/**
 * The socket of the simulated card service; elsewhere when the data folder's path is too long for a socket's address.
 *
 * @param {string} dataDir
 */
function socketPath(dataDir) {
  const wanted = join(dataDir, 'run/pcscd')
  if (Buffer.byteLength(wanted) <= maxSocketPathBytes) return wanted
  return join(tmpdir(), `yizhan-pcscd-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`)
}

/**
 * The processes of a demo start, in the order in which they must come up: the devices and the network between, the
 * centre, the station.
 *
 * @param {{ root: string, dataDir: string, ports: typeof wantedPorts }} place
 * @returns {{ bench: ChildSpec, centre: ChildSpec, station: ChildSpec }}
 */
export function startPlan({ root, dataDir, ports }) {
  const files = startFiles(dataDir)
  const kioskPages = join(root, 'kiosk-app/dist')
  return {
    bench: {
      name: 'bench',
      what: 'the device bench',
      args: [join(root, 'device-drivers/src/sim/device-bench-main.ts')],
      readyUrl: addresses(ports).bench,
      settings: {
        BENCH_HTTP_PORT: String(ports.bench),
        BENCH_PRINTER_PORT: String(ports.printer),
        BENCH_SCANNER_LINK: files.scannerLink,
        BENCH_ID_READER_LINK: files.idReaderLink,
        BENCH_KEYPAD_LINK: files.keypadLink,
        BENCH_INDICATOR_LINK: files.indicatorLink,
        BENCH_PCSCD_SOCKET: files.pcscdSocket,
        BENCH_UPS_PORT: String(ports.ups),
        BENCH_PROXY_PORT: String(ports.proxy),
        BENCH_PROXY_TARGET: `127.0.0.1:${ports.centre}`,
        BENCH_STATIC_DIR: kioskPages,
        BENCH_DEMO_FILE: files.demo,
      },
    },
    centre: {
      name: 'centre',
      what: 'the centre',
      args: [join(root, 'crm-server/src/main.ts')],
      readyUrl: `http://127.0.0.1:${ports.centre}/health/ready`,
      settings: {
        CENTRE_PORT: String(ports.centre),
        CENTRE_DATA: files.centreData,
        CENTRE_STATIC_DIR: join(root, 'admin-web/dist'),
        CENTRE_DEMO: '1',
        CENTRE_DEMO_FILE: files.demo,
        CENTRE_DEMO_STATION_KEY: files.stationKey,
      },
    },
    station: {
      name: 'station',
      what: 'the station',
      args: [join(root, 'station-server/src/main.ts')],
      readyUrl: `http://127.0.0.1:${ports.kiosk}/health/ready`,
      settings: {
        STATION_PORT: String(ports.kiosk),
        STATION_DATA: files.stationData,
        STATION_STATIC_DIR: kioskPages,
        STATION_TENANT_ID: demoTenantId,
        STATION_CENTRE_URL: `http://127.0.0.1:${ports.proxy}`,
        ...deviceSettings(files, ports),
        STATION_LAUNCH_TOKEN_FILE: files.launchToken,
        STATION_DEMO: '1',
      },
    },
  }
}

/**
 * The station's devices, all of them on the bench.
 *
 * @param {ReturnType<typeof startFiles>} files
 * @param {typeof wantedPorts} ports
 */
function deviceSettings(files, ports) {
  /** @param {string} path @param {number} baudRate */
  const serial = (path, baudRate) => ({ kind: 'serial', path, baudRate })
  /** @param {number} port */
  const tcp = (port) => ({ kind: 'tcp', host: '127.0.0.1', port })
  return {
    STATION_PRINTER: JSON.stringify({ deviceId: 'printer-1', profile: 'epson-80', link: tcp(ports.printer) }),
    STATION_SCANNER: JSON.stringify({ deviceId: 'scanner-1', link: serial(files.scannerLink, 9600) }),
    STATION_CARD_READER: JSON.stringify({
      deviceId: 'card-reader-1',
      backend: 'direct',
      socketPath: files.pcscdSocket,
    }),
    STATION_ID_READER: JSON.stringify({ deviceId: 'id-reader-1', link: serial(files.idReaderLink, 115_200) }),
    STATION_KEYPAD: JSON.stringify({
      deviceId: 'keypad-1',
      profile: 'framed-sum',
      link: serial(files.keypadLink, 9600),
    }),
    STATION_INDICATOR: JSON.stringify({
      deviceId: 'indicator-1',
      profile: 'lcus-4',
      link: serial(files.indicatorLink, 9600),
    }),
    STATION_UPS: JSON.stringify({ deviceId: 'ups-1', upsName: 'ups', link: tcp(ports.ups) }),
  }
}

/**
 * The addresses that a person opens; each answers a plain GET with 200.
 *
 * @param {typeof wantedPorts} ports
 * @param {string} [launchToken] lets the browser that opens the kiosk's page in
 */
export function addresses(ports, launchToken) {
  const centre = `http://127.0.0.1:${ports.centre}`
  return {
    kiosk: `http://127.0.0.1:${ports.kiosk}/${launchToken === undefined ? '' : `?launch=${launchToken}`}`,
    admin: `${centre}/admin/`,
    bench: `http://127.0.0.1:${ports.bench}/`,
    reference: `${centre}/api/v1/reference`,
  }
}
