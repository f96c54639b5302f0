import { screen, waitFor, within } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleNow } from '../gallery/sample-station.ts'
import { heading, type KioskVisit, press, visitKiosk } from '../shell/kiosk-visit.tsx'
import type { StationStandIn } from '../station/station-stand-in.ts'
import type { TurnableClock } from '../station/turnable-clock.ts'
import { sampleAppointment, samplePrint, sampleTicket } from './check-in-samples.ts'

const code = '202611225'
let visit: KioskVisit
let station: StationStandIn
let clock: TurnableClock

beforeEach(async () => {
  visit = await visitKiosk()
  ;({ station, clock } = visit)
})
afterEach(() => visit.leave())

async function typeOnKeypad(digits: string) {
  for (const digit of digits) await press(digit)
}
async function typeToConfirm() {
  await press('输入预约码签到')
  await heading('请输入预约码')
  await userEvent.keyboard(code)
  await press('下一步')
  await heading('请输入手机号后四位')
  await userEvent.keyboard('0308')
  await press('下一步')
  await heading('是您吗？')
}
const scanId = '019ac000-0000-7000-8000-0000000000b1'
const scan = () => station.push((heard) => heard.scanReceived({ scanId }))

test('a patient types the code and the second item, confirms the masked name and holds a number', async () => {
  await press('输入预约码签到')
  await typeOnKeypad(code)
  await press('下一步')
  await heading('请输入手机号后四位')
  await typeOnKeypad('0308')
  await press('下一步')
  await heading('是您吗？')
  expect(screen.getByText('王*明')).toBeVisible()
  await press('是我，签到')
  await heading('签到成功')
  expect(screen.getByText('A037')).toBeVisible()
  expect(screen.getByText('2 楼 B 区 3 诊室')).toBeVisible()
  expect(screen.getByText(/前面还有 3 人，大约等 10–20 分钟（08:40 估计）/)).toBeVisible()
  expect(screen.getByText('正在打印，请在出票口等候。')).toBeVisible()
  station.push((heard) => heard.printJobChanged({ ...samplePrint(sampleNow, 'confirmed'), changedAt: sampleNow + 1 }))
  await screen.findByText('请取走您的票。')
  expect(station.asked.identify).toMatchObject([{ credential: { kind: 'typed', code, secondItem: '0308' } }])
})

test('a scan leads to the confirm screen without a touch and needs one to check in', async () => {
  scan()
  await heading('是您吗？')
  await press('是我，签到')
  await heading('签到成功')
  expect(station.asked.identify).toMatchObject([{ credential: { kind: 'scanned', scanId } }])
})

test('a mistyped digit is told at the field without any search, and can be corrected', async () => {
  await press('输入预约码签到')
  await heading('请输入预约码')
  await userEvent.keyboard(`${code.slice(0, 8)}0`)
  await userEvent.keyboard('{Enter}')
  await screen.findByText(/号码有误/)
  expect(station.asked.identify).toEqual([])
  await userEvent.keyboard(`{Backspace}${code[8]}{Enter}`)
  await heading('请输入手机号后四位')
})

test('the whole journey works with a hardware number keypad alone', async () => {
  await userEvent.keyboard(`${code}{Enter}`)
  await heading('请输入手机号后四位')
  await userEvent.keyboard('0308{Enter}')
  await heading('是您吗？')
  await userEvent.keyboard('{Enter}')
  await heading('签到成功')
})

test('the heading of every new screen has the focus', async () => {
  await press('输入预约码签到')
  await waitFor(() => expect(document.activeElement?.textContent).toBe('请输入预约码'))
})

test('a double tap checks in once', async () => {
  await typeToConfirm()
  const button = await screen.findByRole('button', { name: '是我，签到' })
  button.click()
  button.click()
  await heading('签到成功')
  expect(station.asked.commit).toHaveLength(1)
})

test('a commit whose answer is lost is asked again with the same operation until it is answered', async () => {
  await typeToConfirm()
  station.answers.commit = () => Promise.reject(new Error('cable pulled'))
  await press('是我，签到')
  await heading('正在核实是否签到成功')
  expect(screen.queryByText('王*明')).toBeNull()
  expect(screen.getByRole('button', { name: /重新开始/ })).toBeDisabled()
  station.answers.commit = () => sampleTicket(sampleNow)
  clock.turn(1_000)
  await heading('签到成功')
  const operations = new Set(station.asked.commit.map((input) => (input as { operationId: string }).operationId))
  expect(station.asked.commit.length).toBeGreaterThan(1)
  expect(operations.size).toBe(1)
})

test('a session that ended at the station after a lost answer does not claim that nothing was recorded', async () => {
  await typeToConfirm()
  station.answers.commit = () => Promise.reject(new Error('cable pulled'))
  await press('是我，签到')
  await heading('正在核实是否签到成功')
  station.answers.commit = ({ errors }) => {
    throw errors['session-over']()
  }
  clock.turn(1_000)
  await heading('不能确定刚才是否签到成功')
  expect(screen.queryByText('您还没有签到。')).toBeNull()
})

