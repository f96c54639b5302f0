import { useRef, useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PasswordField } from '../ui-admin/password-field.tsx'
import { printPiece } from '../ui-admin/print-piece.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { useSending } from './use-sending.ts'

interface RecoveryProps {
  codes: readonly string[]
  /** What the way on is called; left out, the way into the console. */
  keptLabel?: string
  onKept(): Promise<void>
}

/** The codes that open without the phone, shown this once; the way on opens when they are kept. */
export function RecoveryCodes({ codes, keptLabel, onKept }: RecoveryProps) {
  const say = useSay()
  const list = useRef<HTMLUListElement>(null)
  const [copied, setCopied] = useState(false)
  const [kept, setKept] = useState(false)
  // The clipboard is missing where a hospital serves plain http; the codes can still be printed or written down.
  const canCopy = navigator.clipboard !== undefined
  return (
    <div class="entry-form">
      <h1>{say('access.factor.codes.title')}</h1>
      <p>{say('access.factor.codes.body')}</p>
      <ul class="recovery-codes" ref={list}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div class="ui-actions">
        {canCopy && (
          <PushButton
            icon="copy"
            label={say(copied ? 'access.factor.codes.copied' : 'access.factor.codes.copy')}
            onPress={async () => {
              await navigator.clipboard.writeText(codes.join('\n'))
              setCopied(true)
            }}
          />
        )}
        <PushButton icon="printer" label={say('access.factor.codes.print')} onPress={() => printPiece(list.current)} />
      </div>
      <label class="ui-check">
        <input type="checkbox" checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} />
        {say('access.factor.codes.kept')}
      </label>
      <PushButton
        kind="primary"
        wide={true}
        disabled={!kept}
        label={keptLabel ?? say('access.factor.codes.enter')}
        onPress={onKept}
      />
    </div>
  )
}

/** Ten new recovery codes instead of the old, after the password. */
export function NewRecoveryCodes({ onDone }: { onDone(): Promise<void> }) {
  const say = useSay()
  const { signIn } = useServices()
  const [password, setPassword] = useState('')
  const [wrong, setWrong] = useState(false)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const sending = useSending()
  if (codes !== null) return <RecoveryCodes codes={codes} keptLabel={say('own.codes.done')} onKept={onDone} />
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault()
        return sending.send(async () => {
          setWrong(false)
          const fresh = await signIn.renewRecoveryCodes(password)
          if (fresh === null) setWrong(true)
          else setCodes(fresh)
        })
      }}
    >
      <p>{say('own.codes.body')}</p>
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      <PasswordField
        label={say('access.factor.password')}
        autoComplete="current-password"
        showLabel={say('access.password.show')}
        hideLabel={say('access.password.hide')}
        value={password}
        onChange={setPassword}
        problem={wrong ? say('own.codes.wrong') : undefined}
      />
      <PushButton
        kind="primary"
        wide={true}
        submits={true}
        busy={sending.busy}
        disabled={password === ''}
        label={say('own.pane.recovery-codes')}
      />
    </form>
  )
}
