import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { refused } from '../shell/fake-centre.ts'

let stage: AdminStage
afterEach(() => stage.clear())

const inputsOf = (call: string) => stage.centre.asked.filter((one) => one.call === call).map(({ input }) => input)

test('what waits for me says what it is, whose it is and until when; what is late says so', async () => {
  stage = openAdmin({ at: '/admin/todos' })
  const conflict = page.getByRole('row', { name: /签到冲突/ })
  await expect.element(conflict).toMatchTextContent(/紧急.*同一预约在两处签到.*14:01 · 已超期.*导诊台.*医站/)
  await expect.element(page.getByRole('row', { name: /核对本周加号名单/ })).toMatchTextContent(/心内科.*演示主任/)
  await expect.element(page.getByRole('link', { name: /^待办/ })).toMatchTextContent('待办 3')
  expect(await accessibilityFaults()).toEqual([])
})

test('a to-do is done with one press, and the count in the header follows the doorbell', async () => {
  stage = openAdmin({ at: '/admin/todos' })
  await page.getByRole('button', { name: '办完了：核对本周加号名单' }).click()
  await expect.element(page.getByText('已办完：核对本周加号名单')).toBeVisible()
  expect(inputsOf('todo.close')).toMatchObject([{ version: 1, outcome: 'done', note: '' }])
  stage.centre.tasks.todos = stage.centre.tasks.todos.slice(0, 1)
  stage.centre.ring('todos-changed')
  await expect.element(page.getByRole('link', { name: /^待办/ })).toMatchTextContent('待办 1')
  await expect.element(page.getByRole('row', { name: /核对本周加号名单/ })).not.toBeInTheDocument()
})

test('a to-do is forwarded with a note, its history shows every hand, and a change meanwhile is told', async () => {
  stage = openAdmin({ at: '/admin/todos' })
  await page.getByRole('button', { name: '转交、详情：核对本周加号名单' }).click()
  await expect.element(page.getByText(/演示主任 转交给 心内科/)).toBeVisible()
  await page.getByLabelText('备注').fill('请今天办')
  await page.getByRole('combobox', { name: '转交给' }).fill('演示医生甲')
  await page.getByRole('option', { name: '演示医生甲' }).or(page.getByTitle('演示医生甲')).last().click()
  stage.centre.refuseNext = refused('todo-changed', 409)
  await page.getByRole('button', { name: '转交', exact: true }).click()
  await expect.element(page.getByText(/刚刚有人转交或办完了这件事/)).toBeVisible()
  await page.getByRole('button', { name: '转交', exact: true }).click()
  await expect.element(page.getByText('已转交。')).toBeVisible()
  expect(inputsOf('todo.forward').at(-1)).toMatchObject({ to: { kind: 'person', userId: 'u2' }, note: '请今天办' })
})

test('what went through my hands has an address of its own', async () => {
  stage = openAdmin({ at: '/admin/todos?view=handled' })
  await expect.element(page.getByRole('row', { name: /核对明天的停诊名单/ })).toMatchTextContent(/已办/)
})

test.each(['/admin/todos', '/admin/notices'])(
  'the form at %s stands in the dark and in English too, without a fault that axe knows',
  async (at) => {
    stage = openAdmin({ at, locale: 'en', look: 'dark' })
    await page.getByRole('button', { name: /New to-do|Publish a notice/ }).click()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    expect(await accessibilityFaults()).toEqual([])
  },
)
