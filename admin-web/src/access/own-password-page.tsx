import { useSay } from '../catalogue/admin-text.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PasswordField } from '../ui-admin/password-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { useNewPassword } from './use-new-password.ts'

interface Props {
  step: { step: number; of: number }
  /** What was typed at sign-in a moment ago; empty after a reload. */
  currentPassword: string
  onDone(newPassword: string): Promise<void>
  onSignOut(): Promise<void>
}

/** First duty: a password that only its owner knows. */
export function OwnPasswordPage({ step, currentPassword, onDone, onSignOut }: Props) {
  const say = useSay()
  const { current, setCurrent, fresh, setFresh, refused, sending, submit } = useNewPassword(currentPassword, onDone)
  const eyes = { showLabel: say('access.password.show'), hideLabel: say('access.password.hide') }
  return (
    <EntryFrame>
      <p class="entry-step">{say('access.step', step)}</p>
      <h1>{say('access.own.title')}</h1>
      <p>{say('access.own.body')}</p>
      <form class="entry-form" onSubmit={submit}>
        {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
        {currentPassword === '' && (
          <PasswordField
            label={say('access.own.current')}
            autoComplete="current-password"
            {...eyes}
            value={current}
            onChange={setCurrent}
            problem={refused === 'access.own.currentWrong' ? say(refused) : undefined}
          />
        )}
        <PasswordField
          label={say('access.own.new')}
          autoComplete="new-password"
          autoFocus={true}
          {...eyes}
          value={fresh}
          onChange={setFresh}
          problem={refused === null || refused === 'access.own.currentWrong' ? undefined : say(refused)}
        />
        <ul class="entry-rules">
          <li>{say('access.own.rule.length')}</li>
          <li>{say('access.own.rule.common')}</li>
          <li>{say('access.own.rule.phrase')}</li>
        </ul>
        <PushButton
          kind="primary"
          wide={true}
          submits={true}
          busy={sending.busy}
          disabled={current === '' || fresh === ''}
          label={say('access.own.submit')}
        />
      </form>
      <PushButton kind="quiet" label={say('app.signOut')} onPress={onSignOut} />
    </EntryFrame>
  )
}
