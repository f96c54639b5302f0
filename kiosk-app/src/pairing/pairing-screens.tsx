import type { StationView } from '@yizhan/contracts/station'
import type { VNode } from 'preact'
import './pairing.css'
import { type PairingSay, pairingWords } from '../catalogue/pairing-words.ts'
import type { Words } from '../catalogue/words.ts'
import { ScreenPanes } from '../kit/screen-panes.tsx'

interface Props {
  view: StationView
  words: Words
  helpDesk: string
  /** The station's clock. */
  now: number
}

/** A machine that its centre does not let in, or no longer: what patients do, and what an administrator needs. */
export function NotLetInScreen(props: Props & { why: NotLetIn }): VNode {
  const { why, view, words, helpDesk, now } = props
  const say = pairingWords(words.locale)
  const desk = { desk: helpDesk }
  switch (why) {
    case 'revoked':
      return (
        <ScreenPanes title={say('revoked.title')} tone="warning" icon="warning" alarm>
          <p class="lead">{say('revoked.now', desk)}</p>
        </ScreenPanes>
      )
    case 'awaiting-centre':
      return (
        <ScreenPanes title={say('awaiting.title')} tone="warning" icon="clock">
          <p class="lead">{say('awaiting.why', desk)}</p>
          <p class="lead">{say(view.centre.reachable ? 'awaiting.now' : 'awaiting.away')}</p>
        </ScreenPanes>
      )
    case 'quarantined':
      return (
        <ScreenPanes title={say('quarantined.title')} tone="warning" icon="warning" alarm>
          <p class="lead">{say('quarantined.why', desk)}</p>
          <p>{say('quarantined.now')}</p>
          <Pairing view={view} say={say} now={now} />
        </ScreenPanes>
      )
    case 'not-configured':
      return (
        <ScreenPanes title={say('new.title')} tone="warning">
          <p class="lead">{say('new.patients', desk)}</p>
          <p>{say('new.now')}</p>
          <Pairing view={view} say={say} now={now} />
        </ScreenPanes>
      )
  }
}

/** The states that have a screen here. */
export type NotLetIn = 'revoked' | 'awaiting-centre' | 'quarantined' | 'not-configured'

const minuteMs = 60_000

function Pairing({ view, say, now }: { view: StationView; say: PairingSay; now: number }): VNode | null {
  const { pairing } = view
  if (pairing === undefined) return null
  const { code, keyFingerprint, expiresAt, refused } = pairing
  const minutesLeft = expiresAt === null ? 0 : Math.max(1, Math.ceil((expiresAt - now) / minuteMs))
  const waiting = view.centre.reachable ? 'code.none' : 'code.away'
  const groups = keyFingerprint.split(' ')
  return (
    <dl class="pairing">
      <div>
        <dt>{say('code')}</dt>
        {code === null ? (
          <dd>{say(waiting)}</dd>
        ) : (
          <>
            <dd class="pairing-code">
              <span>{code.slice(0, 4)}</span> <span>{code.slice(4)}</span>
            </dd>
            <dd>{say('code.left', { n: minutesLeft })}</dd>
          </>
        )}
        {refused ? <dd>{say('refused')}</dd> : null}
      </div>
      <div>
        <dt>{say('fingerprint')}</dt>
        <dd class="pairing-fingerprint">
          {[groups.slice(0, 4), groups.slice(4)].map((line) => (
            <span key={line.join()}>{line.join(' ')} </span>
          ))}
        </dd>
        <dd>{say('fingerprint.compare')}</dd>
      </div>
    </dl>
  )
}
