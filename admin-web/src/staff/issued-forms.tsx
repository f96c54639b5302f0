import { useQuery } from '@tanstack/preact-query'
import type { StaffListRow } from '@yizhan/contracts/staff'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import type { Repeatable } from '../shell/use-repeatable.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { smallPhoto } from './small-photo.ts'

interface Props {
  person: StaffListRow
  deeds: Repeatable
}

/** What is issued to a person beside the list: the photo, and what opens the staff panel. */
export function IssuedForms(props: Props) {
  return (
    <>
      <PhotoForm {...props} />
      <PinForm {...props} />
      <CardForm {...props} />
    </>
  )
}

function PhotoForm({ person: { staffId, name, photoVersion }, deeds }: Props) {
  const say = useSay()
  const { client } = useServices()
  const [unreadable, setUnreadable] = useState(false)
  const shown = useQuery({
    queryKey: ['staff', 'photo', staffId, photoVersion],
    queryFn: () => client.staff.photo({ staffId }),
    enabled: photoVersion > 0,
  })
  const send = async (file: File) => {
    const photo = await smallPhoto(file)
    setUnreadable(photo === null)
    if (photo === null) return
    await deeds.carryOut({
      what: `photo ${staffId} ${photo}`,
      done: say('staff.photo.done', { name }),
      send: (operationId) => client.staff.setPhoto({ staffId, operationId, photo }),
    })
  }
  return (
    <section class="ui-form" aria-label={say('staff.photo')}>
      <h2>{say('staff.photo')}</h2>
      {shown.data !== undefined && (
        <img
          class="staff-photo"
          alt={say('staff.photo.of', { name })}
          src={`data:${shown.data.mediaType};base64,${shown.data.photo}`}
        />
      )}
      {unreadable && <Notice tone="bad">{say('staff.photo.unreadable')}</Notice>}
      <label class="ui-field">
        <span class="ui-field-label">{say(photoVersion === 0 ? 'staff.photo.first' : 'staff.photo.next')}</span>
        <input
          type="file"
          accept="image/jpeg,image/png"
          disabled={deeds.busy}
          onChange={async (event) => {
            const [file] = event.currentTarget.files ?? []
            if (file !== undefined) await send(file)
          }}
        />
        <span class="past">{say('staff.photo.hint')}</span>
      </label>
    </section>
  )
}

function PinForm({ person: { staffId, name, hasPanelPin }, deeds }: Props) {
  const say = useSay()
  const { client } = useServices()
  const [pin, setPin] = useState('')
  const send = async (given: string | null) => {
    await deeds.carryOut({
      what: `pin ${staffId} ${given}`,
      done: say(given === null ? 'staff.pin.taken' : 'staff.pin.set', { name }),
      send: (operationId) => client.staff.setPanelPin({ staffId, operationId, pin: given }),
    })
    setPin('')
  }
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (/^\d{6}$/.test(pin)) return send(pin)
      }}
    >
      <h2>{say('staff.pin')}</h2>
      <TextField
        label={say('staff.pin.new')}
        hint={say('staff.pin.hint')}
        value={pin}
        maxLength={6}
        onChange={(text) => setPin(text.replaceAll(/\D/g, ''))}
      />
      <div class="ui-actions">
        {hasPanelPin && (
          <PushButton
            kind="quiet-danger"
            disabled={deeds.busy}
            label={say('staff.pin.take')}
            onPress={() => send(null)}
          />
        )}
        <PushButton submits={true} busy={deeds.busy} disabled={pin.length !== 6} label={say('staff.pin.save')} />
      </div>
    </form>
  )
}

function CardForm({ person: { staffId, name, panelCards }, deeds }: Props) {
  const say = useSay()
  const { client } = useServices()
  const [uid, setUid] = useState('')
  const isWhole = /^[0-9A-F]{8,20}$/.test(uid)
  const send = async (cardUid: string | null) => {
    await deeds.carryOut({
      what: `card ${staffId} ${cardUid}`,
      done: say(cardUid === null ? 'staff.card.taken' : 'staff.card.added', { name }),
      send: (operationId) => client.staff.setPanelCard({ staffId, operationId, cardUid }),
    })
    setUid('')
  }
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole) return send(uid)
      }}
    >
      <h2>{say('staff.card')}</h2>
      <TextField
        label={say('staff.card.uid')}
        hint={say('staff.card.hint')}
        value={uid}
        maxLength={20}
        onChange={(text) => setUid(text.toUpperCase().replaceAll(/[^0-9A-F]/g, ''))}
      />
      <div class="ui-actions">
        {panelCards > 0 && (
          <PushButton
            kind="quiet-danger"
            disabled={deeds.busy}
            label={say('staff.card.take', { n: panelCards })}
            onPress={() => send(null)}
          />
        )}
        <PushButton submits={true} busy={deeds.busy} disabled={!isWhole} label={say('staff.card.save')} />
      </div>
    </form>
  )
}
