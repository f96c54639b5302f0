import type { StationRow } from '@yizhan/contracts/fleet'
import { useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'

/** Asks a station for a new key; it works on meanwhile. */
export function RotateKey({ station }: { station: StationRow }) {
  const say = useSay()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const tellDone = useDoneMessage()
  const sending = useSending()
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  const rotate = () =>
    sending.send(async () => {
      setRefused(null)
      try {
        await client.fleet.rotateKey({ stationId: station.stationId, operationId: newOperationId(clock()) })
        tellDone(say('stations.rotate.done', { name: localText(station.name) }))
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(refusal === 'station-unknown' ? 'stations.rotate.unknown' : 'fault.forbidden')
      }
    })
  return (
    <>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {refused !== null && <Notice tone="bad">{say(refused)}</Notice>}
      <PushButton label={say('stations.rotate')} busy={sending.busy} onPress={rotate} />
    </>
  )
}
