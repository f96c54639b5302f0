import type { PersonFile } from '@yizhan/contracts/customer'
import { ageInYears } from '@yizhan/rules/customer/visit-checklist'
import type { ComponentChildren } from 'preact'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { healthKinds } from './customer-choices.ts'
import type { FileWork } from './customer-drawer.tsx'
import type { EndedEntry } from './end-entry.tsx'

interface Props {
  person: PersonFile
  dates: AdminDates
  mayChange: boolean
  mayChangeHealth: boolean
  onWork(work: FileWork): void
  onEnd(entry: EndedEntry): void
}

/** What is known of a person, part by part. */
export function CustomerPanels(props: Props) {
  return (
    <div class="customer-panels">
      <BasicsPanel {...props} />
      <DetailsPanel {...props} />
      <HealthPanel {...props} />
      <RelationsPanel {...props} />
      <ConsentsPanel {...props} />
      <TagsPanel {...props} />
      <GroupsPanel {...props} />
    </div>
  )
}

interface PanelProps {
  title: string
  /** Leads to the form; left out for who may not change anything here. */
  action?: { label: string; spoken: string; onPress(): void } | undefined
  children: ComponentChildren
}

function Panel({ title, action, children }: PanelProps) {
  return (
    <section class="customer-panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {action !== undefined && (
          <PushButton kind="quiet" label={action.label} spokenLabel={action.spoken} onPress={action.onPress} />
        )}
      </header>
      {children}
    </section>
  )
}

/** The way to add to a panel, named by it. */
function useAdding({ mayChange, onWork }: Pick<Props, 'mayChange' | 'onWork'>) {
  const say = useSay()
  return (work: FileWork, what: string): PanelProps['action'] =>
    mayChange
      ? { label: say('customer.add'), spoken: say('customer.add.to', { what }), onPress: () => onWork(work) }
      : undefined
}

function EndButton({ what, onPress }: { what: string; onPress(): void }) {
  const say = useSay()
  return (
    <PushButton
      kind="quiet-danger"
      label={say('customer.end')}
      spokenLabel={say('customer.end.of', { what })}
      onPress={onPress}
    />
  )
}

function Nothing() {
  const say = useSay()
  return <p class="customer-nothing">{say('customer.empty')}</p>
}

