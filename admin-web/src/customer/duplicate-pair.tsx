import type { DuplicateRow } from '@yizhan/contracts/customer-merge'
import type { MergeableField } from '@yizhan/contracts/customer-record'
import type { DuplicateDoubt, DuplicateReason } from '@yizhan/rules/customer/duplicate-score'
import { useId, useState } from 'preact/hooks'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { comparedFields } from './customer-choices.ts'

/** A merge as staff decided on it. */
interface DecidedMerge {
  survivorId: string
  mergedId: string
  survivorVersion: number
  mergedVersion: number
  take: MergeableField[]
}

interface Props {
  row: DuplicateRow
  dates: AdminDates
  busy: boolean
  onDismiss(): void
  onMerge(merge: DecidedMerge): void
}

type Side = DuplicateRow['one']

/** Two files side by side: what is alike, what is not, which one stays, and what it takes from the other. */
export function DuplicatePair({ row, dates, busy, onDismiss, onMerge }: Props) {
  const say = useSay()
  const group = useId()
  const { one, other } = row
  // The older file is the one that more leads to.
  const [keeps, setKeeps] = useState<'one' | 'other'>(one.createdAt <= other.createdAt ? 'one' : 'other')
  const [taken, setTaken] = useState<MergeableField[]>([])
  const [isAsking, setAsking] = useState(false)
  const [survivor, merged] = keeps === 'one' ? [one, other] : [other, one]
  const names = { one: one.nameShown, other: other.nameShown }
  const differing = comparedFields.filter((field) => shownField(say, one, field) !== shownField(say, other, field))
  return (
    <section class="customer-panel duplicate-pair" aria-label={`${one.nameShown} · ${other.nameShown}`}>
      <PairHead row={row} />
      <table>
        <thead>
          <tr>
            <th scope="col">{say('duplicates.field')}</th>
            {(['one', 'other'] as const).map((side) => (
              <th key={side} scope="col">
                <label>
                  <input
                    type="radio"
                    name={group}
                    checked={keeps === side}
                    onChange={() => {
                      setKeeps(side)
                      setTaken([])
                    }}
                  />{' '}
                  {say(`duplicates.${side}`)} · {say('duplicates.keep')}
                </label>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {factsOf(say, dates).map(({ label, show }) => (
            <tr key={label} class={show(one) === show(other) ? 'pair-same' : 'pair-differs'}>
              <th scope="row">{label}</th>
              <td>{show(one)}</td>
              <td>{show(other)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{say('duplicates.file')}</th>
            <td>
              <a href={`/admin/customers/${one.personId}`}>{say('customer.title', { who: one.nameShown })}</a>
            </td>
            <td>
              <a href={`/admin/customers/${other.personId}`}>{say('customer.title', { who: other.nameShown })}</a>
            </td>
          </tr>
        </tbody>
      </table>
      {differing.length > 0 && (
        <fieldset class="pair-take">
          <legend>{say('duplicates.merge.take')}</legend>
          {differing.map((field) => (
            <label key={field} class="ui-check">
              <input
                type="checkbox"
                checked={taken.includes(field)}
                onChange={(event) =>
                  setTaken(event.currentTarget.checked ? [...taken, field] : taken.filter((known) => known !== field))
                }
              />
              {say('duplicates.merge.takes', { field: fieldLabel(say, field), value: shownField(say, merged, field) })}
            </label>
          ))}
        </fieldset>
      )}
      <div class="ui-actions">
        <PushButton
          label={say('duplicates.dismiss')}
          spokenLabel={say('duplicates.dismiss.of', names)}
          busy={busy}
          onPress={onDismiss}
        />
        <PushButton
          kind="primary"
          label={say('duplicates.merge')}
          spokenLabel={say('duplicates.merge.of', names)}
          onPress={() => setAsking(true)}
        />
      </div>
      <ConfirmDialog
        open={isAsking}
        title={say('duplicates.merge.title', names)}
        confirmLabel={say('duplicates.merge')}
        keepLabel={say('duplicates.merge.cancel')}
        busy={busy}
        onKeep={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          onMerge({
            survivorId: survivor.personId,
            mergedId: merged.personId,
            survivorVersion: survivor.version,
            mergedVersion: merged.version,
            take: taken,
          })
        }}
      >
        <p>{say('duplicates.merge.body')}</p>
      </ConfirmDialog>
    </section>
  )
}

function PairHead({ row }: { row: DuplicateRow }) {
  const say = useSay()
  const known = (word: string) => word as DuplicateReason | DuplicateDoubt
  return (
    <header>
      <h2>
        {row.one.nameShown} · {row.other.nameShown}
      </h2>
      <span class="tags">
        <StatusTag
          tone={row.isLikely ? 'notice' : 'quiet'}
          icon={row.isLikely ? 'warning' : 'unknown'}
          label={`${say(row.isLikely ? 'duplicates.likely' : 'duplicates.possible')} · ${say('duplicates.score', { n: row.score })}`}
        />
        {row.reasons.map((reason) => (
          <StatusTag key={reason} tone="info" icon="ok" label={say(`duplicates.${known(reason)}`)} />
        ))}
        {row.doubts.map((doubt) => (
          <StatusTag key={doubt} tone="bad" icon="bad" label={say(`duplicates.${known(doubt)}`)} />
        ))}
      </span>
    </header>
  )
}

function fieldLabel(say: Say, field: (typeof comparedFields)[number]): string {
  return say(field === 'birthDate' ? 'customer.birth' : `customer.${field}`)
}

function shownField(say: Say, side: Side, field: (typeof comparedFields)[number]): string {
  if (field === 'name') return side.nameShown
  return field === 'sex' ? say(`customers.sex.${side.sex}`) : (side.birthDate ?? say('customer.none'))
}

function factsOf(say: Say, dates: AdminDates): { label: string; show(side: Side): string }[] {
  const none = say('customer.none')
  return [
    ...comparedFields.map((field) => ({
      label: fieldLabel(say, field),
      show: (side: Side) => shownField(say, side, field),
    })),
    { label: say('customers.column.phone'), show: ({ phoneShown }) => phoneShown ?? none },
    { label: say('duplicates.document'), show: ({ documentShown }) => documentShown ?? none },
    { label: say('customers.state'), show: ({ state }) => say(`customers.state.${state}`) },
    { label: say('duplicates.created'), show: ({ createdAt }) => dates.dayOf(createdAt) },
  ]
}
