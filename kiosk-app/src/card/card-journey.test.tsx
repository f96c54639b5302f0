import { screen, waitFor, within } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { samplePrint, sampleTicket } from '../check-in/check-in-samples.ts'
import { sampleNow, sampleStation } from '../gallery/sample-station.ts'
import { heading, type KioskVisit, press, visitKiosk } from '../shell/kiosk-visit.tsx'
import type { StationStandIn } from '../station/station-stand-in.ts'
import type { TurnableClock } from '../station/turnable-clock.ts'

const code = '202611225'
const cardId = '019ac000-0000-7000-8000-0000000000b2'
const first = '019ac000-0000-7000-8000-0000000000f1'
const second = '019ac000-0000-7000-8000-0000000000f2'
const reading = '正在读卡，请不要取出卡片'
let visit: KioskVisit
let station: StationStandIn
let clock: TurnableClock

beforeEach(async () => {
  visit = await visitKiosk()
  ;({ station, clock } = visit)
})
afterEach(() => visit.leave())

const insert = (readingId = first) => station.push((heard) => heard.cardInserted({ readingId }))
const read = (readingId = first, itsCard = cardId) =>
  station.push((heard) => heard.cardRead({ readingId, cardId: itsCard }))
const remove = (readingId = first) => station.push((heard) => heard.cardRemoved({ readingId }))
const refuse = (problem: 'upside-down' | 'removed-early' | 'unknown-card', readingId = first) =>
  station.push((heard) => heard.cardRefused({ readingId, problem }))

async function typeToSecondItem() {
  await press('输入预约码签到')
  await heading('请输入预约码')
  await userEvent.keyboard(`${code}{Enter}`)
  await heading('请输入手机号后四位')
}

test('a card leads to the confirm screen without a touch, and the card may be taken back at once', async () => {
  insert()
  await heading(reading)
  read()
  await heading('是您吗？')
  remove()
  await press('是我，签到')
  await heading('签到成功')
  expect(station.asked.identify).toMatchObject([{ credential: { kind: 'card', cardId } }])
  expect(screen.queryByText('请取回您的卡片。')).toBeNull()
})

test('a card that is still in the reader with the ticket, or on the first screen, is not forgotten', async () => {
  insert()
  await heading(reading)
  read()
  await heading('是您吗？')
  expect(screen.queryByText('请取回您的卡片。')).toBeNull()
  station.answers.commit = () => sampleTicket(sampleNow, { print: samplePrint(sampleNow, 'confirmed') })
  await press('是我，签到')
  await heading('签到成功')
  await screen.findByText('请取回您的卡片。')
  clock.turn(15_000)
  await heading('自助签到')
  expect(screen.getByText('请取回您的卡片。')).toBeVisible()
  remove()
  await waitFor(() => expect(screen.queryByText('请取回您的卡片。')).toBeNull())
})

test('a card the wrong way round is answered with a picture, and the other ways stay open', async () => {
  insert()
  await heading(reading)
  refuse('upside-down')
  await heading('没有读到芯片，卡片可能放反了')
  expect(screen.getByRole('img', { name: '把卡片翻过来：芯片朝上，朝里' })).toBeVisible()
  expect(screen.getByText('您还没有签到。')).toBeVisible()
  await press('改为输入预约码')
  await heading('请输入预约码')
  insert(second)
  read(second)
  await heading('是您吗？')
})

test('a card that cannot be read does not end the session of somebody in the middle of one', async () => {
  await typeToSecondItem()
  await userEvent.keyboard('03')
  insert()
  await heading(reading)
  expect(screen.queryByText(/已输入/)).toBeNull()
  refuse('unknown-card')
  await heading('请输入手机号后四位')
  await screen.findByText('刚才的卡没有读出来，没有影响您的操作。')
  expect(screen.getByText('已输入：0 3')).toBeInTheDocument()
  expect(station.asked.end).toEqual([])
})

test('a card that can be read ends the session before it and begins another', async () => {
  await typeToSecondItem()
  await userEvent.keyboard('0308{Enter}')
  await heading('是您吗？')
  insert()
  await heading(reading)
  expect(screen.queryByText('王*明')).toBeNull()
  read()
  await heading('是您吗？')
  const sessions = station.asked.identify.map((input) => (input as { sessionId: string }).sessionId)
  expect(new Set(sessions).size).toBe(2)
  expect(station.asked.end).toEqual([{ sessionId: sessions[0] }])
})

