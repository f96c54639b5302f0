import { existsSync } from 'node:fs'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oneTimeCode } from './one-time-code.ts'
import { atBench, benchState, type DemoBooking, type RunningHospital, startHospital } from './running-hospital.ts'

const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** Around midnight the hospital's day is too young for a late patient, or too old for an early one. */
const notAtThisHour = 'the hospital day has no such booking at this hour'
const newPassword = 'a-long-sentence-for-the-journey'

/**
 * A new user's first hour with the real thing: `npm start`, a kiosk and the admin's console in Chromium, hands on the
 * device bench. Each test goes on where the one before it ended.
 */
describe.skipIf(!existsSync(browserPath))('the first hour with a hospital', () => {
  let hospital: RunningHospital
  let browser: Browser
  let kiosk: Page
  let admin: Page
  const used = new Set<string>()

  beforeAll(async () => {
    hospital = await startHospital()
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
    const open = async (viewport: { width: number; height: number }) =>
      await (await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })).newPage()
    kiosk = await open({ width: 1080, height: 1920 })
    admin = await open({ width: 1440, height: 900 })
    kiosk.setDefaultTimeout(patienceMs)
    admin.setDefaultTimeout(patienceMs)
    await kiosk.goto(hospital.kiosk)
  })

  afterAll(async () => {
    await browser?.close()
    await hospital?.stop()
  })

  const take = (shows: string): DemoBooking => {
    const booking = hospital.bookings.find((one) => one.shows === shows && !used.has(one.code))
    if (booking === undefined) throw new Error(`no booking left that shows ${shows}`)
    used.add(booking.code)
    return booking
  }
  const isMissing = (shows: string) => !hospital.bookings.some((one) => one.shows === shows)
  const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
  const tap = async (name: string | RegExp) => {
    // A control that was just tapped is deaf for 350 ms, as a shaking finger needs.
    await kiosk.waitForTimeout(400)
    await kiosk.getByRole('button', { name }).first().click()
  }
  const typeDigits = async (digits: string) => {
    await kiosk.keyboard.type(digits, { delay: 30 })
    await tap('下一步')
  }
  const typeCode = async (booking: DemoBooking) => {
    await tap('输入预约码签到')
    await typeDigits(booking.code)
    await typeDigits(booking.secondItem)
  }
  const scan = (booking: DemoBooking) => atBench(hospital, 'scanner', { text: booking.qr })
  const numberOnScreen = async () => {
    const text = (await kiosk.locator('body').textContent()) ?? ''
    return /[A-HJ-NP-Z](?:\d{3,4}|-[A-HJ-NP-Z]\d{2,4})/.exec(text)?.[0] ?? ''
  }
  const ticketsOf = async (number: string) =>
    (await benchState(hospital)).tickets.filter(({ text }) => text.includes(number))
  const backToStart = async () => {
    await tap(/完成|重新开始|回到首页/)
    await sees(kiosk, '自助签到')
  }

  test('the start says ready once and every address answers a plain request', async () => {
    expect(hospital.printed().match(/^ready$/gm)).toHaveLength(1)
    for (const address of [hospital.kiosk, hospital.admin, hospital.bench, hospital.reference]) {
      expect((await fetch(address)).status).toBe(200)
    }
  })

  test('a patient types the code of the message and holds a ticket', async () => {
    await sees(kiosk, '自助签到')
    await typeCode(take('on-time'))
    await sees(kiosk, '是您吗？')
    await tap('是我，签到')
    await sees(kiosk, '签到成功')
    const number = await numberOnScreen()
    await sees(kiosk, '请取走您的票。')
    const tickets = await ticketsOf(number)
    expect(tickets).toHaveLength(1)
    expect(tickets[0]?.partial).toBe(false)
    await backToStart()
  })

  test('a patient scans the QR and needs one tap', async () => {
    await scan(take('on-time'))
    await sees(kiosk, '是您吗？')
    await tap('是我，签到')
    await sees(kiosk, '请取走您的票。')
    await backToStart()
  })

  test.for<[string, string | RegExp]>([
    ['too-early', /起可以签到/],
    ['other-day', /您的预约是/],
    ['cancelled', /取消/],
    ['rescheduled', /改/],
    ['other-site', /院区|东院/],
    ['closed', '这个预约的签到已结束'],
    ['two-appointments', '今天要签到哪一个？'],
  ])('a booking that is %s is told so, in its own words, and is not checked in', async ([shows, words], { skip }) => {
    if (isMissing(shows)) skip(notAtThisHour)
    await scan(take(shows))
    await sees(kiosk, words)
    if (shows !== 'two-appointments') await sees(kiosk, '您还没有签到。')
    await backToStart()
  })

  test('a late patient is told of the late list and still gets a number', async ({ skip }) => {
    if (isMissing('late')) skip(notAtThisHour)
    const booking = take('late')
    await scan(booking)
    await sees(kiosk, /已过预约时间/)
    await tap('是我，签到')
    await sees(kiosk, '签到成功')
    const number = await numberOnScreen()
    await sees(kiosk, '请取走您的票。')
    await backToStart()
    await scan(booking)
    await sees(kiosk, '您已经签到了')
    expect(await numberOnScreen()).toBe(number)
    await backToStart()
  })

  test('with the paper pulled in mid-ticket the screen tells it, and one whole ticket comes out after loading', async () => {
    await atBench(hospital, 'printer', { action: 'set-speed', mmPerS: 40 })
    await scan(take('on-time'))
    await tap('是我，签到')
    await expect.poll(async () => (await benchState(hospital)).printer.printing, { timeout: patienceMs }).toBe(true)
    await atBench(hospital, 'printer', { action: 'pull-paper' })
    await sees(kiosk, /打印机缺纸/)
    const number = await numberOnScreen()
    expect(number).not.toBe('')
    await atBench(hospital, 'printer', { action: 'load-paper' })
    await sees(kiosk, '请取走您的票。')
    expect((await ticketsOf(number)).filter(({ partial }) => !partial)).toHaveLength(1)
    await atBench(hospital, 'printer', { action: 'set-speed', mmPerS: 150 })
    await backToStart()
  })

  test('the administrator signs in for the first time and is walked through what the role demands', async () => {
    const { email, oneTimePassword } = hospital.administrator
    await admin.goto(hospital.admin)
    await admin.getByLabel('邮箱').fill(email)
    await admin.getByLabel('密码', { exact: true }).fill(oneTimePassword)
    await admin.getByRole('button', { name: /^登\s?录$/ }).click()
    await chooseOwnPassword(admin)
    await setUpSecondFactor(admin)
    await sees(admin, '今日预约')
    await sees(admin, /一楼大厅 [A-Z] 机/)
  })

  test('with the network cut a patient checks in all the same, and the admin sees it when it is back', async () => {
    await atBench(hospital, 'network', { cut: true })
    await sees(kiosk, /医院网络暂时中断/)
    await scan(take('on-time'))
    await tap('是我，签到')
    await sees(kiosk, '签到成功')
    const number = await numberOnScreen()
    await sees(kiosk, '请取走您的票。')
    await backToStart()
    expect(await admin.getByText(number, { exact: true }).count()).toBe(0)
    await atBench(hospital, 'network', { cut: false })
    await admin.getByText(number, { exact: true }).first().waitFor()
    await kiosk.getByText(/医院网络暂时中断/).waitFor({ state: 'detached' })
  })

  test('nothing of any patient is left in the page', async () => {
    const kept = await kiosk.evaluate<{ local: number; session: number; databases: number; address: string }>(
      `(async () => ({ local: localStorage.length, session: sessionStorage.length,
        databases: (await indexedDB.databases()).length, address: location.href }))()`,
    )
    expect(kept).toMatchObject({ local: 0, session: 0, databases: 0 })
    expect(kept.address).toBe(`${new URL(hospital.kiosk).origin}/`)
    expect(await kiosk.locator('body').textContent()).not.toMatch(/\*/)
  })

  test('Ctrl-C ends everything', async () => {
    expect(await hospital.stop()).toBe(0)
    await expect(fetch(hospital.kiosk)).rejects.toThrow()
    await expect(fetch(hospital.admin)).rejects.toThrow()
  })
})

async function chooseOwnPassword(admin: Page): Promise<void> {
  await admin.getByLabel('新密码', { exact: true }).fill(newPassword)
  const again = admin.getByLabel(/再输/)
  if ((await again.count()) > 0) await again.fill(newPassword)
  await admin.getByRole('button', { name: '设为我的密码' }).click()
}

async function setUpSecondFactor(admin: Page): Promise<void> {
  const secret = await admin.locator('.entry-secret').textContent()
  await admin.getByLabel('第 1 位，共 6 位').click()
  await admin.keyboard.type(oneTimeCode(secret ?? '', Date.now()))
  await admin.getByText('我已保存好恢复码').click()
  await admin.getByRole('button', { name: '进入管理台' }).click()
}
