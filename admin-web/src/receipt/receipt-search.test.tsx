import { receiptNumberOf } from '@yizhan/rules/receipt/receipt-number'
import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

let stage: AdminStage
afterEach(() => stage.clear())

const known = receiptNumberOf({ day: '2026-11-22', stationLetter: 'L', mark: 320, sequence: 1 })
const other = receiptNumberOf({ day: '2026-11-22', stationLetter: 'L', mark: 320, sequence: 2 })

test('a readiness check is found by the number on its slip, typed as it is printed', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '按回执号查找' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByLabelText('回执号').fill(known.replace(/(\d{3})(?=\d)/g, '$1 '))
  await pane.getByRole('button', { name: '查找' }).click()
  await expect.element(pane).toMatchTextContent(/大厅 L/)
  await expect.element(pane.getByRole('region', { name: '就绪检查' })).toMatchTextContent(/未就绪/)
  expect(new URLSearchParams(location.search).get('receipt')).toBe(known)
  expect(await accessibilityFaults()).toEqual([])
})

test('a mistyped number is told at once and asks nothing; one that the centre has not heard of says what to do', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '按回执号查找' }).click()
  const pane = page.getByRole('dialog')
  const wrong = `${known.slice(0, 14)}${(Number(known[14]) + 1) % 10}`
  await pane.getByLabelText('回执号').fill(wrong)
  await pane.getByRole('button', { name: '查找' }).click()
  await expect.element(pane).toMatchTextContent(/号码不对/)
  expect(stage.centre.asked.filter(({ call }) => call === 'receipt.find')).toEqual([])
  await pane.getByLabelText('回执号').fill(other)
  await pane.getByRole('button', { name: '查找' }).click()
  await expect.element(pane).toMatchTextContent(/还没有收到/)
})
