import { useSay } from '../catalogue/admin-text.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PasswordField } from '../ui-admin/password-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import { useNewPassword } from './use-new-password.ts'

/** Another password instead of the present one; every other session ends. */
export function ChangePassword({ onDone }: { onDone(): Promise<void> }) {
  const say = useSay()
  const tellDone = useDoneMessage()
  const { current, setCurrent, fresh, setFresh, refused, sending, submit } = useNewPassword('', async () => {
    tellDone(say('own.password.changed'))
    await onDone()
  })
  const eyes = { showLabel: say('access.password.show'), hideLabel: say('access.password.hide') }
  const currentWrong = refused === 'access.own.currentWrong'
  return (
    <form class="entry-form" onSubmit={submit}>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      <PasswordField
        label={say('own.password.current')}
        autoComplete="current-password"
        {...eyes}
        value={current}
        onChange={setCurrent}
        problem={currentWrong ? say('own.password.wrong') : undefined}
      />
      <PasswordField
        label={say('access.own.new')}
        autoComplete="new-password"
        {...eyes}
        value={fresh}
        onChange={setFresh}
        problem={refused === null || currentWrong ? undefined : say(refused)}
      />
      <ul class="entry-rules">
        <li>{say('access.own.rule.length')}</li>
        <li>{say('access.own.rule.common')}</li>
        <li>{say('own.password.ends')}</li>
      </ul>
      <PushButton
        kind="primary"
        wide={true}
        submits={true}
        busy={sending.busy}
        disabled={current === '' || fresh === ''}
        label={say('own.pane.password')}
      />
    </form>
  )
}
