import type { Locale } from '@yizhan/contracts/local-text'
import type { VNode } from 'preact'
import type { BenchTicket } from './bench-state.ts'
import type { BenchSay } from './bench-words.ts'

/** The demo hospital stands in Shanghai, wherever the browser is. */
const demoZone = 'Asia/Shanghai'

/** The papers that came out, newest first, as they would look; half ones are marked. */
export function BenchTickets(props: { tickets: readonly BenchTicket[]; locale: Locale; say: BenchSay }): VNode {
  const { tickets, say } = props
  const clock = new Intl.DateTimeFormat(props.locale, { timeStyle: 'medium', timeZone: demoZone })
  return (
    <section class="bench-card">
      <h2>{say('tickets')}</h2>
      {tickets.length === 0 ? <p>{say('tickets.none')}</p> : null}
      <ol class="bench-tickets" aria-label={say('tickets')}>
        {tickets.toReversed().map(({ ticketId, cutAtMs, partial, text, pictureUrl }) => {
          const at = clock.format(cutAtMs)
          return (
            <li key={ticketId}>
              <p>
                {at}{' '}
                <strong class={partial ? 'bench-bad' : 'bench-good'}>
                  {say(partial ? 'ticket.partial' : 'ticket.whole')}
                </strong>
              </p>
              <img src={pictureUrl} alt={say('ticket.alt', { at, text })} />
            </li>
          )
        })}
      </ol>
    </section>
  )
}
