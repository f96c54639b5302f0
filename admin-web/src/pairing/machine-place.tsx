import { useQuery } from '@tanstack/preact-query'
import type { StationRow } from '@yizhan/contracts/fleet'
import type { PendingPairing } from '@yizhan/contracts/pairing'
import { useState } from 'preact/hooks'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { TextField } from '../ui-admin/text-field.tsx'

/** What is asked of a station that a new machine may replace. */
export type ReplaceableStation = Pick<StationRow, 'stationId' | 'name' | 'letter' | 'link'>

/** What an administrator has filled in about the place of a machine. */
export interface PlaceDraft {
  kind: 'new' | 'replacement' | 'returning'
  siteId: string | null
  nameZh: string
  nameEn: string
  letter: string
  replaces: string | null
}

/** The draft that a pairing begins with. */
export function newPlaceDraft(pairing: PendingPairing): PlaceDraft {
  const kind = pairing.returning === null ? 'new' : 'returning'
  return { kind, siteId: null, nameZh: '', nameEn: '', letter: '', replaces: null }
}

/** The draft as the centre takes it; null while something is missing. */
export function placeOf(draft: PlaceDraft) {
  if (draft.kind === 'returning') return { kind: draft.kind }
  if (draft.kind === 'replacement')
    return draft.replaces === null ? null : { kind: draft.kind, replaces: draft.replaces }
  const [zh, en, letter] = [draft.nameZh.trim(), draft.nameEn.trim(), draft.letter.trim().toUpperCase()]
  if (draft.siteId === null || zh === '' || en === '' || !/^[A-HJ-NP-Z]$/.test(letter)) return null
  return { kind: draft.kind, siteId: draft.siteId, name: { 'zh-CN': zh, en }, letter }
}

/** Asks where a machine will stand: a new place, or the place of one that it replaces. */
export function MachinePlace(props: {
  draft: PlaceDraft
  stations: readonly ReplaceableStation[]
  onChange(draft: PlaceDraft): void
}) {
  const { draft, stations, onChange } = props
  const say = useSay()
  const localText = useLocalText()
  const set = (part: Partial<PlaceDraft>) => onChange({ ...draft, ...part })
  if (draft.kind === 'returning') return null
  const replaceable = stations.filter(({ link }) => link !== 'revoked')
  return (
    <>
      {replaceable.length > 0 && (
        <ChoiceField<'new' | 'replacement'>
          label={say('pairing.place')}
          value={draft.kind}
          choices={[
            { value: 'new', label: say('pairing.place.new') },
            { value: 'replacement', label: say('pairing.place.replacement') },
          ]}
          onChange={(kind) => set({ kind: kind ?? 'new' })}
        />
      )}
      {draft.kind === 'replacement' ? (
        <ChoiceField<string>
          label={say('pairing.replaces')}
          hint={say('pairing.replaces.hint')}
          value={draft.replaces}
          choices={replaceable.map(({ stationId, name, letter }) => ({
            value: stationId,
            label: `${letter} · ${localText(name)}`,
          }))}
          onChange={(replaces) => set({ replaces })}
        />
      ) : (
        <NewPlace draft={draft} set={set} />
      )}
    </>
  )
}

function NewPlace({ draft, set }: { draft: PlaceDraft; set(part: Partial<PlaceDraft>): void }) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const structure = useQuery({ queryKey: ['structure'], queryFn: () => client.tenant.structure() })
  const [touched, setTouched] = useState(false)
  const sites = structure.data?.sites ?? []
  const letterWrong = touched && !/^[A-HJ-NP-Za-hj-np-z]?$/.test(draft.letter.trim())
  return (
    <>
      <ChoiceField<string>
        label={say('pairing.site')}
        value={draft.siteId}
        choices={sites.map(({ siteId, name }) => ({ value: siteId, label: localText(name) }))}
        onChange={(siteId) => set({ siteId })}
      />
      <TextField label={say('pairing.nameZh')} value={draft.nameZh} onChange={(nameZh) => set({ nameZh })} />
      <TextField label={say('pairing.nameEn')} value={draft.nameEn} onChange={(nameEn) => set({ nameEn })} />
      <TextField
        label={say('pairing.letter')}
        hint={say('pairing.letter.hint')}
        value={draft.letter}
        maxLength={1}
        onChange={(letter) => {
          setTouched(true)
          set({ letter })
        }}
        {...(letterWrong ? { problem: say('pairing.letter.wrong') } : {})}
      />
    </>
  )
}
