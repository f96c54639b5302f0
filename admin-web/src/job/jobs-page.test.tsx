import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

let stage: AdminStage
afterEach(() => stage.clear())

const inputsOf = (call: string) => stage.centre.asked.filter((one) => one.call === call).map(({ input }) => input)

test('jobs say what they do, when they ended well and run next, and what was given up is done again', async () => {
  stage = openAdmin({ at: '/admin/jobs' })
  const inbox = page.getByRole('row', { name: /清理上报记录.*inbox-purge/ })
  await expect.element(inbox).toMatchTextContent(/1 个放弃.*11-22 周日 10:05 · 5 秒.*14:07/)
  await page.getByRole('button', { name: '重做：清理上报记录', exact: true }).click()
  await expect.element(page.getByText('已安排重做：清理上报记录')).toBeVisible()
  await page.getByRole('button', { name: '全部重做：清理上报记录' }).click()
  await page.getByRole('button', { name: '立即运行：清理下发记录' }).click()
  await expect.element(page.getByText('已安排运行：清理下发记录')).toBeVisible()
  expect(inputsOf('job.retry')).toMatchObject([{ jobId: expect.any(String) }, { jobId: null }])
  expect(inputsOf('job.runNow')).toMatchObject([{ kind: 'feed-purge' }])
  expect(await accessibilityFaults()).toEqual([])
})

test('a replay says how many messages it would deliver before it does', async () => {
  stage = openAdmin({ at: '/admin/jobs', locale: 'en', look: 'dark' })
  await page.getByRole('button', { name: 'Deliver again: Check-in conflict → to-do at the desk' }).click()
  await expect.element(page.getByText('There are 12 messages of this span.')).toBeVisible()
  expect(inputsOf('event.replay')).toEqual([])
  expect(await accessibilityFaults()).toEqual([])
  await page.getByRole('button', { name: 'Deliver 12 again' }).click()
  await expect.element(page.getByText('12 messages will be delivered again.')).toBeVisible()
  expect(inputsOf('event.replay')).toMatchObject([{ consumer: 'desk-conflict-todo' }])
})
