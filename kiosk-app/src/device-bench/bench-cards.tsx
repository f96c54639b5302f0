import type { Locale } from '@yizhan/contracts/local-text'
import type { VNode } from 'preact'
import { BenchButton, BenchCard, type PanelProps } from './bench-panel.tsx'
import type { BenchReader, DemoCard } from './bench-state.ts'
import { type BenchSay, isBenchCardKind } from './bench-words.ts'

interface Insertable {
  word: string
  card: object
}

/** The chip card readers with the demo's cards, hostile cards, and the card service behind them. */
export function CardReaderPanel(props: PanelProps & { locale: Locale }): VNode {
  const { state, client, say, hand } = props
  const { running } = state.pcscd
  const service = say(running ? 'pcscd.kill' : 'pcscd.revive')
  return (
    <BenchCard title={say('card-readers')}>
      {state.cardReaders.map((reader) => (
        <Reader key={reader.name} reader={reader} {...props} />
      ))}
      <p class={running ? 'bench-good' : 'bench-bad'}>{say(running ? 'pcscd.running' : 'pcscd.stopped')}</p>
      <div class="bench-buttons">
        <BenchButton word={service} hand={hand} work={() => client.order('pcscd', { running: !running })} />
      </div>
    </BenchCard>
  )
}

function Reader(props: PanelProps & { locale: Locale; reader: BenchReader }): VNode {
  const { reader, client, say, hand, locale, state } = props
  const order = (what: object) => client.order('card-readers', { ...what, reader: reader.name })
  const insert = (card: object) => order({ action: 'insert', card })
  const cards = isContactless(reader)
    ? demoCards(state.demo?.cards, ['contactless'], locale)
    : [...demoCards(state.demo?.cards, ['social-security', 'hospital'], locale), ...oddCards(say)]
  const [quick] = cards
  return (
    <section class="bench-reader" aria-label={reader.name}>
      <h3>{say(isContactless(reader) ? 'reader.contactless' : 'reader.contact')}</h3>
      <p>
        {reader.attached ? '' : `${say('reader.detached')} · `}
        {reader.card === null ? say('reader.empty') : say('reader.holds', { card: cardTitle(reader.card, say) })}
      </p>
      <div class="bench-buttons">
        {reader.card === null && reader.attached
          ? cards.map(({ word, card }) => <BenchButton key={word} word={word} hand={hand} work={() => insert(card)} />)
          : null}
        {reader.card === null && reader.attached && quick ? (
          <BenchButton
            word={say('card.pulled-early')}
            hand={hand}
            work={async () => {
              await insert(quick.card)
              await order({ action: 'remove' })
            }}
          />
        ) : null}
        {reader.card !== null && reader.attached ? (
          <BenchButton word={say('card.remove')} hand={hand} work={() => order({ action: 'remove' })} />
        ) : null}
        <BenchButton
          word={say(reader.attached ? 'reader.detach' : 'reader.attach')}
          hand={hand}
          work={() => order({ action: reader.attached ? 'detach' : 'attach' })}
        />
      </div>
    </section>
  )
}

function isContactless({ name }: BenchReader): boolean {
  return name.includes('Contactless')
}

function demoCards(
  cards: readonly DemoCard[] | undefined,
  kinds: readonly DemoCard['kind'][],
  locale: Locale,
): readonly Insertable[] {
  return (cards ?? [])
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ label, ...card }) => ({ word: `${card.name} · ${label[locale]}`, card }))
}

/** Cards that nobody is checked in by: a stranger's, one of another house, one the wrong way up. */
function oddCards(say: BenchSay): readonly Insertable[] {
  return [
    { word: say('card.strangers'), card: { kind: 'hospital' } },
    { word: say('card.unknown'), card: { kind: 'unknown' } },
    { word: say('card.upside-down'), card: { kind: 'upside-down' } },
  ]
}

/** The bench's own title of a card, its kind in our words. */
function cardTitle(title: string, say: BenchSay): string {
  const [kind = '', ...rest] = title.split(' ')
  return [isBenchCardKind(kind) ? say(`card.${kind}`) : kind, ...rest].join(' ')
}

/** The reader of second-generation ID cards. */
export function IdReaderPanel({ state, client, say, hand, locale }: PanelProps & { locale: Locale }): VNode {
  const { attached, cardIn } = state.idReader
  const order = (what: object) => client.order('id-reader', what)
  const cards = demoCards(state.demo?.cards, ['id-card'], locale)
  return (
    <BenchCard title={say('id-reader')}>
      <p>
        {attached ? '' : `${say('reader.detached')} · `}
        {say(cardIn ? 'id-reader.holds' : 'id-reader.empty')}
      </p>
      <div class="bench-buttons">
        {cardIn ? (
          <BenchButton word={say('id-reader.take')} hand={hand} work={() => order({ action: 'take-card' })} />
        ) : (
          <>
            {cards.map(({ word, card }) => (
              <BenchButton key={word} word={word} hand={hand} work={() => order({ action: 'place-card', card })} />
            ))}
            <BenchButton word={say('id-reader.strangers')} hand={hand} work={() => order({ action: 'place-card' })} />
          </>
        )}
        <BenchButton
          word={say(attached ? 'unplug' : 'plug-in')}
          hand={hand}
          work={() => order({ action: attached ? 'unplug' : 'plug-in' })}
        />
      </div>
    </BenchCard>
  )
}
