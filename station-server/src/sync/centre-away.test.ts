import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { safe } from '@orpc/client'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { expect, test, vi } from 'vitest'
import { fixtureBooking, fixtureStructure } from '../fixture/demo-rows.ts'
import { identifyTyped, startAgain, startStationFixture } from '../fixture/station-fixture.ts'

test('while the centre is away a patient does not wait for it, and one call alone tries it', async () => {
  const asked: string[] = []
  const centre = createServer((request) => {
    asked.push(request.url ?? '')
    request.socket.destroy()
  })
  centre.listen(0, '127.0.0.1')
  await once(centre, 'listening')
  const fixture = await startStationFixture(fixtureStructure())
  try {
    await fixture.station.stop()
    fixture.config.centreUrl = `http://127.0.0.1:${(centre.address() as AddressInfo).port}`
    await startAgain(fixture)
    const greetings = () => asked.filter((path) => path === '/sync/v1/hello').length
    // The second is of a station that has noticed: it tried again.
    await vi.waitFor(() => expect(greetings()).toBeGreaterThanOrEqual(2), patienceMs)
    const unknown = fixtureBooking(Date.now(), 1)
    const { error } = await safe(identifyTyped(fixture.client, unknown.code, '0001'))
    expect(error).toMatchObject({ code: 'booking-unknown', data: { centreReachable: false } })
    expect(asked).not.toContain('/sync/v1/pull')
  } finally {
    await fixture.stop()
    centre.close()
  }
})
