import { benchApdu } from './apdu-bench.ts'
import { formatBenchLine } from './bench-line.ts'
import { benchCheckIn } from './checkin-bench.ts'
import { benchDrain } from './drain-bench.ts'
import { benchEncode } from './encode-bench.ts'
import { benchKioskLoad } from './kiosk-load-bench.ts'
import { benchPolicy } from './policy-bench.ts'
import { benchStations } from './stations-bench.ts'
import { benchTicket } from './ticket-bench.ts'
import { benchTickets } from './tickets-bench.ts'
import { benchUpload } from './upload-bench.ts'

const benches = {
  checkin: benchCheckIn,
  ticket: benchTicket,
  tickets: benchTickets,
  encode: benchEncode,
  apdu: benchApdu,
  'kiosk-load': benchKioskLoad,
  upload: benchUpload,
  drain: benchDrain,
  stations: benchStations,
  policy: benchPolicy,
} as const

const [name = ''] = process.argv.slice(2)
if (Object.hasOwn(benches, name)) {
  const lines = await benches[name as keyof typeof benches]()
  for (const line of lines) process.stdout.write(`${formatBenchLine(line)}\n`)
} else {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(benches).join('|')}>\n`)
  process.exitCode = 2
}
