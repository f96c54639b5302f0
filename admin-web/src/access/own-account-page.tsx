import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { OwnAccount, WhoAmI } from '@yizhan/contracts/access'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { AddPasskey } from './add-passkey.tsx'
import { ChangePassword } from './change-password.tsx'
import { OwnFactors } from './own-factors.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { ownAccountKey } from './prove-factor.tsx'
import { NewRecoveryCodes } from './recovery-codes.tsx'
import { AuthenticatorSetUp } from './second-factor-page.tsx'

/** What of one's own account is open in the pane at the side. */
export type OwnPane = 'password' | 'authenticator' | 'recovery-codes' | 'passkey'

/** What is asked before it is done. */
export type OwnQuestion =
  | { kind: 'remove-authenticator' }
  | { kind: 'end-others' }
  | { kind: 'remove-passkey'; passkeyId: string; name: string }

/** One's own sign-in: password, second factors, and where one is signed in. */
export function OwnAccountPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  const [pane, setPane] = useState<OwnPane | null>(null)
  const [question, setQuestion] = useState<OwnQuestion | null>(null)
  const own = useQuery({ queryKey: ownAccountKey, queryFn: () => client.access.ownAccount() })
  const askAgain = () => queries.invalidateQueries({ queryKey: ownAccountKey })
  const deeds = useRepeatable(ownRefusal, askAgain)
  const carryOut = async (what: string, send: () => Promise<unknown>) => {
    setQuestion(null)
    await deeds.carryOut({ what, done: say('own.done'), send })
  }
  const close = async () => {
    setPane(null)
    await askAgain()
  }
  return (
    <>
      <PageHeading title={say('own.title')} purpose={say('own.purpose')} />
      {own.isError && <LoadProblem error={own.error} staleTime={null} onRetry={() => own.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {own.data === undefined && !own.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {own.data !== undefined && (
        <>
          <OwnFactors own={own.data} zone={who.zone} busy={deeds.busy} onOpen={setPane} onAsk={setQuestion} />
          <OwnSessions
            sessions={own.data.sessions}
            zone={who.zone}
            busy={deeds.busy}
            onEnd={(sessionId) => carryOut(`end ${sessionId}`, () => client.access.endSession({ sessionId }))}
            onEndOthers={() => setQuestion({ kind: 'end-others' })}
          />
          <OwnPaneDrawer pane={pane} own={own.data} onClose={close} />
        </>
      )}
      <Question
        question={question}
        busy={deeds.busy}
        onKeep={() => setQuestion(null)}
        onConfirm={(asked) => {
          if (asked.kind === 'end-others') return carryOut('end others', () => client.access.endOtherSessions())
          if (asked.kind === 'remove-authenticator')
            return carryOut('remove authenticator', () => client.access.removeAuthenticator())
          return carryOut(`remove ${asked.passkeyId}`, () =>
            client.access.removePasskey({ passkeyId: asked.passkeyId }),
          )
        }}
      />
    </>
  )
}

function ownRefusal(refusal: string) {
  return refusal === 'step-up-needed' ? 'own.refused.stepUp' : 'own.refused.gone'
}

function OwnPaneDrawer({ pane, own, onClose }: { pane: OwnPane | null; own: OwnAccount; onClose(): Promise<void> }) {
  const say = useSay()
  if (pane === null) return null
  return (
    <SideDrawer open={true} title={say(`own.pane.${pane}`)} closeLabel={say('app.close')} onClose={onClose}>
      {pane === 'password' && <ChangePassword onDone={onClose} />}
      {pane === 'authenticator' && <AuthenticatorSetUp password="" onDone={onClose} />}
      {pane === 'recovery-codes' && <NewRecoveryCodes onDone={onClose} />}
      {pane === 'passkey' && (
        <AddPasskey needsPassword={!own.hasAuthenticator && own.passkeys.length === 0} onDone={onClose} />
      )}
    </SideDrawer>
  )
}

interface QuestionProps {
  question: OwnQuestion | null
  busy: boolean
  onKeep(): void
  onConfirm(question: OwnQuestion): void
}

function Question({ question, busy, onKeep, onConfirm }: QuestionProps) {
  const say = useSay()
  if (question === null) return null
  const name = question.kind === 'remove-passkey' ? question.name : ''
  return (
    <ConfirmDialog
      open={true}
      title={say(`own.${question.kind}.title`, { name })}
      confirmLabel={say(`own.${question.kind}.confirm`)}
      keepLabel={say('app.cancel')}
      busy={busy}
      onKeep={onKeep}
      onConfirm={() => onConfirm(question)}
    >
      <p>{say(`own.${question.kind}.body`)}</p>
    </ConfirmDialog>
  )
}
