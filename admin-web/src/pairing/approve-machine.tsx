import type { PendingPairing } from '@yizhan/contracts/pairing'
import { useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import { MachinePlace, newPlaceDraft, placeOf, type ReplaceableStation } from './machine-place.tsx'

interface Props {
  pairing: PendingPairing
  stations: readonly ReplaceableStation[]
  onAgain(): void
  onDone(): Promise<void>
}

/** Shows who a machine says it is, asks where it will stand, and approves it or turns it down. */
export function ApproveMachine({ pairing, stations, onAgain, onDone }: Props) {
  const say = useSay()
  const { client, clock } = useServices()
  const tellDone = useDoneMessage()
  const sending = useSending()
  const [draft, setDraft] = useState(() => newPlaceDraft(pairing))
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  const operations = useRef({ approve: newOperationId(clock()), refuse: newOperationId(clock()) })
  const place = placeOf(draft)
  const { pairingId, keyFingerprint } = pairing
  const carryOut = (work: () => Promise<unknown>, done: AdminMessageKey) =>
    sending.send(async () => {
      setRefused(null)
      try {
        await work()
        tellDone(say(done))
        await onDone()
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        // What was refused was not done: the next try is another operation.
        operations.current.approve = newOperationId(clock())
        setRefused(refusalWord(refusal))
      }
    })
  const approve = () => {
    if (place === null) return
    const operationId = operations.current.approve
    void carryOut(() => client.pairing.approve({ operationId, pairingId, keyFingerprint, place }), 'pairing.done')
  }
  const turnDown = () =>
    carryOut(() => client.pairing.refuse({ operationId: operations.current.refuse, pairingId }), 'pairing.turnedDown')
  return (
    <form
      class="pairing-form"
      onSubmit={(event) => {
        event.preventDefault()
        approve()
      }}
    >
      <MachineFacts pairing={pairing} />
      <MachinePlace draft={draft} stations={stations} onChange={setDraft} />
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {refused !== null && <Notice tone="bad">{say(refused)}</Notice>}
      <div class="pairing-buttons">
        <PushButton
          kind="primary"
          submits={true}
          label={say('pairing.approve')}
          busy={sending.busy}
          disabled={place === null}
        />
        <PushButton kind="quiet" label={say('pairing.again')} onPress={onAgain} />
        <PushButton kind="quiet-danger" label={say('pairing.turnDown')} onPress={turnDown} />
      </div>
    </form>
  )
}

function MachineFacts({ pairing }: { pairing: PendingPairing }) {
  const say = useSay()
  const localText = useLocalText()
  const { about, returning, keyFingerprint } = pairing
  const groups = keyFingerprint.split(' ')
  return (
    <>
      <Notice tone="notice">{say('pairing.compare')}</Notice>
      <p class="pairing-fingerprint" role="img" aria-label={`${say('pairing.fingerprint')} ${keyFingerprint}`}>
        <span>{groups.slice(0, 4).join(' ')}</span>
        <span>{groups.slice(4).join(' ')}</span>
      </p>
      <p class="entry-quiet">
        {say('pairing.about', { host: about.hostName, platform: about.platform, version: about.appVersion })}
      </p>
      {returning !== null && (
        <Notice tone="notice">
          {say('pairing.returning', { name: localText(returning.name), letter: returning.letter })}
        </Notice>
      )}
    </>
  )
}

function refusalWord(refusal: string): AdminMessageKey {
  switch (refusal) {
    case 'letter-taken':
      return 'pairing.refused.letter'
    case 'code-expired':
      return 'pairing.code.expired'
    case 'code-used':
    case 'pairing-unknown':
      return 'pairing.code.used'
    case 'station-known':
      return 'pairing.refused.known'
    case 'fingerprint-differs':
      return 'pairing.refused.fingerprint'
    case 'replaced-unknown':
      return 'pairing.refused.replaced'
    case 'site-unknown':
      return 'pairing.refused.site'
    default:
      return 'fault.forbidden'
  }
}
