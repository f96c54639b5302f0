import type { AccountRow } from '@yizhan/contracts/account'
import { useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'

interface Props {
  accounts: readonly AccountRow[]
  /** Whose page it is: nobody changes their own rights. */
  ownId: string
  mayManage: boolean
  busy: boolean
  onAsk(kind: 'change' | 'disable' | 'reset', account: AccountRow): void
  onEnable(account: AccountRow): void
}

/** Accounts, one line each: who, as what, and in which state. */
export function AccountTable(props: Props) {
  const say = useSay()
  const columns: DataColumn<AccountRow>[] = [
    {
      key: 'name',
      title: say('accounts.name'),
      sortBy: (row) => row.displayName,
      show: (row) => <b>{row.displayName}</b>,
    },
    { key: 'email', title: say('accounts.email'), sortBy: (row) => row.email, show: (row) => row.email },
    {
      key: 'roles',
      title: say('accounts.roles'),
      show: (row) => row.roles.map((role) => say(`role.${role}`)).join(say('app.listComma')),
    },
    { key: 'state', title: say('accounts.state'), show: (row) => <AccountState account={row} /> },
  ]
  const actions: DataColumn<AccountRow> = {
    key: 'actions',
    title: say('accounts.actions'),
    show: (row) => <AccountActions account={row} {...props} />,
  }
  return (
    <DataTable<AccountRow>
      label={say('accounts.title')}
      rows={props.accounts}
      rowKey={(row) => row.userId}
      isQuiet={(row) => row.disabledAt !== null}
      totalText={(n) => say('app.total', { n })}
      empty={<EmptyState title={say('accounts.title')} body={say('accounts.purpose')} />}
      columns={props.mayManage ? [...columns, actions] : columns}
    />
  )
}

function AccountState({ account }: { account: AccountRow }) {
  const say = useSay()
  if (account.disabledAt !== null) return <StatusTag tone="quiet" icon="off" label={say('accounts.state.disabled')} />
  if (account.onOneTimePassword) return <StatusTag tone="notice" icon="clock" label={say('accounts.state.first')} />
  return account.hasSecondFactor ? (
    <StatusTag tone="good" icon="ok" label={say('accounts.state.secondFactor')} />
  ) : (
    <StatusTag tone="info" icon="unknown" label={say('accounts.state.passwordOnly')} />
  )
}

function AccountActions({ account, ownId, busy, onAsk, onEnable }: Props & { account: AccountRow }) {
  const say = useSay()
  if (account.userId === ownId) return <span class="past">{say('accounts.own')}</span>
  const named = (label: string) => say('accounts.action.of', { what: label, name: account.displayName })
  const [change, reset, disable, enable] = [
    say('accounts.change'),
    say('accounts.reset'),
    say('accounts.disable'),
    say('accounts.enable'),
  ]
  if (account.disabledAt !== null) {
    return <PushButton label={enable} spokenLabel={named(enable)} disabled={busy} onPress={() => onEnable(account)} />
  }
  return (
    <span class="ui-actions">
      <PushButton label={change} spokenLabel={named(change)} disabled={busy} onPress={() => onAsk('change', account)} />
      <PushButton
        kind="quiet"
        label={reset}
        spokenLabel={named(reset)}
        disabled={busy}
        onPress={() => onAsk('reset', account)}
      />
      <PushButton
        kind="quiet-danger"
        label={disable}
        spokenLabel={named(disable)}
        disabled={busy}
        onPress={() => onAsk('disable', account)}
      />
    </span>
  )
}
