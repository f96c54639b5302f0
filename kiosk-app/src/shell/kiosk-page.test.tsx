import { ORPCError } from '@orpc/client'
import { screen, waitFor } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleAppointment } from '../check-in/check-in-samples.ts'
import { sampleNow, sampleStation } from '../gallery/sample-station.ts'
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

test.each([
  [
    'rebuilding',
    /^设备正在自动修复，约 1 分钟后恢复$/,
    /使用旁边的自助机，也可以到一楼大厅导诊台签到/,
    /repairing itself/,
  ],
  ['storage-full', '本机存储空间不足，暂停签到', /使用旁边的自助机，或到一楼大厅导诊台签到/, /out of storage/],
  ['power-failing', '停电，本机暂停办理新业务', /请到一楼大厅导诊台签到/, /The power is out/],
] as const)('a machine that is %s says why and where to go, and takes no scan', async (why, title, now, inEnglish) => {
  station.answers.view = () => ({ ...sampleStation, outOfService: why })
  station.push((heard) => heard.stationChanged())
  await heading(title)
  expect(screen.getByText(now)).toBeVisible()
  expect(screen.getByText(inEnglish)).toBeVisible()
  station.push((heard) => heard.scanReceived({ scanId }))
  await heading(title)
  expect(station.asked.identify ?? []).toHaveLength(0)
  station.answers.view = () => sampleStation
  station.push((heard) => heard.stationChanged())
  await heading('自助签到')
})

test('a station that stops on its last battery still has its cause on the screen; of any other silence nothing is claimed', async () => {
  for (const [why, title, inSilence] of [
    ['power-failing', '停电，本机暂停办理新业务', '停电，本机暂停办理新业务'],
    ['rebuilding', '设备正在自动修复，约 1 分钟后恢复', '本机暂停服务'],
  ] as const) {
    station.answers.view = () => ({ ...sampleStation, outOfService: why })
    station.push((heard) => heard.stationChanged())
    await heading(title)
    let unanswered = 0
    station.answers.view = () => {
      unanswered += 1
      throw new Error('station gone')
    }
    station.push((heard) => heard.disconnected())
    await waitFor(() => {
      clock.turn(1_000)
      expect(unanswered).toBeGreaterThan(2)
    })
    await heading(inSilence)
    station.answers.view = () => sampleStation
    station.push((heard) => heard.connected())
    await heading('自助签到')
  }
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

async function inEnglishAndLarge() {
  await press('English')
  await press('Text · Contrast')
  await press('Large text')
  await press('Done')
}
const isLarge = () => document.querySelector('.kiosk')?.getAttribute('data-large') === 'true'
const scanId = '019ac000-0000-7000-8000-0000000000b1'
const scan = () => station.push((heard) => heard.scanReceived({ scanId }))
const typeCode = async () => {
  await press('Type my booking code')
  await userEvent.keyboard('202611225')
}

test.each([
  ['the typed code', typeCode],
  [
    'the second item',
    async () => {
      await typeCode()
      await userEvent.keyboard('{Enter}')
      await heading(/last 4 digits/)
    },
  ],
  [
    'a booking that was not found',
    async () => {
      station.answers.identify = ({ errors }) => {
        throw errors['booking-unknown']({ data: { centreReachable: true, triesLeft: 4 } })
      }
      scan()
      await heading('No appointment found')
      station.answers.identify = () => ({ appointments: [sampleAppointment(sampleNow)] })
    },
  ],
])('a scan at %s, where nobody was named yet, keeps language and large text', async (_, goThere) => {
  await inEnglishAndLarge()
  await goThere()
  scan()
  await heading('Is this you?')
  expect(isLarge()).toBe(true)
})

test('a scan after somebody was named, even back at the typed code, forgets language and large text', async () => {
  await inEnglishAndLarge()
  scan()
  await heading('Is this you?')
  await press('Back')
  await heading('Type your booking code')
  scan()
  await heading('是您吗？')
  expect(isLarge()).toBe(false)
})

test('starting over keeps the language until somebody was named', async () => {
  await inEnglishAndLarge()
  await typeCode()
  await press('Start over')
  await heading('Check in here')
  expect(isLarge()).toBe(true)
  scan()
  await heading('Is this you?')
  await press('Not me · Start over')
  await heading('自助签到')
  expect(isLarge()).toBe(false)
})

test('a screen left idle before anybody was named is wiped whole', async () => {
  await inEnglishAndLarge()
  await typeCode()
  clock.turn(90_000)
  await heading('自助签到')
  expect(isLarge()).toBe(false)
})
