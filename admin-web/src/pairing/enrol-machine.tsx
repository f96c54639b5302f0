import type { PendingPairing } from '@yizhan/contracts/pairing'
import { useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { refusalData, refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { ApproveMachine } from './approve-machine.tsx'
import type { ReplaceableStation } from './machine-place.tsx'

interface Props {
  open: boolean
  stations: readonly ReplaceableStation[]
  onClose(): void
  onEnrolled(): Promise<void>
}

/** Lets a new machine in (登记新机): its code first, then what it is and where it stands. */
export function EnrolMachine({ open, stations, onClose, onEnrolled }: Props) {
  const say = useSay()
  const [found, setFound] = useState<PendingPairing | null>(null)
  const close = () => {
    setFound(null)
    onClose()
  }
  return (
    <SideDrawer title={say('pairing.title')} open={open} closeLabel={say('app.close')} onClose={close}>
      {found === null ? (
        <CodeForm onFound={setFound} />
      ) : (
        <ApproveMachine
          pairing={found}
          stations={stations}
          onAgain={() => setFound(null)}
          onDone={async () => {
            setFound(null)
            await onEnrolled()
          }}
        />
      )}
    </SideDrawer>
  )
}

interface Problem {
  key: AdminMessageKey
  n: number
}

function CodeForm({ onFound }: { onFound(found: PendingPairing): void }) {
  const say = useSay()
  const { client } = useServices()
  const sending = useSending()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const digits = code.replaceAll(/\D/g, '')
  const look = () =>
    sending.send(async () => {
      setProblem(null)
      try {
        onFound(await client.pairing.find({ code: digits }))
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setProblem(problemOf(refusal, refusalData(error)))
      }
    })
  return (
    <form
      class="pairing-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (digits.length === 8) void look()
      }}
    >
      <p>{say('pairing.purpose')}</p>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      <TextField
        label={say('pairing.code')}
        hint={say('pairing.code.hint')}
        value={code}
        onChange={setCode}
        maxLength={11}
        autoFocus={true}
        {...(problem === null ? {} : { problem: say(problem.key, { n: problem.n }) })}
      />
      <PushButton
        kind="primary"
        submits={true}
        label={say('pairing.find')}
        busy={sending.busy}
        disabled={digits.length !== 8}
      />
    </form>
  )
}

function problemOf(refusal: string, data: unknown): Problem {
  if (refusal === 'code-unknown') return { key: 'pairing.code.unknown', n: numberIn(data, 'triesLeft') }
  if (refusal === 'too-many-tries')
    return { key: 'pairing.code.tooMany', n: Math.ceil(numberIn(data, 'retryAfterS') / 60) }
  if (refusal === 'code-expired') return { key: 'pairing.code.expired', n: 0 }
  if (refusal === 'code-used') return { key: 'pairing.code.used', n: 0 }
  return { key: 'fault.forbidden', n: 0 }
}

function numberIn(data: unknown, name: string): number {
  return typeof data === 'object' && data !== null && name in data ? Number((data as Record<string, unknown>)[name]) : 0
}
