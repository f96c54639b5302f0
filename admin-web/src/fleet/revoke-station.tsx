import type { StationRow } from '@yizhan/contracts/fleet'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'

interface Props {
  station: StationRow | null
  onClose(): void
  onRevoked(): Promise<void>
}

const wipeChoices = ['keep', 'after-upload', 'at-once'] as const
type WipeChoice = (typeof wipeChoices)[number]

/** Asks before a station is refused for good: a reason, and its letter typed by hand. */
export function RevokeStation({ station, onClose, onRevoked }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const tellDone = useDoneMessage()
  const [reason, setReason] = useState('')
  const [letter, setLetter] = useState('')
  const [wipe, setWipe] = useState<WipeChoice>('keep')
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  const operationId = useRef('')
  const sending = useSending()
  const stationId = station?.stationId
  useEffect(() => {
    setReason('')
    setLetter('')
    setWipe('keep')
    setRefused(null)
    if (stationId !== undefined) operationId.current = newOperationId(clock())
  }, [stationId, clock])
  if (station === null) return null
  const name = localText(station.name)
  const revoke = () =>
    sending.send(async () => {
      try {
        await client.fleet.revoke({
          stationId: station.stationId,
          operationId: operationId.current,
          reason: reason.trim(),
          ...(wipe === 'keep' ? {} : { wipe }),
        })
        tellDone(say('stations.revoke.done', { name }))
        await onRevoked()
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(refusal === 'station-unknown' ? 'stations.revoke.unknown' : 'fault.forbidden')
      }
    })
  return (
    <ConfirmDialog
      open={true}
      title={say('stations.revoke.title', { name })}
      confirmLabel={say('stations.revoke.confirm', { letter: station.letter })}
      keepLabel={say('app.cancel')}
      busy={sending.busy}
      canConfirm={letter.trim().toUpperCase() === station.letter && reason.trim() !== ''}
      onConfirm={revoke}
      onKeep={onClose}
    >
      <p>
        {station.outboxDepth === null || station.outboxDepth === 0
          ? say('stations.revoke.bodyPlain')
          : say('stations.revoke.body', { n: station.outboxDepth })}
      </p>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {refused !== null && <Notice tone="bad">{say(refused)}</Notice>}
      <TextField label={say('stations.revoke.reason')} value={reason} onChange={setReason} maxLength={200} />
      <ChoiceField<WipeChoice>
        label={say('stations.revoke.wipe')}
        value={wipe}
        choices={wipeChoices.map((value) => ({ value, label: say(`stations.revoke.wipe.${value}`) }))}
        onChange={(value) => setWipe(value ?? 'keep')}
      />
      <TextField
        label={say('stations.revoke.letter', { letter: station.letter })}
        value={letter}
        onChange={setLetter}
        maxLength={2}
      />
    </ConfirmDialog>
  )
}
