import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { fakeNow, refused } from '../shell/fake-centre.ts'
import { fakeAdministrator } from './fake-staff.ts'

const patienceMs = 15_000
let stage: AdminStage | null = null
afterEach(() => {
  stage?.clear()
  stage = null
})

function open(setting: Parameters<typeof openAdmin>[0] = {}) {
  stage = openAdmin({ at: '/admin/account', ...setting })
  return stage.centre
}

const seen = (text: string | RegExp) =>
  expect.element(page.getByText(text).first(), { timeout: patienceMs }).toBeVisible()

test.each([
  ['zh-CN', 'light', '我的账号'],
  ['en', 'dark', 'My account'],
] as const)('my account is readable in %s and %s', async (locale, look, title) => {
  open({ locale, look })
  await seen('办公室电脑')
  await expect.element(page.getByRole('heading', { name: title })).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
})

test('another browser of mine is signed out by its own button, and this one has none', async () => {
  const centre = open()
  await seen('Chrome，安卓')
  expect(page.getByRole('button', { name: /退出：?.*Edge/ }).elements()).toEqual([])
  await userEvent.click(page.getByRole('button', { name: /Chrome，安卓/ }))
  await vi.waitFor(
    () => expect(centre.asked).toContainEqual({ call: 'access.endSession', input: { sessionId: 's2' } }),
    patienceMs,
  )
})

test('a deed of weight waits for the factor, then goes on as it was, with the same operation id', async () => {
  const centre = open({
    at: '/admin/users',
    prepare: (fake) => {
      fake.answers.proveWithCode = async (code) => ({ kind: code === '123456' ? 'in' : 'wrong' })
    },
  })
  await seen('演示前台')
  centre.refuseNext = refused('step-up-needed', 403)
  await userEvent.click(page.getByRole('button', { name: '恢复使用：演示前台' }))
  await seen('请再验证一次身份')
  expect(await accessibilityFaults()).toEqual([])
  await userEvent.click(page.getByRole('textbox', { name: '第 1 位，共 6 位' }))
  await userEvent.keyboard('123456')
  await seen('演示前台 的账号已保存。')
  const sent = centre.asked.filter(({ call }) => call === 'account.setDisabled')
  expect(sent).toHaveLength(2)
  expect(sent[0]).toEqual(sent[1])
})

test('who turns away from the question is told that nothing was done', async () => {
  const centre = open()
  await seen('办公室电脑')
  centre.refuseNext = refused('step-up-needed', 403)
  await userEvent.click(page.getByRole('button', { name: '解除绑定' }))
  await userEvent.click(page.getByRole('dialog').getByRole('button', { name: '解除绑定' }))
  await seen('请再验证一次身份')
  await userEvent.click(page.getByRole('button', { name: '暂不' }))
  await seen('没有完成：需要先再验证一次身份。')
})

test('a first passkey asks for the password, another one for the factor when it was proved too long ago', async () => {
  const tried: [string, string | null][] = []
  open({
    prepare: (fake) => {
      fake.answers.addPasskey = async (name, password) => {
        tried.push([name, password])
        return tried.length === 1 ? 'step-up-needed' : 'added'
      }
      fake.answers.proveWithPasskey = async () => 'in'
    },
  })
  await seen('办公室电脑')
  await userEvent.click(page.getByRole('button', { name: '添加通行密钥' }))
  await userEvent.fill(page.getByRole('textbox', { name: '给它起个名字' }), '蓝色安全密钥')
  await userEvent.click(page.getByRole('dialog').getByRole('button', { name: '添加通行密钥' }))
  await userEvent.click(page.getByRole('button', { name: '使用通行密钥' }))
  await seen('通行密钥已添加。')
  expect(tried).toEqual([
    ['蓝色安全密钥', null],
    ['蓝色安全密钥', null],
  ])
})

test('who has proved only the password is asked for the passkey before anything is shown', async () => {
  const centre = open({
    prepare: (fake) => {
      fake.who = { ...fakeAdministrator, duties: ['prove-second-factor'] }
      fake.answers.proveWithPasskey = async () => {
        fake.who = fakeAdministrator
        return 'in'
      }
    },
  })
  await seen('还差一步')
  expect(centre.asked.some(({ call }) => call === 'account.list')).toBe(false)
  await userEvent.click(page.getByRole('button', { name: '使用通行密钥' }))
  await seen('登录会话')
})

test('somebody of two hospitals picks one in the header', async () => {
  const [first] = fakeAdministrator.hospitals
  if (first === undefined) expect.unreachable()
  const second = { tenantId: '019ab000-0000-7000-8000-000000000002', name: { 'zh-CN': '演示二院', en: 'Second' } }
  const centre = open({
    prepare: (fake) => {
      fake.who = { ...fakeAdministrator, hospitals: [first, second] }
    },
  })
  await userEvent.click(page.getByRole('combobox', { name: '医院' }))
  await userEvent.click(page.getByText('演示二院'))
  expect(centre.chosenHospital).toBe(second.tenantId)
  expect(centre.now).toBe(fakeNow)
})
