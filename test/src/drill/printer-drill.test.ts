import { expect, test } from 'vitest'
import { runPrinterDrill } from './printer-drill.ts'

test('kills and power cuts in mid-print: a printer that proves gives every ticket once, one that cannot is sent nothing twice', async () => {
  const { verdict, findings } = await runPrinterDrill({ kills: 3, seed: 20_261_122, say: () => undefined })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ operations: 14, faults: 6, lost: 0, duplicated: 0, torn: 0, ok: true })
})