function BasicsPanel({ person, dates, mayChange, onWork }: Props) {
  const say = useSay()
  const { clock } = useServices()
  const age = ageInYears(person.birthDate, dates.dayOf(clock()))
  const facts = [
    [say('customer.name'), person.nameShown],
    [say('customer.sex'), say(`customers.sex.${person.sex}`)],
    [
      say('customer.birth'),
      person.birthDate === null
        ? null
        : `${person.birthDate}${age === null ? '' : ` · ${say('customer.age', { n: age })}`}`,
    ],
    [say('customer.occupation'), person.occupation],
    [say('customer.interests'), person.interests.join('，') || null],
    [say('customer.habits'), person.habits.join('，') || null],
  ] as const
  const edit = say('customer.basics.edit')
  return (
    <Panel
      title={say('customer.basics')}
      action={
        mayChange
          ? { label: edit, spoken: `${edit} ${say('customer.basics')}`, onPress: () => onWork('basics') }
          : undefined
      }
    >
      <dl class="customer-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value ?? <span class="customer-nothing">{say('customer.none')}</span>}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function DetailsPanel(props: Props) {
  const { person, mayChange, onEnd } = props
  const say = useSay()
  const adding = useAdding(props)
  return (
    <Panel title={say('customer.details')} action={adding('detail', say('customer.detail'))}>
      {person.details.length === 0 && <Nothing />}
      <ul class="customer-list">
        {person.details.map(({ detailId, kind, shown, label }) => (
          <li key={detailId}>
            <span class="customer-kind">{say(`customer.detail.${kind}`)}</span>
            <span class="customer-value figures">
              {shown}
              {label !== null && <small> {label}</small>}
            </span>
            {mayChange && (
              <EndButton what={shown} onPress={() => onEnd({ entry: 'detail', entryId: detailId, what: shown })} />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function HealthPanel(props: Props) {
  const { person, mayChangeHealth, onEnd, onWork } = props
  const say = useSay()
  const adding = useAdding({ mayChange: mayChangeHealth, onWork })
  const { health } = person
  if (health === null) {
    return (
      <Panel title={say('customer.health')}>
        <p class="customer-nothing">{say('customer.health.hidden')}</p>
      </Panel>
    )
  }
  return (
    <Panel title={say('customer.health')} action={adding('health', say('customer.health.item'))}>
      {health.items.length === 0 && <Nothing />}
      <ul class="customer-list">
        {healthKinds.flatMap((kind) =>
          health.items
            .filter((item) => item.kind === kind)
            .map(({ itemId, text, isDenied }) => {
              const shown = isDenied ? say('customer.health.denied') : text
              return (
                <li key={itemId}>
                  <span class="customer-kind">{say(`customer.health.${kind}`)}</span>
                  <span class="customer-value">
                    {kind === 'allergy' && !isDenied ? <StatusTag tone="bad" icon="warning" label={text} /> : shown}
                  </span>
                  {mayChangeHealth && (
                    <EndButton what={shown} onPress={() => onEnd({ entry: 'health', entryId: itemId, what: shown })} />
                  )}
                </li>
              )
            }),
        )}
      </ul>
    </Panel>
  )
}

function RelationsPanel(props: Props) {
  const { person, mayChange, onEnd } = props
  const say = useSay()
  const adding = useAdding(props)
  return (
    <Panel title={say('customer.relations')} action={adding('relation', say('customer.relation'))}>
      {person.relations.length === 0 && <Nothing />}
      <ul class="customer-list">
        {person.relations.map(({ relationId, kind, nameShown, relationship, phoneShown, isGuardian, validUntil }) => (
          <li key={relationId}>
            <span class="customer-kind">{relationship ?? say(`customer.relation.${kind}`)}</span>
            <span class="customer-value">
              {nameShown} <span class="figures">{phoneShown}</span>{' '}
              {isGuardian && <StatusTag tone="info" icon="people" label={say('customer.relation.guardian')} />}
              {validUntil !== null && <small> {say('customer.relation.validUntil', { day: validUntil })}</small>}
            </span>
            {mayChange && (
              <EndButton
                what={nameShown}
                onPress={() => onEnd({ entry: 'relation', entryId: relationId, what: nameShown })}
              />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function ConsentsPanel(props: Props) {
  const { person, dates } = props
  const say = useSay()
  const adding = useAdding(props)
  return (
    <Panel title={say('customer.consents')} action={adding('consent', say('customer.consent'))}>
      {person.consents.length === 0 && <Nothing />}
      <ul class="customer-list">
        {person.consents.map(({ consentId, purpose, channel, isGiven, at, byName }) => (
          <li key={consentId}>
            <span class="customer-kind">{say(`customer.consent.${purpose}`)}</span>
            <span class="customer-value">
              <StatusTag
                tone={isGiven ? 'good' : 'quiet'}
                icon={isGiven ? 'ok' : 'off'}
                label={say(isGiven ? 'customer.consent.given' : 'customer.consent.withdrawn')}
              />{' '}
              {say(`customer.channel.${channel}`)}
              <small>
                {' '}
                {dates.dayAndClock(at)} · {byName}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function TagsPanel(props: Props) {
  const { person, mayChange, onEnd } = props
  const say = useSay()
  const adding = useAdding(props)
  return (
    <Panel title={say('customer.tags')} action={adding('tag', say('customer.tag'))}>
      {person.tags.length === 0 && <Nothing />}
      <ul class="customer-list">
        {person.tags.map(({ tagId, tag }) => (
          <li key={tagId}>
            <span class="customer-value">{tag}</span>
            {mayChange && <EndButton what={tag} onPress={() => onEnd({ entry: 'tag', entryId: tagId, what: tag })} />}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function GroupsPanel({ person }: Props) {
  const say = useSay()
  if (person.groups.length === 0) return null
  return (
    <Panel title={say('customer.groups')}>
      <ul class="customer-list">
        {person.groups.map(({ groupId, name }) => (
          <li key={groupId}>
            <a href={`/admin/groups/${groupId}`}>{name}</a>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
