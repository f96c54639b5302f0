import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { fakeDesk } from '../access/fake-staff.ts'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

let stage: AdminStage
afterEach(() => stage.clear())

test('accounts say who may come in and as what; nobody changes their own', async () => {
  stage = openAdmin({ at: '/admin/users' })
  await expect.element(page.getByRole('row', { name: /演示医生甲/ })).toMatchTextContent(/医生.*等待首次登录.*修改/)
  await expect.element(page.getByRole('row', { name: /演示前台/ })).toMatchTextContent(/导诊台已停用恢复使用/)
  await expect.element(page.getByRole('row', { name: /演示管理员/ })).toMatchTextContent(/本人，需由他人修改/)
  expect(await accessibilityFaults()).toEqual([])
})

test('a reset asks first, and tells the one-time password once', async () => {
  stage = openAdmin({ at: '/admin/users' })
  await page.getByRole('button', { name: '重置密码：演示医生甲' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '重置密码' }).click()
  await expect.element(page.getByText('mq7v-kt2a-9wre-x4hd')).toBeVisible()
  expect(stage.centre.asked.filter(({ call }) => call === 'account.reset')).toMatchObject([{ input: { userId: 'u2' } }])
  await page.getByRole('button', { name: '我已记下' }).click()
  await expect.element(page.getByText('mq7v-kt2a-9wre-x4hd')).not.toBeInTheDocument()
})

test('the menu leads only to what may be called', async () => {
  stage = openAdmin({
    at: '/admin/',
    prepare: (centre) => {
      centre.who = fakeDesk
    },
  })
  await expect.element(page.getByRole('link', { name: '凭条' })).toBeVisible()
  expect(page.getByRole('link', { name: '角色与权限' }).elements()).toEqual([])
})

test.each(['/admin/roles', '/admin/staff', '/admin/codes'])(
  'the page %s stands, without a fault that axe knows',
  async (at) => {
    stage = openAdmin({ at })
    await expect.element(page.getByRole('row', { name: /导诊台|演示医生甲/ }).first()).toBeVisible()
    expect(await accessibilityFaults()).toEqual([])
  },
)
