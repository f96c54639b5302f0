import { useRef, useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { printPiece } from '../ui-admin/print-piece.ts'
import { PushButton } from '../ui-admin/push-button.tsx'

/** The codes that open without the phone, shown this once; the way on opens when they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept(): Promise<void> }) {
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
        label={say('access.factor.codes.enter')}
        onPress={onKept}
      />
    </div>
  )
}
