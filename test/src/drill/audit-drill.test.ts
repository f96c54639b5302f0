import { expect, test } from 'vitest'
import { runAuditDrill } from './audit-drill.ts'

test('a sealed audit trail that its own database changes in any of thirty ways is found out, at the place where it was changed', async () => {
  const { verdict, findings } = await runAuditDrill({ kills: 60, seed: 20_261_122, say: () => undefined })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ name: 'audit', faults: 60, lost: 0, duplicated: 0, torn: 0, ok: true })
})
