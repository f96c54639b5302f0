import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { fakeDesk } from '../access/fake-staff.ts'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

let stage: AdminStage
afterEach(() => stage.clear())

const inputsOf = (call: string) => stage.centre.asked.filter((one) => one.call === call).map(({ input }) => input)

test('notices are read whole, and one that has to be acknowledged is, with one press', async () => {
  stage = openAdmin({ at: '/admin/notices' })
  await expect.element(page.getByText(/自助机告警：大厅 K/)).toBeVisible()
  await page.getByRole('button', { name: '我已知悉：今晚 22:00 系统维护' }).click()
  await expect.element(page.getByText('已记下：今晚 22:00 系统维护')).toBeVisible()
  expect(inputsOf('notice.read')).toMatchObject([{ acknowledge: true }])
  expect(await accessibilityFaults()).toEqual([])
})

test('who publishes sees who has not read it, and takes a notice back after a question', async () => {
  stage = openAdmin({ at: '/admin/notices?view=published' })
  await expect.element(page.getByRole('row', { name: /今晚 22:00/ })).toMatchTextContent(/全院.*已确认 1\/4/)
  await page.getByRole('button', { name: '谁没看：今晚 22:00 系统维护' }).click()
  await expect.element(page.getByText('还没看或没确认（2 人）')).toBeVisible()
  await expect.element(page.getByText('演示护士')).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
  await page.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('button', { name: '撤回：今晚 22:00 系统维护' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
  await expect.element(page.getByText('已撤回：今晚 22:00 系统维护')).toBeVisible()
})

test('a notice is composed and published to everyone', async () => {
  stage = openAdmin({ at: '/admin/notices' })
  await page.getByRole('button', { name: '发布通知' }).click()
  await page.getByLabelText('标题').fill('停水通知')
  await page.getByLabelText('正文').fill('今天 15:00 停水。')
  await expect.element(page.getByRole('button', { name: '发布', exact: true })).toBeDisabled()
  await page.getByLabelText('发给全院').click()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await expect.element(page.getByText('已发布：停水通知')).toBeVisible()
  expect(inputsOf('notice.publish')).toMatchObject([
    { title: '停水通知', targets: { everyone: true }, publishedFrom: null, publishedUntil: null },
  ])
})

test('who may not publish is offered neither the form nor the list', async () => {
  stage = openAdmin({
    at: '/admin/notices?view=published',
    prepare: (centre) => {
      centre.who = fakeDesk
    },
  })
  await expect.element(page.getByText('今晚 22:00 系统维护')).toBeVisible()
  expect(page.getByRole('button', { name: '发布通知' }).elements()).toEqual([])
  expect(page.getByRole('link', { name: '已发布' }).elements()).toEqual([])
})
