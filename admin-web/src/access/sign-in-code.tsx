import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { CodeBoxes } from '../ui-admin/code-boxes.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import type { CodeAnswer } from './sign-in-port.ts'
import { useSending } from './use-sending.ts'

interface Props {
  onSignedIn(): Promise<void>
  onStartAgain(why: 'asked' | 'expired'): void
}

/** The second step of a sign-in: six digits of the app, or a recovery code. */
export function SignInCode({ onSignedIn, onStartAgain }: Props) {
  const say = useSay()
  const { signIn } = useServices()
  const [recovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const [answer, setAnswer] = useState<CodeAnswer | null>(null)
  const sending = useSending()
  const confirm = (given: string) =>
    sending.send(async () => {
      setAnswer(null)
      const fresh = await (recovery ? signIn.withRecoveryCode(given.trim()) : signIn.withCode(given))
      if (fresh.kind === 'in') return await onSignedIn()
      if (fresh.kind === 'expired') return onStartAgain('expired')
      setAnswer(fresh)
      setCode('')
    })
  const turn = () => {
    setRecovery(!recovery)
    setCode('')
    setAnswer(null)
  }
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.trim() !== '') return confirm(code)
      }}
    >
      <h1>{say(recovery ? 'access.recovery.title' : 'access.code.title')}</h1>
      <p>{say(recovery ? 'access.recovery.body' : 'access.code.body')}</p>
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {answer !== null && <Notice tone="bad">{say(problemOf(answer.kind, recovery))}</Notice>}
      {recovery ? (
        <TextField
          label={say('access.recovery.label')}
          value={code}
          onChange={setCode}
          maxLength={32}
          autoFocus={true}
        />
      ) : (
        <CodeBoxes
          label={say('access.code.label')}
          boxLabel={(n) => say('access.code.box', { n })}
          value={code}
          onChange={setCode}
          onComplete={confirm}
        />
      )}
      <PushButton kind="primary" wide={true} submits={true} busy={sending.busy} label={say('access.code.submit')} />
      <div class="entry-turns">
        <PushButton kind="quiet" label={say('access.back')} onPress={() => onStartAgain('asked')} />
        <PushButton
          kind="quiet"
          label={say(recovery ? 'access.code.useApp' : 'access.code.useRecovery')}
          onPress={turn}
        />
      </div>
    </form>
  )
}

function problemOf(kind: CodeAnswer['kind'], recovery: boolean): AdminMessageKey {
  if (kind === 'locked') return 'access.code.locked'
  if (kind === 'spent') return 'access.code.spent'
  return recovery ? 'access.recovery.wrong' : 'access.code.wrong'
}
