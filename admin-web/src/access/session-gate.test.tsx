import { afterEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { type FakeCentre, refused } from '../shell/fake-centre.ts'
import { fakeAdministrator } from './fake-staff.ts'

let stage: AdminStage
afterEach(() => stage.clear())

const recoveryCodes = ['aaaaa-bbbbb', 'ccccc-ddddd']
const totpUri = 'otpauth://totp/Yizhan:admin@hospital.example?secret=JBSWY3DPEHPK3PXP&issuer=Yizhan'

function nobodySignedIn(centre: FakeCentre): void {
  centre.who = 'not-signed-in'
  centre.answers.withPassword = async (_email, password) => {
    if (password !== 'mq7v-kt2a-9wre-x4hd') return { kind: 'wrong' }
    centre.who = { ...fakeAdministrator, duties: ['set-own-password', 'set-up-second-factor'] }
    return { kind: 'in' }
  }
  centre.answers.startSecondFactor = async () => ({ totpUri, recoveryCodes })
  centre.answers.withCode = async (code) => {
    if (code !== '123456') return { kind: 'wrong' }
    centre.who = fakeAdministrator
    return { kind: 'in' }
  }
}

async function typeSignIn(password: string): Promise<void> {
  await page.getByLabelText('邮箱').fill('admin@hospital.example')
  await page.getByLabelText('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

async function typeCode(code: string): Promise<void> {
  await page.getByLabelText('第 1 位，共 6 位').click()
  await userEvent.keyboard(code)
}

test('the first sign-in walks through own password and authenticator, then lets in', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  await typeSignIn('mq7v-kt2a-9wre-x4hd')

  await expect.element(page.getByRole('heading', { name: '设置您自己的密码' })).toBeVisible()
  await expect.element(page.getByText('首次登录，第 1 步，共 2 步')).toBeVisible()
  await page.getByLabelText('新密码').fill('larks at five in the morning')
  stage.centre.who = { ...fakeAdministrator, duties: ['set-up-second-factor'] }
  await page.getByRole('button', { name: '设为我的密码' }).click()

  await expect.element(page.getByRole('img', { name: '绑定验证器的二维码' })).toBeVisible()
  await expect.element(page.getByText('首次登录，第 2 步，共 2 步')).toBeVisible()
  await expect.element(page.getByText('JBSW Y3DP EHPK 3PXP')).toBeVisible()
  expect(stage.centre.asked).toContainEqual({
    call: 'access.setOwnPassword',
    input: { currentPassword: 'mq7v-kt2a-9wre-x4hd', newPassword: 'larks at five in the morning' },
  })
  await typeCode('654321')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/数字不对，还没有绑定/)
  await typeCode('123456')

  await expect.element(page.getByRole('heading', { name: '保存恢复码' })).toBeVisible()
  await expect.element(page.getByText('aaaaa-bbbbb')).toBeVisible()
  const enter = page.getByRole('button', { name: '进入管理台' })
  await expect.element(enter).toBeDisabled()
  await page.getByLabelText('我已保存好恢复码').click()
  await enter.click()
  await expect.element(page.getByRole('heading', { name: '今日预约' })).toBeVisible()
})

test('a wrong password says so, and that nobody is signed in', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  await typeSignIn('wrong')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/邮箱或密码不对，您还没有登录/)
})

test('empty fields are named and nothing is sent', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect.element(page.getByText('请填写邮箱')).toBeVisible()
  await expect.element(page.getByText('请填写密码')).toBeVisible()
  expect(stage.centre.asked.filter(({ call }) => call === 'withPassword')).toEqual([])
})

test('too many tries say how long to wait; an unreachable centre says so', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  stage.centre.answers.withPassword = async () => ({ kind: 'wait', retryAfterS: 540 })
  await typeSignIn('wrong')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/请在 9 分钟后再试/)
  stage.centre.reachable = false
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect.element(page.getByRole('alert')).toMatchTextContent(/连不上医站中心/)
})

