import { expect, test } from 'vitest'
import { whyNoRecorder } from '../fault/syscall-trace.ts'
import { runPowerCutDrill } from './power-cut-drill.ts'

const reason = whyNoRecorder()

test.skipIf(reason !== null)(
  `a power cut anywhere loses nothing that was acknowledged by a station or a centre, and both open after it${reason === null ? '' : ` (${reason})`}`,
  async () => {
    const { verdict, findings } = await runPowerCutDrill({ kills: 10, seed: 20_261_122, say: () => undefined })
    expect(findings).toEqual([])
    expect(verdict).toMatchObject({ faults: 12, lost: 0, duplicated: 0, torn: 0, ok: true })
    expect(verdict.operations).toBeGreaterThan(200)
  },
  400_000,
)
