import type { PersonFile } from '@yizhan/contracts/customer'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import type { Repeatable } from '../shell/use-repeatable.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { BasicsForm } from './basics-form.tsx'
import type { EntryKind } from './entry-draft.ts'
import { EntryForm } from './entry-form.tsx'

/** What is being written in a file. */
export type FileWork = 'basics' | EntryKind

interface Props {
  work: FileWork | null
  person: PersonFile
  dates: AdminDates
  deeds: Repeatable
  onClose(): void
}

/** The pane in which something is written into a file; it closes once that is kept. */
export function CustomerDrawer({ work, person, dates, deeds, onClose }: Props) {
  const say = useSay()
  const { client, clock } = useServices()
  const { personId, version } = person
  const keep = (what: unknown, done: string, send: (operationId: string) => Promise<unknown>) => {
    deeds
      .carryOut({
        what: JSON.stringify([personId, what]),
        done,
        send: async (operationId) => {
          await send(operationId)
          onClose()
        },
      })
      .catch(() => undefined)
  }
  return (
    <SideDrawer title={titleOf(say, work)} open={work !== null} closeLabel={say('app.close')} onClose={onClose}>
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {work === 'basics' && (
        <BasicsForm
          person={person}
          busy={deeds.busy}
          onSave={(change) =>
            keep(change, say('customer.saved'), (operationId) =>
              client.customer.change({ ...change, personId, version, operationId }),
            )
          }
        />
      )}
      {work !== null && work !== 'basics' && (
        <EntryForm
          kind={work}
          person={person}
          dates={dates}
          now={clock()}
          busy={deeds.busy}
          onAdd={(added) =>
            keep(added, say('customer.added'), (operationId) =>
              added.entry === 'health' || added.entry === 'visit'
                ? client.customer.addHealth({ personId, operationId, added })
                : client.customer.add({ personId, operationId, added }),
            )
          }
        />
      )}
    </SideDrawer>
  )
}

function titleOf(say: Say, work: FileWork | null): string {
  if (work === null) return ''
  if (work === 'basics') return say('customer.basics')
  return say('customer.add.to', { what: say(work === 'health' ? 'customer.health.item' : `customer.${work}`) })
}
