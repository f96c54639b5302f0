import { measureCheckInRates } from './check-in-rate.ts'
import { measureRawSyncRate } from './raw-sync-rate.ts'

/** Runs the interleaved rounds of the check-in bench in this process, which may be slowed by a preloaded shim. */
const [folder = '', rounds = '1', one = '1', waiting = '1'] = process.argv.slice(2)
const load = { one: Number(one), waiting: Number(waiting), callers: 32 }

// The first round warms the compiler and the caches, and is not counted.
for (let round = 0; round <= Number(rounds); round++) {
  const rawPerSecond = measureRawSyncRate(folder, load.one)
  const ours = await measureCheckInRates(folder, load)
  if (round > 0) process.stdout.write(`${JSON.stringify({ rawPerSecond, ...ours })}\n`)
}
