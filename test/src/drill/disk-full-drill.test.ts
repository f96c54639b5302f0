import { expect, test } from 'vitest'
import { runDiskFullDrill, whyNoSmallDisk } from './disk-full-drill.ts'

const reason = whyNoSmallDisk()

test.skipIf(reason !== null)(
  `a full disk loses nothing that was acknowledged, and the station goes on once there is room${reason === null ? '' : ` (${reason})`}`,
  async () => {
    const { verdict, findings } = await runDiskFullDrill({ kills: 1, seed: 20_261_122, say: () => undefined })
    expect(findings).toEqual([])
    expect(verdict).toMatchObject({ faults: 1, lost: 0, duplicated: 0, torn: 0, ok: true })
  },
)
