import { centreContract } from '@yizhan/contracts/centre'
import { stationPairingContract } from '@yizhan/contracts/pairing'
import { stationContract } from '@yizhan/contracts/station'
import { stationEvents, syncContract } from '@yizhan/contracts/sync'
import { createCentreRouter } from '@yizhan/crm-server/http/centre-router'
import { createPairingRouter } from '@yizhan/crm-server/pairing/pairing-router'
import { eventHandlers } from '@yizhan/crm-server/sync/event-handler'
import { createSyncRouter } from '@yizhan/crm-server/sync/sync-router'
import { attachmentProcedures } from '@yizhan/station-server/attachment/attachment-procedures'
import { checkInProcedures } from '@yizhan/station-server/check-in/check-in-procedures'
import { readinessProcedures } from '@yizhan/station-server/device/readiness-procedures'
import { stationRouter } from '@yizhan/station-server/http/station-app'
import { expect, test } from 'vitest'

/** Where the library keeps a call's definition, in contracts and in routers alike. */
const marker = '~orpc'

/** Every call below an object, as dotted paths; `accepts` tells a call from a group. */
function callsOf(group: object, accepts: (definition: object) => boolean, prefix = ''): string[] {
  return Object.entries(group).flatMap(([name, member]) => {
    if (typeof member !== 'object' || member === null) return []
    if (!(marker in member)) return callsOf(member, accepts, `${prefix}${name}.`)
    const definition = member[marker]
    return typeof definition === 'object' && definition !== null && accepts(definition) ? [`${prefix}${name}`] : []
  })
}

const promised = (contract: object) => callsOf(contract, () => true).sort()
const served = (router: object) => callsOf(router, (definition) => 'handler' in definition).sort()

/** Routers only keep what they are given until a call comes; none comes here. */
const nothingYet = <Deps>(): Deps => ({}) as Deps

test('the station serves every call of its contract, and none besides', () => {
  const checkIn = checkInProcedures(nothingYet())
  const readiness = readinessProcedures(nothingYet())
  const attachment = attachmentProcedures(nothingYet(), nothingYet())
  const router = stationRouter({ drawView: () => nothingYet(), checkIn, readiness, attachment })
  expect(promised(stationContract).length).toBeGreaterThan(3)
  expect(served(router)).toEqual(promised(stationContract))
})

test('the centre serves staff and integrators every call of its contract, and none besides', () => {
  expect(promised(centreContract)).toContain('appointment.create')
  expect(served(createCentreRouter(nothingYet()))).toEqual(promised(centreContract))
})

test('the centre serves its stations every call of the sync contract, and none besides', () => {
  expect(promised(syncContract)).toContain('upload')
  expect(served(createSyncRouter(nothingYet()))).toEqual(promised(syncContract))
})

test('the centre serves stations that nobody knows yet every call of theirs, and none besides', () => {
  expect(served(createPairingRouter(nothingYet()))).toEqual(promised(stationPairingContract))
})

test('the centre handles every event that a station reports', () => {
  expect(Object.keys(eventHandlers).sort()).toEqual(Object.keys(stationEvents).sort())
})
