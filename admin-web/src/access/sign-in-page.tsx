import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PasswordField } from '../ui-admin/password-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { EntryFrame } from './entry-frame.tsx'
import type { EndOfSession } from './session-gate.tsx'
import { SignInCode } from './sign-in-code.tsx'
import type { PasswordAnswer } from './sign-in-port.ts'
import { useSending } from './use-sending.ts'

interface Props {
  end: EndOfSession
  onSignedIn(password: string): Promise<void>
}

/** Email and password, then the code of the authenticator where the account has one. */
export function SignInPage({ end, onSignedIn }: Props) {
  const say = useSay()
  const { signIn } = useServices()
  const [atCode, setAtCode] = useState(false)
  const [expired, setExpired] = useState(false)
  const [password, setPassword] = useState('')
  if (atCode) {
    return (
      <EntryFrame>
        <SignInCode
          onSignedIn={() => onSignedIn(password)}
          onStartAgain={(why) => {
            setExpired(why === 'expired')
            setAtCode(false)
          }}
        />
      </EntryFrame>
    )
  }
  return (
    <EntryFrame>
      <h1>{say('access.signIn.title')}</h1>
      {end !== null && (
        <Notice tone="info">{say(end === 'idle' ? 'access.signIn.idle' : 'access.signIn.ended')}</Notice>
      )}
      {expired && <Notice tone="notice">{say('access.code.expired')}</Notice>}
      <PasswordForm
        onAnswer={async (answer, used) => {
          setPassword(used)
          if (answer.kind === 'in') await onSignedIn(used)
          if (answer.kind === 'second-factor') setAtCode(true)
        }}
      />
      {signIn.passkeysAble && <PasskeyEntry onSignedIn={() => onSignedIn('')} />}
      <p class="entry-help">{say('access.signIn.help')}</p>
    </EntryFrame>
  )
}

function PasskeyEntry({ onSignedIn }: { onSignedIn(): Promise<void> }) {
  const say = useSay()
  const { signIn } = useServices()
  const [refused, setRefused] = useState(false)
  const sending = useSending()
  const enter = () =>
    sending.send(async () => {
      setRefused(false)
      const answer = await signIn.withPasskey()
      if (answer === 'in') await onSignedIn()
      setRefused(answer === 'refused')
    })
  return (
    <div class="entry-form">
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {refused && <Notice tone="bad">{say('access.passkey.signIn.refused')}</Notice>}
      <PushButton icon="key" wide={true} busy={sending.busy} label={say('access.passkey.signIn')} onPress={enter} />
    </div>
  )
}

function PasswordForm({ onAnswer }: { onAnswer(answer: PasswordAnswer, password: string): Promise<void> }) {
  const say = useSay()
  const { signIn } = useServices()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [answer, setAnswer] = useState<PasswordAnswer | null>(null)
  const [asked, setAsked] = useState(false)
  const sending = useSending()
  const submit = async (event: Event) => {
    event.preventDefault()
    setAsked(true)
    setAnswer(null)
    if (email.trim() === '' || password === '') return
    await sending.send(async () => {
      const given = await signIn.withPassword(email.trim(), password)
      setAnswer(given)
      await onAnswer(given, password)
    })
  }
  const required = (value: string, field: string) =>
    asked && value.trim() === '' ? say('app.required', { field }) : undefined
  return (
    <form class="entry-form" noValidate={true} onSubmit={submit}>
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {answer?.kind === 'wrong' && <Notice tone="bad">{say('access.signIn.wrong')}</Notice>}
      {answer?.kind === 'wait' && (
        <Notice tone="bad">{say('access.signIn.wait', { minutes: Math.ceil(answer.retryAfterS / 60) })}</Notice>
      )}
      <TextField
        label={say('access.signIn.email')}
        kind="email"
        autoComplete="username"
        autoFocus={true}
        value={email}
        onChange={setEmail}
        problem={required(email, say('access.signIn.email'))}
      />
      <PasswordField
        label={say('access.signIn.password')}
        autoComplete="current-password"
        showLabel={say('access.password.show')}
        hideLabel={say('access.password.hide')}
        value={password}
        onChange={setPassword}
        problem={required(password, say('access.signIn.password'))}
      />
      <PushButton kind="primary" wide={true} submits={true} busy={sending.busy} label={say('access.signIn.submit')} />
    </form>
  )
}
