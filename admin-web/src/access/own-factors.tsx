import type { OwnAccount } from '@yizhan/contracts/access'
import { useMemo } from 'preact/hooks'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import type { OwnPane, OwnQuestion } from './own-account-page.tsx'

interface Props {
  own: OwnAccount
  zone: string
  busy: boolean
  onOpen(pane: OwnPane): void
  onAsk(question: OwnQuestion): void
}

/** With fewer of them left it is time for new ones. */
const fewCodes = 3

/** What proves one at sign-in: password, authenticator, recovery codes, passkeys. */
export function OwnFactors({ own, zone, busy, onOpen, onAsk }: Props) {
  const say = useSay()
  const { signIn } = useServices()
  const { hasAuthenticator, recoveryCodesLeft } = own
  return (
    <section aria-label={say('own.signIn')}>
      <h2>{say('own.signIn')}</h2>
      <dl class="own-list">
        <dt>{say('access.signIn.password')}</dt>
        <dd>
          <span>{own.email}</span>
          <PushButton label={say('own.pane.password')} onPress={() => onOpen('password')} />
        </dd>
        <dt>{say('own.authenticator')}</dt>
        <dd>
          {hasAuthenticator ? (
            <StatusTag tone="good" icon="ok" label={say('own.authenticator.bound')} />
          ) : (
            <StatusTag tone="quiet" icon="off" label={say('own.authenticator.none')} />
          )}
          {hasAuthenticator ? (
            <PushButton
              kind="quiet-danger"
              disabled={busy}
              label={say('own.remove-authenticator.confirm')}
              onPress={() => onAsk({ kind: 'remove-authenticator' })}
            />
          ) : (
            <PushButton label={say('own.pane.authenticator')} onPress={() => onOpen('authenticator')} />
          )}
        </dd>
        {hasAuthenticator && (
          <>
            <dt>{say('access.recovery.label')}</dt>
            <dd>
              <StatusTag
                tone={recoveryCodesLeft > fewCodes ? 'good' : 'notice'}
                icon={recoveryCodesLeft > fewCodes ? 'ok' : 'warning'}
                label={say('own.codes.left', { n: recoveryCodesLeft })}
              />
              <PushButton label={say('own.pane.recovery-codes')} onPress={() => onOpen('recovery-codes')} />
            </dd>
          </>
        )}
        <dt>{say('own.passkeys')}</dt>
        <dd>
          <PasskeyList own={own} zone={zone} busy={busy} onAsk={onAsk} />
          {signIn.passkeysAble ? (
            <PushButton icon="plus" label={say('own.pane.passkey')} onPress={() => onOpen('passkey')} />
          ) : (
            <span class="past">{say('access.passkey.notHere')}</span>
          )}
        </dd>
      </dl>
    </section>
  )
}

function PasskeyList({ own, zone, busy, onAsk }: Omit<Props, 'onOpen'>) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(zone, locale), [zone, locale])
  if (own.passkeys.length === 0) return <span>{say('own.passkeys.none')}</span>
  return (
    <ul class="own-keys">
      {own.passkeys.map(({ passkeyId, name, createdAt, lastUsedAt }) => (
        <li key={passkeyId}>
          <b>{name}</b>
          <span class="past figures">
            {say('own.passkey.since', { time: dates.dayAndClock(createdAt) })}
            {lastUsedAt !== null && ` · ${say('own.passkey.used', { time: dates.dayAndClock(lastUsedAt) })}`}
          </span>
          <PushButton
            kind="quiet-danger"
            disabled={busy}
            label={say('own.remove-passkey.confirm')}
            spokenLabel={say('accounts.action.of', { what: say('own.remove-passkey.confirm'), name })}
            onPress={() => onAsk({ kind: 'remove-passkey', passkeyId, name })}
          />
        </li>
      ))}
    </ul>
  )
}
