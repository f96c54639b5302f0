import { fakeHistory } from '../pairing/fake-pairings.ts'
import type { CentreClient } from '../shell/admin-services.ts'
import type { FakeCentre } from '../shell/fake-centre.ts'
import { fakeDeviceHistory } from './fake-device-history.ts'
import { fakeSetAside } from './fake-set-aside.ts'

const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

type Answering = <Input, Output>(
  call: string,
  answer: (centre: FakeCentre, input: Input | undefined) => Output,
) => (input?: Input, ..._rest: unknown[]) => Promise<Output>

/** The calls about stations, as the centre would answer them; one station's devices have changed. */
export function fakeFleet(answering: Answering, changedStationId: string | undefined): CentreClient['fleet'] {
  return {
    list: answering('fleet.list', ({ stations, now }) => ({ stations: [...stations], asOf: now })),
    enrol: answering('fleet.enrol', () => ({ stationId: uuid(1), keyFingerprint: '' })),
    deviceHistory: answering('fleet.deviceHistory', (centre, input: { stationId: string } | undefined) => ({
      changes: input?.stationId === changedStationId ? fakeDeviceHistory(centre.now) : [],
      asOf: centre.now,
    })),
    feedFile: answering('fleet.feedFile', ({ now }) => ({
      format: 'yizhan-feed-1' as const,
      tenantId: uuid(1),
      exportedAt: now,
      keyId: '01',
      nonce: 'AAAA',
      sealed: 'AAAA',
      signature: 'AAAA',
    })),
    slips: answering('fleet.slips', ({ slips, now }) => ({ slips: [...slips], asOf: now })),
    settleSlip: answering('fleet.settleSlip', ({ now }) => ({ decidedAt: now })),
    acknowledgeAlarm: answering('fleet.acknowledgeAlarm', ({ now }) => ({ acknowledgedAt: now })),
    setAsideEvents: answering('fleet.setAsideEvents', ({ now }) => ({ events: fakeSetAside(now) })),
    replayEvents: answering('fleet.replayEvents', ({ now }) => ({ replayed: fakeSetAside(now).length })),
    settleEvent: answering('fleet.settleEvent', ({ now }) => ({ settledAt: now })),
    revoke: answering('fleet.revoke', ({ now }) => ({ revokedAt: now })),
    rotateKey: answering('fleet.rotateKey', ({ now }) => ({ askedAt: now })),
    identityHistory: answering('fleet.identityHistory', ({ now }) => fakeHistory(now)),
  }
}
