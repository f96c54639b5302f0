import { screen, within } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { sampleNow } from '../gallery/sample-station.ts'
import { heading, type KioskVisit, press, visitKiosk } from '../shell/kiosk-visit.tsx'
import type { StationStandIn } from '../station/station-stand-in.ts'
import type { TurnableClock } from '../station/turnable-clock.ts'
import { sampleAppointment, samplePrint, sampleTicket } from './check-in-samples.ts'

let visit: KioskVisit
let station: StationStandIn
let clock: TurnableClock

beforeEach(async () => {
  visit = await visitKiosk()
  ;({ station, clock } = visit)
})
afterEach(() => visit.leave())

const scanId = '019ac000-0000-7000-8000-0000000000b1'
const scan = () => station.push((heard) => heard.scanReceived({ scanId }))

test('a held print is settled by the patient, and the number stays until then', async () => {
  scan()
  await heading('是您吗？')
  station.answers.commit = () => sampleTicket(sampleNow, { print: samplePrint(sampleNow, 'held') })
  await press('是我，签到')
  await screen.findByRole('heading', { name: '票出来了吗？' })
  clock.turn(59_000)
  expect(screen.getByText('A037')).toBeVisible()
  station.answers.settlePrint = () =>
    sampleTicket(sampleNow, { print: samplePrint(sampleNow + 2, 'failed', 'paper-out') })
  await press('没出来')
  await screen.findByText(/打印机缺纸，票没有打印。/)
  expect(screen.getByText('A037')).toBeVisible()
  expect(station.asked.settlePrint).toMatchObject([{ cameOut: false, jobId: samplePrint(sampleNow, 'held').jobId }])
})

test('a reprint that is refused leaves the number on the screen', async () => {
  station.answers.identify = () => ({
    appointments: [
      sampleAppointment(sampleNow, { standing: 'checked-in', at: sampleNow - 60_000, queueNumber: 'A037' }),
    ],
  })
  scan()
  await heading('您已经签到了')
  station.answers.reprint = ({ errors }) => {
    throw errors['reprints-spent']()
  }
  await press('补打一张')
  await screen.findByText(/本机不能再补打了/)
  expect(screen.getByText('A037')).toBeVisible()
})

test('a print word that got lost is fetched by asking for the same ticket again', async () => {
  scan()
  await heading('是您吗？')
  await press('是我，签到')
  await screen.findByText('正在打印，请在出票口等候。')
  station.answers.commit = () =>
    sampleTicket(sampleNow, { print: { ...samplePrint(sampleNow, 'confirmed'), changedAt: sampleNow + 5 } })
  clock.turn(3_000)
  await screen.findByText('请取走您的票。')
})

test('the ticket has one way out, and help, language and display', async () => {
  scan()
  await heading('是您吗？')
  expect(screen.getByRole('button', { name: '不是我 · 重新开始' })).toBeVisible()
  station.answers.commit = () => sampleTicket(sampleNow)
  await press('是我，签到')
  await heading('签到成功')
  const onBar = within(screen.getByRole('navigation')).getAllByRole('button')
  expect(onBar.map((button) => button.textContent)).toEqual(['帮助', 'English', '大字 · 对比'])
  await press('完成')
  await heading('自助签到')
})

test('a print without any news for twenty seconds does not keep the patient', async () => {
  scan()
  await heading('是您吗？')
  await press('是我，签到')
  await screen.findByText('正在打印，请在出票口等候。')
  clock.turn(19_000)
  expect(screen.queryByRole('button', { name: '完成' })).toBeNull()
  clock.turn(1_000)
  await screen.findByText('没有出票也不要紧，号码有效，请拍照。')
  await press('完成')
  await heading('自助签到')
})

test.each([
  ['queued', 'paper-out'],
  ['sending', 'cover-open'],
  ['held', undefined],
  ['failed', 'hung'],
  ['expired', undefined],
  ['void', undefined],
] as const)('a ticket whose print is %s for %s can be finished at once', async (state, reason) => {
  scan()
  await heading('是您吗？')
  station.answers.commit = () => sampleTicket(sampleNow, { print: samplePrint(sampleNow, state, reason) })
  await press('是我，签到')
  await press('完成')
  await heading('自助签到')
})

test.each([
  [1080, 1920],
  [1280, 800],
])('the way out of a silent print fits a %i × %i panel in large text and low reach', async (width, height) => {
  await page.viewport(width, height)
  visit.page.look.show({ locale: 'en', large: true, contrast: false, low: true })
  scan()
  await heading('Is this you?')
  await press('Yes, check me in')
  await screen.findByText('Printing. Please wait at the ticket slot.')
  clock.turn(20_000)
  const finish = await screen.findByRole('button', { name: 'Finish' })
  expect(finish.getBoundingClientRect().top).toBeGreaterThanOrEqual(height * 0.55 - 1)
  for (const box of document.querySelectorAll('.screen-controls, .screen-info')) {
    expect(box.scrollHeight).toBeLessThanOrEqual(box.clientHeight + 2)
  }
  await page.viewport(1080, 1920)
})
