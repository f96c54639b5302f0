import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { type FakeCentre, fakeNow, refused } from '../shell/fake-centre.ts'
import { fakeConflicts } from './fake-conflicts.ts'

let stage: AdminStage
afterEach(() => stage.clear())

const prepare = (centre: FakeCentre) => {
  centre.conflicts = fakeConflicts(fakeNow)
}
const settlingsOf = () => stage.centre.asked.filter(({ call }) => call === 'appointment.settleConflict')

test('every conflict says in plain words what is so, and which number is called', async () => {
  stage = openAdmin({ prepare })
  const section = page.getByRole('region', { name: '签到冲突：3 个等您处理' })
  await expect
    .element(section.getByText('同一预约在两处签到：A037 与 A-M01 是同一位患者，按先到的 A037 叫号。').first())
    .toBeVisible()
  await expect.element(section.getByText(/预约已恢复，A041 有效/)).toBeVisible()
  await expect.element(section.getByText(/患者两个时间都签到了：A042 ?[和与]? ?A043 都会叫到/)).toBeVisible()
  await expect.element(section.getByText(/李\* · 11-22 周日 14:15 · 心内科门诊 · A037 13:40 大厅 K/)).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
})

test('settled ones are folded away and say who did what', async () => {
  stage = openAdmin({ prepare })
  const done = page.getByText('11:05 演示导诊员：已告知患者')
  await expect.element(done).not.toBeVisible()
  await page.getByText('今天已处理 1 个').click()
  await expect.element(done).toBeVisible()
})

test('settling tells the centre what was seen and done, and the line goes where the settled ones are', async () => {
  stage = openAdmin({ prepare })
  const button = page.getByRole('button', { name: 'A041 的冲突：已另约' })
  await expect.element(button).toBeVisible()
  stage.centre.conflicts = stage.centre.conflicts.map((row) =>
    row.kind === 'cancelled-meanwhile'
      ? { ...row, settled: { at: fakeNow, byName: '演示管理员', settlement: 'rebooked' } }
      : row,
  )
  await button.click()
  await expect.element(page.getByText('今天已处理 2 个')).toBeVisible()
  expect(settlingsOf().map(({ input }) => input)).toEqual([
    expect.objectContaining({ kind: 'cancelled-meanwhile', version: 1, settlement: 'rebooked' }),
  ])
})

test('one that changed meanwhile is not settled, and the page says so', async () => {
  stage = openAdmin({ prepare })
  const button = page.getByRole('button', { name: 'A041 的冲突：无需处理' })
  await expect.element(button).toBeVisible()
  stage.centre.refuseNext = refused('conflict-changed', 409)
  await button.click()
  await expect.element(page.getByRole('alert')).toMatchTextContent(/您的处理没有记下/)
})

test('a settlement sent again after a lost answer carries the same key', async () => {
  stage = openAdmin({ prepare })
  const button = page.getByRole('button', { name: 'A041 的冲突：已告知患者' })
  await expect.element(button).toBeVisible()
  stage.centre.reachable = false
  await button.click()
  await expect.element(page.getByText(/没有保存成功/)).toBeVisible()
  stage.centre.reachable = true
  await button.click()
  await expect.element(page.getByText('已记下。')).toBeVisible()
  const keys = settlingsOf().map(({ input }) => (input as { operationId: string }).operationId)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
})

test('a hall without conflicts shows none', async () => {
  stage = openAdmin()
  await expect.element(page.getByText('王*明')).toBeVisible()
  await expect.element(page.getByText(/签到冲突/)).not.toBeInTheDocument()
})
