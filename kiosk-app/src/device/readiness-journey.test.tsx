import { fireEvent, screen, waitFor } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleNow } from '../gallery/sample-station.ts'
import { heading, type KioskVisit, press, visitKiosk } from '../shell/kiosk-visit.tsx'
import type { StationStandIn } from '../station/station-stand-in.ts'
import type { TurnableClock } from '../station/turnable-clock.ts'
import { readinessSamples, sampleReport } from './readiness-samples.ts'

let visit: KioskVisit
let station: StationStandIn
let clock: TurnableClock

beforeEach(async () => {
  visit = await visitKiosk()
  ;({ station, clock } = visit)
})
afterEach(() => visit.leave())

const samples = readinessSamples(sampleNow)
const waiting = samples['readiness-waiting-scan']?.report ?? sampleReport(sampleNow)
const failed = samples['readiness-failed']?.report ?? sampleReport(sampleNow)

function holdName(forMs: number) {
  const name = screen.getByText('云溪示范医院')
  fireEvent.pointerDown(name)
  clock.turn(forMs)
  fireEvent.pointerUp(name)
}

test('a finger rested three seconds on the name opens the readiness report, a shorter touch does not', async () => {
  holdName(2_900)
  clock.turn(5_000)
  await heading('自助签到')
  holdName(3_000)
  await heading('就绪检查')
})

test('the report does not open while a patient is being served', async () => {
  await press('输入预约码签到')
  await heading('请输入预约码')
  holdName(3_000)
  await heading('请输入预约码')
})

test('a run is live: it asks for a scan, then for a card, says what failed and what to do, and is ended', async () => {
  holdName(3_000)
  await heading('就绪检查')
  station.answers.startReadiness = () => waiting
  await press('开始检查')
  await heading('就绪检查：还没做完')
  expect(screen.getByRole('heading', { name: '请扫任意一个码' })).toBeVisible()
  const cardsWait = samples['readiness-waiting-card']?.report ?? waiting
  station.push((heard) => heard.readinessChanged({ ...cardsWait, changedAt: sampleNow + 1 }))
  await screen.findByRole('heading', { name: '请插入任意一张卡' })
  station.push((heard) => heard.readinessChanged(waiting))
  expect(screen.getByRole('heading', { name: '请插入任意一张卡' })).toBeVisible()
  station.push((heard) => heard.readinessChanged({ ...failed, changedAt: sampleNow + 2 }))
  await heading('就绪检查：未就绪')
  expect(screen.getByText('缺纸，请换纸卷。')).toBeVisible()
  expect(screen.getByText('261 122 113 200 025')).toBeVisible()
  expect(screen.getByText('读卡服务没有运行，请重新启动本机。')).toBeVisible()
  await press('结束')
  await heading('自助签到')
  expect(station.asked.endReadiness).toEqual([])
})

test('a run that still waits is ended with its screen, after a minute and a half without a touch', async () => {
  holdName(3_000)
  await heading('就绪检查')
  station.answers.startReadiness = () => waiting
  await press('开始检查')
  await heading('就绪检查：还没做完')
  clock.turn(90_000)
  await heading('自助签到')
  await waitFor(() => expect(station.asked.endReadiness).toHaveLength(1))
})

test('a test slip of a moment ago, and a printer that cannot print, are told in words', async () => {
  holdName(3_000)
  station.answers.startReadiness = ({ errors }) => {
    throw errors['tested-just-now']({ data: { retryAfterMs: 20_000 } })
  }
  await press('开始检查')
  await screen.findByText('刚打过测试条，请过 20 秒再试。')
  station.answers.startReadiness = () => failed
  await press('开始检查')
  await heading('就绪检查：未就绪')
  station.answers.printReadiness = ({ errors }) => {
    throw errors['printer-not-ready']()
  }
  await press('打印报告')
  await screen.findByText('打印机现在不能打印，请先看上面的打印机一项。')
})

test('the last report is shown when the screen opens', async () => {
  station.answers.readiness = () => sampleReport(sampleNow)
  holdName(3_000)
  await heading('就绪检查：就绪')
  expect(screen.getByRole('list', { name: '设备检查结果' }).children).toHaveLength(7)
})

test('a patient who scans takes the screen from the report', async () => {
  holdName(3_000)
  await heading('就绪检查')
  station.push((heard) => heard.scanReceived({ scanId: '019ac000-0000-7000-8000-0000000000b1' }))
  await heading('是您吗？')
  await press('不是我 · 重新开始')
  await heading('自助签到')
})
