import type { StationView } from '@yizhan/contracts/station'
import type { VNode } from 'preact'
import { CardInPicture, CardOnPicture } from '../card/card-pictures.tsx'
import type { Words } from '../catalogue/words.ts'
import type { MessageKey } from '../catalogue/zh-cn.ts'
import { LucideIcon } from '../kit/lucide-icon.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { StationBanner } from '../kit/station-banner.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import { printerVerdict, works } from '../station/printer-verdict.ts'
import { ScanPicture } from './scan-picture.tsx'
import type { ScreenPropsOf } from './screen-props.ts'

/** The screen nobody stands at: the ways in that this machine has, and what it cannot do right now. */
export function AttractScreen(props: ScreenPropsOf<'attract'>): VNode {
  const { words, view, helpDesk, act, newId } = props
  const start = () => act({ type: 'start', sessionId: newId() })
  const ways = waysIn(view)
  return (
    <ScreenPanes
      title={words.say('attract.title')}
      keys={{
        onDigit(digit) {
          start()
          act({ type: 'digit', digit })
        },
      }}
      controls={
        <>
          {ways.scan || ways.chip || ways.id ? <WaysIn ways={ways} words={words} /> : null}
          {view ? <AwayWord view={view} ways={ways} words={words} /> : null}
          <TouchButton rank="primary" onPress={start}>
            {words.say('attract.start')}
          </TouchButton>
        </>
      }
    >
      <p class="lead">{words.say('attract.lead')}</p>
      {view ? <AttractBanners view={view} words={words} helpDesk={helpDesk} /> : null}
      <p class="aside">{words.say('attract.first-visit', { desk: helpDesk })}</p>
    </ScreenPanes>
  )
}

/** Which ways in work now, besides typing. */
interface Ways {
  scan: boolean
  chip: boolean
  id: boolean
}

/** A scanner that the station does not know may still type; a reader that it does not know is not there. */
function waysIn(view: StationView | null): Ways {
  if (view === null) return { scan: true, chip: false, id: false }
  const { scanner, cardReader, idReader } = view
  return { scan: scanner === null || works(scanner), chip: works(cardReader), id: works(idReader) }
}

function WaysIn({ ways, words }: { ways: Ways; words: Words }): VNode {
  const card = cardWord(ways)
  return (
    <div class="ways" data-both={ways.scan && card !== null}>
      {ways.scan ? (
        <section class="way">
          <ScanPicture spoken={words.say('attract.scan-picture')} />
          <div>
            <h2>{words.say('attract.scan-title')}</h2>
            <p>{words.say('attract.scan')}</p>
          </div>
        </section>
      ) : null}
      {card ? (
        <section class="way">
          {ways.chip ? (
            <CardInPicture spoken={words.say('attract.card-picture')} />
          ) : (
            <CardOnPicture spoken={words.say('attract.id-picture')} />
          )}
          <div>
            <h2>{words.say('attract.card-title')}</h2>
            <p>{words.say(card)}</p>
          </div>
        </section>
      ) : null}
    </div>
  )
}

function cardWord({ chip, id }: Ways): MessageKey | null {
  if (chip) return id ? 'attract.card-both' : 'attract.card-chip'
  return id ? 'attract.card-id' : null
}

/** A quiet word about what is there and does not work, with the ways that are left. */
function AwayWord({ view, ways, words }: { view: StationView; ways: Ways; words: Words }): VNode | null {
  const away = [
    ways.scan ? null : words.say('attract.device-scanner'),
    view.cardReader && !ways.chip ? words.say('attract.device-card') : null,
    view.idReader && !ways.id ? words.say('attract.device-id') : null,
  ].filter((device) => device !== null)
  if (away.length === 0) return null
  const left = [
    ways.scan ? words.say('attract.way-scan') : null,
    ways.chip ? words.say('attract.way-card') : null,
    ways.id ? words.say('attract.way-id') : null,
    words.say('attract.way-type'),
  ].filter((way) => way !== null)
  return (
    <p class="away">
      <LucideIcon name="alert" />
      <span>{words.say('attract.away', { devices: words.list(away, 'all'), ways: words.list(left, 'any') })}</span>
    </p>
  )
}

function AttractBanners(props: { view: StationView; words: Words; helpDesk: string }): VNode {
  const { view, words, helpDesk } = props
  const verdict = printerVerdict(view.printer)
  return (
    <>
      {verdict === 'prints' ? null : (
        <StationBanner icon="printer">
          {words.say(`printer.${verdict}`)}
          {words.locale === 'en' ? ' ' : ''}
          {verdict === 'paper-low' || verdict === 'ticket-not-taken'
            ? null
            : words.say('printer.still', { desk: helpDesk })}
        </StationBanner>
      )}
      {view.centre.reachable ? null : <StationBanner icon="offline">{words.say('attract.centre-away')}</StationBanner>}
    </>
  )
}
