import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PasswordField } from '../ui-admin/password-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import { useSending } from './use-sending.ts'

interface Props {
  /** While there is no second factor the password proves who adds the first. */
  needsPassword: boolean
  onDone(): Promise<void>
}

const problems = {
  refused: 'own.passkey.refused',
  away: 'own.passkey.away',
  'password-wrong': 'own.passkey.passwordWrong',
  'step-up-needed': 'own.refused.stepUp',
} as const satisfies Record<string, AdminMessageKey>

/** Gives the account a passkey of this device, or of a key that is plugged into it. */
export function AddPasskey({ needsPassword, onDone }: Props) {
  const say = useSay()
  const { signIn, stepUp } = useServices()
  const tellDone = useDoneMessage()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<AdminMessageKey | null>(null)
  const sending = useSending()
  const add = async () => {
    const tried = () => signIn.addPasskey(name.trim(), needsPassword ? password : null)
    const answer = await tried()
    return answer === 'step-up-needed' && (await stepUp.ask()) ? await tried() : answer
  }
  const submit = (event: Event) => {
    event.preventDefault()
    return sending.send(async () => {
      setProblem(null)
      const answer = await add()
      if (answer !== 'added') return setProblem(problems[answer])
      tellDone(say('own.passkey.added'))
      await onDone()
    })
  }
  return (
    <form class="entry-form" onSubmit={submit}>
      <p>{say('own.passkey.body')}</p>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {problem !== null && <Notice tone="bad">{say(problem)}</Notice>}
      <TextField
        label={say('own.passkey.name')}
        hint={say('own.passkey.name.hint')}
        value={name}
        maxLength={60}
        onChange={setName}
      />
      {needsPassword && (
        <PasswordField
          label={say('access.factor.password')}
          autoComplete="current-password"
          showLabel={say('access.password.show')}
          hideLabel={say('access.password.hide')}
          value={password}
          onChange={setPassword}
        />
      )}
      <PushButton
        kind="primary"
        wide={true}
        submits={true}
        busy={sending.busy}
        disabled={name.trim() === '' || (needsPassword && password === '')}
        label={say('own.pane.passkey')}
      />
    </form>
  )
}
