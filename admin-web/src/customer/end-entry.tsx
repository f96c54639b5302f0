import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import type { Repeatable } from '../shell/use-repeatable.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'

/** What is about to be struck out of a file. */
export interface EndedEntry {
  entry: 'detail' | 'relation' | 'tag' | 'health'
  entryId: string
  /** How it is called on the page. */
  what: string
}

interface Props {
  entry: EndedEntry | null
  personId: string
  deeds: Repeatable
  onClose(): void
}

/** Asks before something is struck out of a file, naming it. */
export function EndEntry({ entry: ended, personId, deeds, onClose }: Props) {
  const say = useSay()
  const { client } = useServices()
  if (ended === null) return null
  const { entry, entryId, what } = ended
  return (
    <ConfirmDialog
      open={true}
      title={say('customer.end.title', { what })}
      confirmLabel={say('customer.end')}
      keepLabel={say('customer.end.keep')}
      busy={deeds.busy}
      onKeep={onClose}
      onConfirm={() => {
        deeds
          .carryOut({
            what: `end ${entryId}`,
            done: say('customer.end.done', { what }),
            send: (operationId) =>
              entry === 'health'
                ? client.customer.endHealth({ personId, entryId, operationId })
                : client.customer.end({ personId, entryId, entry, operationId }),
          })
          .then(onClose, onClose)
      }}
    >
      <p>{say('customer.end.body')}</p>
    </ConfirmDialog>
  )
}