test('late words about another card change nothing', async () => {
  insert(first)
  await heading(reading)
  insert(second)
  refuse('removed-early', first)
  read(first, '019ac000-0000-7000-8000-0000000000f9')
  await heading(reading)
  read(second)
  await heading('是您吗？')
  refuse('unknown-card', second)
  read(first)
  await heading('是您吗？')
  expect(station.asked.identify).toHaveLength(1)
  expect(station.asked.identify).toMatchObject([{ credential: { cardId } }])
})

test('a card whose outcome is never told does not keep the screen', async () => {
  insert()
  await heading(reading)
  clock.turn(5_000)
  await heading('这张卡没有读出来')
})

test('a card does not disturb a check-in that is being recorded', async () => {
  await typeToSecondItem()
  await userEvent.keyboard('0308{Enter}')
  await heading('是您吗？')
  station.answers.commit = () => Promise.reject(new Error('cable pulled'))
  await press('是我，签到')
  await heading('正在核实是否签到成功')
  insert()
  read()
  station.answers.commit = () => sampleTicket(sampleNow)
  clock.turn(1_000)
  await heading('签到成功')
  expect(screen.getByText('A037')).toBeVisible()
  await screen.findByText('请取回您的卡片。')
})

test('no booking under a card, a card read too long ago and a voucher that nobody decodes have their own words', async () => {
  station.answers.identify = ({ errors }) => {
    throw errors['booking-unknown']({ data: { centreReachable: true, triesLeft: 5 } })
  }
  insert()
  read()
  await heading('这张卡下，没有找到今天的预约')
  expect(screen.getByText('您还没有签到。')).toBeVisible()
  await screen.findByText('请取回您的卡片。')
  station.answers.identify = ({ errors }) => {
    throw errors['card-gone']()
  }
  insert(second)
  read(second)
  await heading('刚才读的卡过时了')
  station.answers.identify = ({ errors }) => {
    throw errors['decoder-unreachable']()
  }
  station.push((heard) => heard.scanReceived({ scanId: cardId }))
  await heading('医保电子凭证暂时不能识别')
})

test('what was told about cards is forgotten with the line to the station', async () => {
  insert()
  refuse('upside-down')
  await heading('没有读到芯片，卡片可能放反了')
  expect(screen.queryByText('请取回您的卡片。')).toBeNull()
  await press('重新开始')
  await screen.findByText('请取回您的卡片。')
  station.push((heard) => heard.disconnected())
  await waitFor(() => expect(screen.queryByText('请取回您的卡片。')).toBeNull())
})

test('the first screen says which ways there are, and in a quiet word which do not work', async () => {
  expect(screen.getByText(/社保卡、就诊卡芯片朝上插入读卡口/)).toBeVisible()
  const { cardReader, idReader } = sampleStation
  station.answers.view = () => ({
    ...sampleStation,
    cardReader: cardReader && { ...cardReader, phase: 'fault', reasons: ['daemon-down'] },
  })
  station.push((heard) => heard.stationChanged())
  await screen.findByText('读卡口暂不能用，请扫码、放身份证或输入预约码。')
  station.answers.view = () => ({
    ...sampleStation,
    cardReader: null,
    idReader: idReader && { ...idReader, phase: 'absent', reasons: ['link-lost'] },
  })
  station.push((heard) => heard.stationChanged())
  await screen.findByText('身份证感应区暂不能用，请扫码或输入预约码。')
  expect(screen.queryByText('带了卡？直接刷')).toBeNull()
})

test('on the battery nobody new begins, and who is being served is served to the end', async () => {
  insert()
  read()
  await heading('是您吗？')
  station.answers.view = () => ({ ...sampleStation, outOfService: 'power-failing' })
  station.push((heard) => heard.stationChanged())
  station.answers.commit = () => sampleTicket(sampleNow)
  await press('是我，签到')
  await heading('签到成功')
  remove()
  await press('完成')
  await heading('停电，本机暂停办理新业务')
  expect(within(screen.getByRole('main')).getByText(/The power is out/)).toBeVisible()
  insert(second)
  station.push((heard) => heard.scanReceived({ scanId: cardId }))
  await heading('停电，本机暂停办理新业务')
  expect(station.asked.identify).toHaveLength(1)
})
