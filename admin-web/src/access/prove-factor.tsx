import { useQuery } from '@tanstack/preact-query'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { CodeBoxes } from '../ui-admin/code-boxes.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import type { CodeAnswer } from './sign-in-port.ts'
import { useSending } from './use-sending.ts'

/** The key of the question what one's own account has. */
export const ownAccountKey = ['own-account'] as const

/** Asks for whichever second factor the account has: the code of the authenticator, or a passkey. */
export function ProveFactor({ onProved }: { onProved(): void | Promise<void> }) {
  const say = useSay()
  const { client, signIn } = useServices()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<AdminMessageKey | null>(null)
  const sending = useSending()
  const own = useQuery({ queryKey: ownAccountKey, queryFn: () => client.access.ownAccount() })
  if (own.isError) return <LoadProblem error={own.error} staleTime={null} onRetry={() => own.refetch()} />
  if (own.data === undefined) return <SkeletonRows rows={2} label={say('app.loading')} />
  const confirm = (given: string) =>
    sending.send(async () => {
      setProblem(null)
      const answer = await signIn.proveWithCode(given)
      if (answer.kind === 'in') return await onProved()
      setCode('')
      setProblem(problemOf(answer.kind))
    })
  const byPasskey = () =>
    sending.send(async () => {
      setProblem(null)
      const answer = await signIn.proveWithPasskey()
      if (answer === 'in') return await onProved()
      if (answer === 'refused') setProblem('access.passkey.refused')
    })
  const hasPasskey = own.data.passkeys.length > 0
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.length === 6) return confirm(code)
      }}
    >
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {problem !== null && <Notice tone="bad">{say(problem)}</Notice>}
      {own.data.hasAuthenticator && (
        <CodeBoxes
          label={say('access.code.label')}
          boxLabel={(n) => say('access.code.box', { n })}
          value={code}
          onChange={setCode}
          onComplete={confirm}
        />
      )}
      {hasPasskey && !signIn.passkeysAble && <Notice tone="notice">{say('access.passkey.notHere')}</Notice>}
      {hasPasskey && signIn.passkeysAble && (
        <PushButton
          kind={own.data.hasAuthenticator ? 'plain' : 'primary'}
          icon="key"
          wide={true}
          busy={sending.busy}
          label={say('access.passkey.use')}
          onPress={byPasskey}
        />
      )}
    </form>
  )
}

function problemOf(kind: CodeAnswer['kind']): AdminMessageKey {
  if (kind === 'spent') return 'access.code.spent'
  return kind === 'locked' ? 'access.prove.locked' : 'access.prove.wrong'
}