test('a scan during another session starts a new one and ends the old', async () => {
  await typeToConfirm()
  scan()
  await waitFor(() => expect(station.asked.end).toHaveLength(1))
  await heading('是您吗？')
  const sessions = station.asked.identify.map((input) => (input as { sessionId: string }).sessionId)
  expect(new Set(sessions).size).toBe(2)
  expect(station.asked.end).toEqual([{ sessionId: sessions[0] }])
})

test('garbage from the scanner is said on the first screen and changes nothing on a later one', async () => {
  station.push((heard) => heard.scanRefused({ refusal: 'unreadable' }))
  await heading('这个码无法识别')
  expect(screen.getByText('您还没有签到。')).toBeVisible()
  expect(screen.queryByRole('button', { name: '返回' })).toBeNull()
  await press('重新开始')
  await heading('自助签到')
  await typeToConfirm()
  station.push((heard) => heard.scanRefused({ refusal: 'control-characters' }))
  await screen.findByText(/没有影响您的操作/)
  await heading('是您吗？')
})

test('an idle screen asks after a minute and is wiped half a minute later, with nothing of the patient left', async () => {
  await press('English')
  await typeToConfirmInEnglish()
  clock.turn(60_000)
  const question = within(await screen.findByRole('dialog'))
  expect(question.getByRole('heading', { name: 'Do you need more time?' })).toBeVisible()
  clock.turn(30_000)
  await heading('自助签到')
  expect(document.documentElement.outerHTML).not.toContain('王*明')
  expect(location.href + document.title + JSON.stringify(history.state)).not.toContain(code)
  expect(localStorage.length + sessionStorage.length).toBe(0)
  await waitFor(() => expect(station.asked.end).toHaveLength(1))
})

test('more time may be asked for again and again', async () => {
  await press('输入预约码签到')
  for (let round = 0; round < 12; round += 1) {
    clock.turn(60_000)
    await press('我还需要时间')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  }
  clock.turn(59_000)
  await heading('请输入预约码')
})

async function typeToConfirmInEnglish() {
  await press('Type my booking code')
  await heading('Type your booking code')
  await userEvent.keyboard(`${code}{Enter}`)
  await heading(/last 4 digits/)
  await userEvent.keyboard('0308{Enter}')
  await heading('Is this you?')
}

test('the language lasts for one session and is forgotten', async () => {
  await press('English')
  await typeToConfirmInEnglish()
  await press('Yes, check me in')
  await heading('You are checked in')
  expect(station.asked.commit).toMatchObject([{ locale: 'en' }])
  station.push((heard) => heard.printJobChanged({ ...samplePrint(sampleNow, 'confirmed'), changedAt: sampleNow + 1 }))
  await screen.findByText('Please take your ticket.')
  clock.turn(15_000)
  await heading('自助签到')
})

test('a language chosen and left on the first screen goes back after a minute', async () => {
  await press('English')
  await heading('Check in here')
  clock.turn(60_000)
  await heading('自助签到')
})

test('an unknown booking is told with what was not done, and the typed code stays for correction', async () => {
  station.answers.identify = ({ errors }) => {
    throw errors['booking-unknown']({ data: { centreReachable: true, triesLeft: 2 } })
  }
  await press('输入预约码签到')
  await heading('请输入预约码')
  await userEvent.keyboard(`${code}{Enter}`)
  await heading('请输入手机号后四位')
  await userEvent.keyboard('9999{Enter}')
  await heading('没有找到预约')
  expect(screen.getByText('您还没有签到。')).toBeVisible()
  expect(screen.getByText(/一楼大厅导诊台/)).toBeVisible()
  await press('重新输入预约码')
  await heading('请输入预约码')
  expect(screen.getByText(`已输入：${[...code].join(' ')}`)).toBeInTheDocument()
})

test('too many tries count down and then offer another', async () => {
  station.answers.identify = ({ errors }) => {
    throw errors['too-many-tries']({ data: { retryAfterMs: 20_000 } })
  }
  scan()
  await heading('请等一会儿再输')
  expect(screen.getByText(/0:20，或直接扫预约二维码/)).toBeVisible()
  clock.turn(11_000)
  await screen.findByText(/请再等 几秒钟/)
  clock.turn(10_000)
  await heading('现在可以再输了')
  await screen.findByRole('button', { name: '重新输入预约码' })
})

test('two appointments are offered alike, with the nearest first and named so, and the masked name once', async () => {
  const later = sampleAppointment(sampleNow, {
    bookingId: '019ac000-0000-7000-8000-0000000000c2',
    slotStart: sampleNow + 7_200_000,
    slotEnd: sampleNow + 9_000_000,
    standing: 'on-time',
  })
  station.answers.identify = () => ({ appointments: [later, sampleAppointment(sampleNow)] })
  scan()
  await heading('今天要签到哪一个？')
  const choices = within(screen.getByRole('main')).getAllByRole('button')
  expect(choices.map((choice) => choice.textContent?.slice(0, 5))).toEqual(['09:10', '10:40'])
  expect(choices.map((choice) => choice.textContent?.includes('最近'))).toEqual([true, false])
  const [first, second] = choices.map((choice) => getComputedStyle(choice))
  expect(first?.backgroundColor).toBe(second?.backgroundColor)
  expect(screen.getAllByText('王*明')).toHaveLength(1)
})
