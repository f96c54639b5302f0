import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { AccountRow } from '@yizhan/contracts/account'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { type CentreClient, useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { type AccountDraft, AccountForm } from './account-form.tsx'
import { AccountTable } from './account-table.tsx'
import { accountRefusal } from './account-words.ts'

type Asked = { kind: 'new' } | { kind: 'change' | 'disable' | 'reset'; account: AccountRow }

/** The accounts of the hospital: who may come in, as what, and over which places. */
export function AccountsPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [password, setPassword] = useState<{ name: string; text: string } | null>(null)
  const list = useQuery({ queryKey: ['accounts'], queryFn: () => client.account.list() })
  const deeds = useRepeatable(accountRefusal, () => queries.invalidateQueries({ queryKey: ['accounts'] }))
  const finish = async (what: string, name: string, send: (operationId: string) => Promise<object>) => {
    await deeds.carryOut({
      what,
      done: say('accounts.saved', { name }),
      send: async (operationId) => {
        const answer = await send(operationId)
        setAsked(null)
        if ('oneTimePassword' in answer && typeof answer.oneTimePassword === 'string') {
          setPassword({ name, text: answer.oneTimePassword })
        }
      },
    })
  }
  const save = (account: AccountRow | null, draft: AccountDraft) =>
    finish(JSON.stringify(draft), draft.displayName, (operationId) => sendDraft(client, operationId, account, draft))
  return (
    <>
      <PageHeading
        title={say('accounts.title')}
        purpose={say('accounts.purpose')}
        aside={
          who.calls.includes('account.create') && (
            <PushButton
              kind="primary"
              icon="plus"
              label={say('accounts.new')}
              onPress={() => setAsked({ kind: 'new' })}
            />
          )
        }
      />
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {password !== null && <FirstPassword {...password} onSeen={() => setPassword(null)} />}
      {list.data === undefined && !list.isError && <SkeletonRows rows={6} label={say('app.loading')} />}
      {list.data !== undefined && (
        <AccountTable
          accounts={list.data.accounts}
          ownId={who.userId}
          mayManage={who.calls.includes('account.change')}
          busy={deeds.busy}
          onAsk={(kind, account) => setAsked({ kind, account })}
          onEnable={({ userId, displayName }) =>
            finish(`enable ${userId}`, displayName, (operationId) =>
              client.account.setDisabled({ operationId, userId, disabled: false }),
            )
          }
        />
      )}
      <AccountDrawer asked={asked} busy={deeds.busy} onClose={() => setAsked(null)} onSave={save} />
      <AccountQuestion
        asked={asked}
        busy={deeds.busy}
        onKeep={() => setAsked(null)}
        onDisable={({ userId, displayName }) =>
          finish(`disable ${userId}`, displayName, (operationId) =>
            client.account.setDisabled({ operationId, userId, disabled: true }),
          )
        }
        onReset={({ userId, displayName }) =>
          finish(`reset ${userId}`, displayName, (operationId) => client.account.reset({ operationId, userId }))
        }
      />
    </>
  )
}

async function sendDraft(
  client: CentreClient,
  operationId: string,
  account: AccountRow | null,
  { email, displayName, ...chosen }: AccountDraft,
): Promise<object> {
  const rights = {
    ...chosen,
    roles: [...chosen.roles],
    siteIds: [...chosen.siteIds],
    departmentIds: [...chosen.departmentIds],
  }
  return account === null
    ? await client.account.create({ operationId, email, displayName, ...rights })
    : await client.account.change({ operationId, userId: account.userId, ...rights })
}

function FirstPassword({ name, text, onSeen }: { name: string; text: string; onSeen(): void }) {
  const say = useSay()
  return (
    <Notice tone="notice" action={<PushButton label={say('accounts.password.seen')} onPress={onSeen} />}>
      <p>{say('accounts.password.once', { name })}</p>
      <p>
        <b class="figures">{text}</b>
      </p>
    </Notice>
  )
}

interface DrawerProps {
  asked: Asked | null
  busy: boolean
  onClose(): void
  onSave(account: AccountRow | null, draft: AccountDraft): void
}

function AccountDrawer({ asked, busy, onClose, onSave }: DrawerProps) {
  const say = useSay()
  if (asked === null || asked.kind === 'disable' || asked.kind === 'reset') return null
  const account = asked.kind === 'new' ? null : asked.account
  return (
    <SideDrawer
      open={true}
      title={account === null ? say('accounts.new') : say('accounts.change.of', { name: account.displayName })}
      closeLabel={say('app.close')}
      onClose={onClose}
    >
      <AccountForm account={account} busy={busy} onSave={(draft) => onSave(account, draft)} />
    </SideDrawer>
  )
}

interface QuestionProps {
  asked: Asked | null
  busy: boolean
  onKeep(): void
  onDisable(account: AccountRow): void
  onReset(account: AccountRow): void
}

function AccountQuestion({ asked, busy, onKeep, onDisable, onReset }: QuestionProps) {
  const say = useSay()
  if (asked?.kind !== 'disable' && asked?.kind !== 'reset') return null
  const { account, kind } = asked
  return (
    <ConfirmDialog
      open={true}
      title={say(`accounts.${kind}.title`, { name: account.displayName })}
      confirmLabel={say(`accounts.${kind}`)}
      keepLabel={say('app.cancel')}
      busy={busy}
      onKeep={onKeep}
      onConfirm={() => (kind === 'disable' ? onDisable(account) : onReset(account))}
    >
      <p>{say(`accounts.${kind}.body`)}</p>
    </ConfirmDialog>
  )
}
