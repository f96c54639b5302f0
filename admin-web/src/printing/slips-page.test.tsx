import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { fakeDesk } from '../access/fake-staff.ts'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { refused } from '../shell/fake-centre.ts'

let stage: AdminStage
afterEach(() => stage.clear())

const settled = () => stage.centre.asked.filter(({ call }) => call === 'fleet.settleSlip')

test('each slip says in words what is the matter, and only what can be decided is offered', async () => {
  stage = openAdmin({ at: '/admin/slips' })
  const held = page.getByRole('row', { name: /A041/ })
  await expect
    .element(held)
    .toMatchTextContent(/李\*.*不确定有没有打出来 · 连接断开.*11-22 周日 14:04.*大厅 K.*已出票未出票/)
  const waiting = page.getByRole('row', { name: /A042/ })
  await expect.element(waiting).toMatchTextContent(/等待打印 · 缺纸.*大厅 L.*放弃打印/)
  const decided = page.getByRole('row', { name: /A043/ })
  await expect.element(decided).toMatchTextContent(/大厅 M离线，恢复联系后执行.*已记为已出票，等自助机确认/)
  const over = page.getByRole('row', { name: /A044/ })
  await expect.element(over).toMatchTextContent(/没打出来第 1 次补打/)
  expect(over.element().querySelector('button')).toBeNull()
  expect(decided.element().querySelector('button')).toBeNull()
  await expect.element(page.getByText('2 张等您处置')).toBeVisible()
  await expect.element(page.getByText(/请先问患者/)).toBeVisible()
})

test('the desk says that a slip came out, and the row waits for its kiosk to carry it out', async () => {
  stage = openAdmin({
    at: '/admin/slips',
    prepare: (centre) => {
      centre.who = fakeDesk
    },
  })
  await page.getByRole('button', { name: 'A041：已出票' }).click()
  await expect.element(page.getByText('已记下：A041 已出票。')).toBeVisible()
  const [slip] = stage.centre.slips.filter(({ queueNumber }) => queueNumber === 'A041')
  expect(settled()).toEqual([
    {
      call: 'fleet.settleSlip',
      input: expect.objectContaining({ jobId: slip?.jobId, stationId: slip?.stationId, decision: 'came-out' }),
    },
  ])
  stage.centre.slips = stage.centre.slips.map((one) =>
    one.queueNumber === 'A041' ? { ...one, decision: 'came-out' } : one,
  )
  stage.centre.ring('stations-changed')
  await expect.element(page.getByRole('row', { name: /A041/ })).toMatchTextContent(/已记为已出票，等自助机确认/)
  stage.centre.slips = stage.centre.slips.filter(({ queueNumber }) => queueNumber !== 'A041')
  stage.centre.ring('stations-changed')
  await expect.element(page.getByRole('row', { name: /A041/ })).not.toBeInTheDocument()
})

test('giving a slip up is asked once more, by its number, and keeping it changes nothing', async () => {
  stage = openAdmin({ at: '/admin/slips' })
  await page.getByRole('button', { name: 'A042：放弃打印' }).click()
  await expect.element(page.getByText('放弃打印 A042 的凭条？')).toBeVisible()
  await page.getByRole('button', { name: '继续打印' }).click()
  expect(settled()).toEqual([])
  await page.getByRole('button', { name: 'A042：放弃打印' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '放弃打印', exact: true }).click()
  await expect.element(page.getByText('已通知自助机不再打印 A042。')).toBeVisible()
  expect(settled()).toMatchObject([{ input: { decision: 'cancel' } }])
})

test('a slip that changed meanwhile says so, and a lost answer is tried again as the same decision', async () => {
  stage = openAdmin({ at: '/admin/slips' })
  const notPrinted = page.getByRole('button', { name: 'A041：未出票' })
  await expect.element(notPrinted).toBeVisible()
  stage.centre.refuseNext = refused('slip-settled', 409)
  await notPrinted.click()
  await expect.element(page.getByRole('alert')).toMatchTextContent(/刚刚变了，您的处置没有记下/)
  stage.centre.reachable = false
  await notPrinted.click()
  await expect.element(page.getByText(/没有记下：连不上医站中心/)).toBeVisible()
  stage.centre.reachable = true
  await notPrinted.click()
  await expect.element(page.getByText('已记下：A041 未出票。')).toBeVisible()
  const keys = settled().map(({ input }) => (input as { operationId: string }).operationId)
  expect(keys).toHaveLength(3)
  expect(keys[1]).toBe(keys[2])
  expect(keys[0]).not.toBe(keys[1])
})

test('with the centre away nothing can be decided; without slips the page says that all is well', async () => {
  stage = openAdmin({ at: '/admin/slips' })
  await expect.element(page.getByRole('button', { name: 'A041：已出票' })).toBeEnabled()
  stage.centre.reachable = false
  stage.centre.ring('stations-changed')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/下面是 14:05 的数据/)
  await expect.element(page.getByRole('button', { name: 'A041：已出票' })).toBeDisabled()
  stage.centre.reachable = true
  stage.centre.slips = []
  await page.getByRole('button', { name: '再试一次' }).click()
  await expect.element(page.getByText('今天没有要处置的凭条')).toBeVisible()
  await expect.element(page.getByText('没有要处置的', { exact: true })).toBeVisible()
})

for (const look of ['light', 'dark'] as const) {
  for (const locale of ['zh-CN', 'en'] as const) {
    test(`the slips have no accessibility fault in ${look} ${locale}`, async () => {
      stage = openAdmin({ at: '/admin/slips', look, locale })
      const giveUp = page.getByRole('button', { name: locale === 'en' ? 'A042: Give up printing' : 'A042：放弃打印' })
      await expect.element(giveUp).toBeVisible()
      expect(await accessibilityFaults()).toEqual([])
      await giveUp.click()
      await expect.element(page.getByRole('dialog')).toMatchTextContent(/A042/)
      expect(await accessibilityFaults()).toEqual([])
    })
  }
}
