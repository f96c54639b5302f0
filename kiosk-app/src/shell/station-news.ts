import type { CardsIn } from '../card/cards-in.ts'
import type { CheckInSession } from '../check-in/check-in-session.ts'
import type { ReadinessDoor } from '../device/readiness-door.ts'
import type { IdleWatch } from '../session/idle-watch.ts'
import type { PushListener } from '../station/station-pushes.ts'
import { type StationWatch, viewOf } from '../station/station-watch.ts'
import { pauseCauseOf } from './pause-screens.tsx'

/** Who hears what the station pushes. */
export interface NewsHearers {
  station: StationWatch
  checkIn: CheckInSession
  idle: IdleWatch
  cardsIn: CardsIn
  readiness: ReadinessDoor
  /** Told as soon as a card is in: its screens are needed now. */
  cardComes(): void
}

/** Hands each of the station's pushes to whom it concerns. */
export function stationNews(hearers: NewsHearers): PushListener {
  const { station, checkIn, idle, cardsIn, readiness } = hearers
  return {
    connected: station.askNow,
    disconnected() {
      cardsIn.forget()
      station.askNow()
    },
    stationChanged: station.askNow,
    printJobChanged: (print) => checkIn.act({ type: 'print-changed', print }),
    scanReceived(push) {
      idle.heard()
      if (takesPatients(hearers)) checkIn.scanReceived(push)
    },
    scanRefused(push) {
      idle.heard()
      if (takesPatients(hearers)) checkIn.scanRefused(push)
    },
    cardInserted(push) {
      idle.heard()
      cardsIn.inserted(push.readingId)
      hearers.cardComes()
      if (takesPatients(hearers)) checkIn.cardInserted(push)
    },
    cardRead({ readingId, cardId }) {
      idle.heard()
      checkIn.act({ type: 'card-read', readingId, cardId })
    },
    cardRefused({ readingId, problem }) {
      idle.heard()
      checkIn.act({ type: 'card-refused', readingId, problem })
    },
    cardRemoved({ readingId }) {
      idle.heard()
      cardsIn.removed(readingId)
    },
    readinessChanged(report) {
      idle.heard()
      readiness.heard(report)
    },
  }
}

/** While the station takes nobody new no session begins; who is in the middle of one may still scan or put a card in. */
function takesPatients({ station, checkIn }: NewsHearers): boolean {
  return checkIn.step.peek().kind !== 'attract' || pauseCauseOf(viewOf(station.sight.peek())) === null
}
