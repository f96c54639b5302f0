import { useEffect, useRef, useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { CodeBoxes } from '../ui-admin/code-boxes.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PasswordField } from '../ui-admin/password-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { QrPicture } from '../ui-admin/qr-drawing.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import type { SecondFactorStart } from './sign-in-port.ts'
import { useSending } from './use-sending.ts'

interface Props {
  step: { step: number; of: number }
  /** What was typed a moment ago; empty after a reload. */
  password: string
  onDone(): Promise<void>
  onSignOut(): Promise<void>
}

type Started = Exclude<SecondFactorStart, null>

/** Second duty of administrators: an authenticator app, proved by its first code, and recovery codes for the day it is lost. */
export function SecondFactorPage({ step, password, onDone, onSignOut }: Props) {
  const say = useSay()
  const [bound, setBound] = useState(false)
  return (
    <EntryFrame>
      <p class="entry-step">{say('access.step', step)}</p>
      {!bound && (
        <>
          <h1>{say('access.factor.title')}</h1>
          <p>{say('access.factor.body')}</p>
        </>
      )}
      <AuthenticatorSetUp password={password} onBound={() => setBound(true)} onDone={onDone} />
      {!bound && <PushButton kind="quiet" label={say('app.signOut')} onPress={onSignOut} />}
    </EntryFrame>
  )
}

interface SetUpProps {
  /** What was typed a moment ago; empty when it has to be asked for. */
  password: string
  onBound?(): void
  onDone(): void | Promise<void>
}

/** Binds an authenticator app: password, first code, and the recovery codes to be kept. */
export function AuthenticatorSetUp({ password, onBound, onDone }: SetUpProps) {
  const [started, setStarted] = useState<Started | null>(null)
  const [bound, setBound] = useState(false)
  if (started === null) return <StartForm password={password} onStarted={setStarted} />
  if (bound) return <RecoveryCodes codes={started.recoveryCodes} onKept={async () => await onDone()} />
  return (
    <BindForm
      totpUri={started.totpUri}
      onBound={() => {
        setBound(true)
        onBound?.()
      }}
    />
  )
}

function StartForm({ password: known, onStarted }: { password: string; onStarted(started: Started): void }) {
  const say = useSay()
  const { signIn } = useServices()
  const [password, setPassword] = useState('')
  const [wrong, setWrong] = useState(false)
  const sending = useSending()
  const start = (with_: string) =>
    sending.send(async () => {
      const started = await signIn.startSecondFactor(with_)
      if (started === null) setWrong(true)
      else onStarted(started)
    })
  const begun = useRef(false)
  useEffect(() => {
    if (known === '' || begun.current) return
    begun.current = true
    start(known).catch(() => undefined)
  })
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault()
        setWrong(false)
        return start(password)
      }}
    >
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      <PasswordField
        label={say('access.factor.password')}
        autoComplete="current-password"
        showLabel={say('access.password.show')}
        hideLabel={say('access.password.hide')}
        value={password}
        onChange={setPassword}
        problem={wrong ? say('access.factor.passwordWrong') : undefined}
      />
      <PushButton
        kind="primary"
        wide={true}
        submits={true}
        busy={sending.busy}
        disabled={password === ''}
        label={say('access.factor.start')}
      />
    </form>
  )
}

function BindForm({ totpUri, onBound }: { totpUri: string; onBound(): void }) {
  const say = useSay()
  const { signIn } = useServices()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<'wrong' | 'locked' | null>(null)
  const sending = useSending()
  const confirm = (given: string) =>
    sending.send(async () => {
      setProblem(null)
      const answer = await signIn.withCode(given)
      if (answer.kind === 'in') return onBound()
      setProblem(answer.kind === 'locked' ? 'locked' : 'wrong')
      setCode('')
    })
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.length === 6) return confirm(code)
      }}
    >
      <ol class="entry-steps">
        <li>
          <p>{say('access.factor.scan')}</p>
          <p class="entry-quiet">{say('access.factor.scanHint')}</p>
          <QrPicture text={totpUri} label={say('access.factor.qr')} />
          <p class="entry-quiet">{say('access.factor.secret')}</p>
          <code class="entry-secret">{secretOf(totpUri)}</code>
        </li>
        <li>
          <CodeBoxes
            label={say('access.factor.enter')}
            boxLabel={(n) => say('access.code.box', { n })}
            value={code}
            onChange={setCode}
            onComplete={confirm}
          />
        </li>
      </ol>
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {problem !== null && (
        <Notice tone="bad">{say(problem === 'locked' ? 'access.code.locked' : 'access.code.wrongSetUp')}</Notice>
      )}
      <PushButton kind="primary" wide={true} submits={true} busy={sending.busy} label={say('access.code.submit')} />
    </form>
  )
}

/** The key inside an `otpauth:` address, in fours, as people type it. */
function secretOf(totpUri: string): string {
  const secret = new URL(totpUri).searchParams.get('secret') ?? ''
  return secret.replace(/(.{4})(?=.)/g, '$1 ')
}
