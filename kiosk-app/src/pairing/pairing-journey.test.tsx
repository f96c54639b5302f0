import { screen } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleNotLetIn, sampleStation } from '../gallery/sample-station.ts'
import { heading, type KioskVisit, visitKiosk } from '../shell/kiosk-visit.tsx'

let visit: KioskVisit
beforeEach(async () => {
  visit = await visitKiosk()
})
afterEach(() => visit.leave())

function show(view: typeof sampleStation): void {
  visit.station.answers.view = () => view
  visit.station.push((heard) => heard.stationChanged())
}

test('a machine that nobody knows shows code and fingerprint, and goes on once it is let in', async () => {
  show({ ...sampleNotLetIn['pairing-code'].view, outOfService: 'not-configured' })
  await heading('本机尚未登记')
  expect(screen.getByText('4071')).toBeVisible()
  expect(screen.getByText('8265')).toBeVisible()
  expect(screen.getByText(/3f0a 91bc 77de 0412/)).toBeVisible()
  show(sampleStation)
  await heading('自助签到')
})

test('each way of not being let in has its own words', async () => {
  show({ ...sampleStation, outOfService: 'revoked' })
  await heading('本机已停用')
  show({ ...sampleNotLetIn['quarantined'].view, outOfService: 'quarantined' })
  await heading('本机已隔离')
  show({ ...sampleNotLetIn['awaiting-centre'].view, outOfService: 'awaiting-centre' })
  await heading('等待中心授权')
})
