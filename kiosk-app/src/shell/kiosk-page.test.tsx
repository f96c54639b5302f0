import { ORPCError } from '@orpc/client'
import { screen, waitFor } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleStation } from '../gallery/sample-station.ts'
import type { StationStandIn } from '../station/station-stand-in.ts'
import type { TurnableClock } from '../station/turnable-clock.ts'
import { heading, type KioskVisit, press, visitKiosk } from './kiosk-visit.tsx'

let visit: KioskVisit
let station: StationStandIn
let clock: TurnableClock

beforeEach(async () => {
  visit = await visitKiosk()
  ;({ station, clock } = visit)
})
afterEach(() => visit.leave())

test('a page without the launch cookie asks to be started from the station', async () => {
  station.answers.view = () => {
    throw new ORPCError('UNAUTHORIZED', { status: 401 })
  }
  station.push((heard) => heard.connected())
  await heading('请从站点启动本页')
})

test('a station that does not answer is said in words, and the page comes back by itself', async () => {
  station.answers.view = () => {
    throw new Error('station gone')
  }
  station.push((heard) => heard.disconnected())
  await heading('本机暂停服务')
  expect(screen.getByText(/请到一楼大厅导诊台签到/)).toBeVisible()
  station.answers.view = () => sampleStation
  clock.turn(1_000)
  await heading('自助签到')
})

test('an idle page reloads when the files have changed, a page in use does not', async () => {
  await press('输入预约码签到')
  station.answers.view = () => ({ ...sampleStation, buildId: 'another-build' })
  station.push((heard) => heard.stationChanged())
  await heading('请输入预约码')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(visit.reloads()).toBe(0)
  await press(/重新开始/)
  await waitFor(() => expect(visit.reloads()).toBe(1))
})
