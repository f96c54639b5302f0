import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { atBench, benchState, type RunningHospital, startHospital } from './running-hospital.ts'

// Takes the README's pictures of the real thing: `npm run pictures`. Needs Chromium and a CJK font.
const folder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url))

async function takePictures(hospital: RunningHospital, browser: Browser): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1080, height: 1920 },
    deviceScaleFactor: 0.4,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const kiosk = await context.newPage()
  const shoot = (name: string) => kiosk.screenshot({ path: `${folder}/${name}.png` })
  await kiosk.goto(hospital.kiosk)
  await kiosk.getByText('自助签到').first().waitFor()
  await kiosk.waitForTimeout(500)
  await shoot('kiosk-start')
  const booking = hospital.bookings.find(({ shows }) => shows === 'on-time')
  await atBench(hospital, 'scanner', { text: booking?.qr })
  await kiosk.getByText('是您吗？').waitFor()
  await shoot('kiosk-confirm')
  await kiosk.waitForTimeout(500)
  await kiosk.getByRole('button', { name: '是我，签到' }).click()
  await kiosk.getByText('请取走您的票。').waitFor()
  await shoot('kiosk-ticket')
  const ticket = (await benchState(hospital)).tickets[0]
  if (ticket === undefined) throw new Error('the printer printed nothing')
  await shootTicket(browser, new URL(ticket.pictureUrl, hospital.bench).href)
  await context.close()
}

async function shootTicket(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 640, height: 1000 }, deviceScaleFactor: 0.6 })
  const page = await context.newPage()
  await page.goto(url)
  await page.screenshot({ path: `${folder}/ticket.png` })
  await context.close()
}

mkdirSync(folder, { recursive: true })
const hospital = await startHospital()
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})
try {
  await takePictures(hospital, browser)
} finally {
  await browser.close()
  await hospital.stop()
}
