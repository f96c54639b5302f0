import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import { idleLimitMs } from '@yizhan/rules/access/session-limits'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { whoAmIKey } from '../shell/admin-queries.ts'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { refusalOf } from '../shell/refusal.ts'
import { SignedInPages } from '../shell/signed-in-pages.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { ChangePassword } from './change-password.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { OwnPasswordPage } from './own-password-page.tsx'
import { ProveFactor } from './prove-factor.tsx'
import { SecondFactorPage } from './second-factor-page.tsx'
import { SignInPage } from './sign-in-page.tsx'

/** Why somebody who was signed in finds the sign-in page again; null when they asked for it. */
export type EndOfSession = 'idle' | 'ended' | null

/** Lets in who is signed in and has no duty open; shows everybody else the page of their next step. */
export function SessionGate() {
  const { client, signIn, clock } = useServices()
  const queries = useQueryClient()
  const asked = useQuery({ queryKey: whoAmIKey, queryFn: () => client.access.whoAmI() })
  const [end, setEnd] = useState<EndOfSession>(null)
  // Kept in memory only, so that the walk through the duties does not ask for the same password three times.
  const [password, setPassword] = useState('')
  const lastKnown = useLastKnown(asked.data, clock)
  const refusal = refusalOf(asked.error)

  useEffect(() => {
    if (refusal !== 'not-signed-in' || lastKnown.current === null) return
    setEnd(clock() - lastKnown.current >= idleLimitMs ? 'idle' : 'ended')
    lastKnown.current = null
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== whoAmIKey[0] })
  }, [refusal, clock, queries, lastKnown])

  const askAgain = async () => {
    await asked.refetch()
  }
  const leave = async () => {
    lastKnown.current = null
    setEnd(null)
    setPassword('')
    await signIn.signOut()
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== whoAmIKey[0] })
    await askAgain()
  }
  if (refusal === 'not-signed-in') {
    return (
      <SignInPage
        end={end}
        onSignedIn={async (used) => {
          setPassword(used)
          await askAgain()
        }}
      />
    )
  }
  if (refusal === 'no-membership') return <NoHospital onSignOut={leave} />
  if (asked.data !== undefined) {
    return (
      <DutyOrPages who={asked.data} password={password} onPassword={setPassword} onDone={askAgain} onSignOut={leave} />
    )
  }
  return (
    <EntryFrame>
      {asked.isError ? <LoadProblem error={asked.error} staleTime={null} onRetry={askAgain} /> : <Reading />}
    </EntryFrame>
  )
}

/** The last moment at which somebody was at the page while signed in; null when nobody is. */
function useLastKnown(who: WhoAmI | undefined, clock: () => number) {
  const lastKnown = useRef<number | null>(null)
  useEffect(() => {
    if (who === undefined) return
    lastKnown.current = clock()
    const touch = () => {
      if (lastKnown.current !== null) lastKnown.current = clock()
    }
    addEventListener('pointerdown', touch)
    addEventListener('keydown', touch)
    return () => {
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', touch)
    }
  }, [who, clock])
  return lastKnown
}

interface DutyProps {
  who: WhoAmI
  password: string
  onPassword(password: string): void
  onDone(): Promise<void>
  onSignOut(): Promise<void>
}

function DutyOrPages({ who, password, onPassword, onDone, onSignOut }: DutyProps) {
  // The number of steps is told from what was open at first, not from what is left.
  const steps = useRef(who.duties.length)
  const step = { step: steps.current - who.duties.length + 1, of: steps.current }
  switch (who.duties[0]) {
    case 'set-own-password':
      return (
        <OwnPasswordPage
          step={step}
          currentPassword={password}
          onDone={async (fresh) => {
            onPassword(fresh)
            await onDone()
          }}
          onSignOut={onSignOut}
        />
      )
    case 'set-up-second-factor':
      return <SecondFactorPage step={step} password={password} onDone={onDone} onSignOut={onSignOut} />
    case 'renew-password':
      return <RenewPasswordPage onDone={onDone} onSignOut={onSignOut} />
    case 'prove-second-factor':
      return <ProveFactorPage onDone={onDone} onSignOut={onSignOut} />
    case undefined:
      return <SignedInPages who={who} onSignOut={onSignOut} />
  }
}

function RenewPasswordPage({ onDone, onSignOut }: { onDone(): Promise<void>; onSignOut(): Promise<void> }) {
  const say = useSay()
  return (
    <EntryFrame>
      <h1>{say('access.renew.title')}</h1>
      <p>{say('access.renew.body')}</p>
      <ChangePassword onDone={onDone} />
      <PushButton kind="quiet" label={say('app.signOut')} onPress={onSignOut} />
    </EntryFrame>
  )
}

function ProveFactorPage({ onDone, onSignOut }: { onDone(): Promise<void>; onSignOut(): Promise<void> }) {
  const say = useSay()
  return (
    <EntryFrame>
      <h1>{say('access.proveIn.title')}</h1>
      <p>{say('access.proveIn.body')}</p>
      <ProveFactor onProved={onDone} />
      <PushButton kind="quiet" label={say('app.signOut')} onPress={onSignOut} />
    </EntryFrame>
  )
}

function NoHospital({ onSignOut }: { onSignOut(): Promise<void> }) {
  const say = useSay()
  return (
    <EntryFrame>
      <h1>{say('access.noHospital.title')}</h1>
      <Notice tone="notice">{say('access.noHospital.body')}</Notice>
      <PushButton label={say('app.signOut')} onPress={onSignOut} />
    </EntryFrame>
  )
}

function Reading() {
  const say = useSay()
  return <SkeletonRows rows={4} label={say('app.loading')} />
}