test('the password can be shown and hidden', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  const field = page.getByLabelText('密码', { exact: true })
  await expect.element(field).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: '显示密码' }).click()
  await expect.element(field).toHaveAttribute('type', 'text')
  await page.getByRole('button', { name: '隐藏密码' }).click()
  await expect.element(field).toHaveAttribute('type', 'password')
})

test('a later sign-in asks for the six digits, or a recovery code', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  stage.centre.answers.withPassword = async () => ({ kind: 'second-factor' })
  stage.centre.answers.withRecoveryCode = async (code) => {
    if (code !== 'aaaaa-bbbbb') return { kind: 'wrong' }
    stage.centre.who = fakeAdministrator
    return { kind: 'in' }
  }
  await typeSignIn('larks at five in the morning')
  await expect.element(page.getByRole('heading', { name: '输入验证码' })).toBeVisible()
  await typeCode('000000')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/数字不对，您还没有登录/)
  await page.getByRole('button', { name: '手机不在身边？用恢复码' }).click()
  await page.getByLabelText('恢复码').fill('aaaaa-bbbbb')
  await page.getByRole('button', { name: '确认' }).click()
  await expect.element(page.getByRole('heading', { name: '今日预约' })).toBeVisible()
})

test('a code that came too late starts again with the password', async () => {
  stage = openAdmin({ prepare: nobodySignedIn })
  stage.centre.answers.withPassword = async () => ({ kind: 'second-factor' })
  stage.centre.answers.withCode = async () => ({ kind: 'expired' })
  await typeSignIn('larks at five in the morning')
  await typeCode('123456')
  await expect.element(page.getByText(/请从密码重新开始/)).toBeVisible()
  await expect.element(page.getByRole('heading', { name: '登录管理台' })).toBeVisible()
})

test.each([
  ['too-short', /至少要 12 个字/],
  ['common', /太容易被猜到/],
  ['same-as-before', /不能和现在的一样/],
])('a new password refused as %s says why', async (why, words) => {
  stage = openAdmin({
    prepare: (centre) => {
      centre.who = { ...fakeAdministrator, duties: ['set-own-password'] }
    },
  })
  await page.getByLabelText('一次性密码').fill('mq7v-kt2a-9wre-x4hd')
  await page.getByLabelText('新密码').fill('123456')
  stage.centre.refuseNext = refused('password-too-weak', 422, { why })
  await page.getByRole('button', { name: '设为我的密码' }).click()
  await expect.element(page.getByText(words)).toBeVisible()
})

test('a session that ends shows the sign-in page with the reason, and nothing of the pages', async () => {
  stage = openAdmin()
  await expect.element(page.getByText('王*明')).toBeVisible()
  stage.centre.now += 16 * 60_000
  stage.centre.who = 'not-signed-in'
  stage.centre.ring('bookings-changed')
  await expect.element(page.getByText('您有 15 分钟没有操作，已为您退出登录。')).toBeVisible()
  expect(document.body.textContent).not.toContain('王*明')
})

test('signing out leads back to the sign-in page', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '退出登录' }).click()
  await expect.element(page.getByRole('heading', { name: '登录管理台' })).toBeVisible()
})

test('an account without a hospital is told so', async () => {
  stage = openAdmin({
    prepare: (centre) => {
      centre.who = 'no-membership'
    },
  })
  await expect.element(page.getByRole('heading', { name: '这个账号还没有加入医院' })).toBeVisible()
})

const steps: [string, string, (centre: FakeCentre) => void][] = [
  ['sign-in', 'Sign in to the console', nobodySignedIn],
  [
    'own password',
    'Set your own password',
    (centre) => {
      centre.who = { ...fakeAdministrator, duties: ['set-own-password'] }
    },
  ],
  [
    'second factor',
    'Set up your authenticator',
    (centre) => {
      centre.who = { ...fakeAdministrator, duties: ['set-up-second-factor'] }
    },
  ],
]
for (const look of ['light', 'dark'] as const) {
  test.each(steps)(`the %s page has no accessibility fault in ${look}`, async (_name, heading, prepare) => {
    stage = openAdmin({ look, locale: 'en', prepare })
    await expect.element(page.getByRole('heading', { name: heading })).toBeVisible()
    expect(await accessibilityFaults()).toEqual([])
  })
}
