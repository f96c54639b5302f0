import { randomBytes } from 'node:crypto'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'
import { cardMark } from './card-mark.ts'
import type { CardNews } from './card-news.ts'
import type { CardReaderHostConfig } from './card-reader.ts'
import type { CardReaderNews, HungCard } from './card-slot.ts'
import { OpenReadings } from './open-readings.ts'

/** The card readers of a station as its configuration names them: all that PC/SC offers, or those whose names begin so. */
export interface CardReaderConfig extends Omit<CardReaderHostConfig, 'kind' | 'leaveAlone' | 'answered'> {
  deviceId: string
}

/** The card readers of a station, driven by one supervised process. */
export interface SupervisedCardReader extends Omit<SupervisedDevice<CardReaderNews>, 'onNews' | 'run'> {
  /** Calls for every card that is put in, read or refused, and pulled. What was read is of a patient: never log it. */
  onCard(listener: (news: CardNews) => void): () => void
}

/** Starts the readers' driver process and keeps it alive until `stop`. A reading whose process ends is told to its end. */
export function startCardReader(config: CardReaderConfig, deps: DeviceDeps): SupervisedCardReader {
  const { deviceId, ...settings } = config
  const hungCards = new Map<string, HungCard>()
  const key = randomBytes(32)
  /** The marks of cards that were read and not seen to leave, by reading. */
  const marks = new Map<string, string>()
  const hostConfig: CardReaderHostConfig = {
    ...settings,
    kind: 'card-reader',
    // Looked at anew whenever the process is started: what hung the last one is left alone by the next.
    get leaveAlone() {
      return [...hungCards.values()]
    },
    // Somebody else may stand at the screen by the time the next process finds a forgotten card.
    get answered() {
      return { key, marks: [...marks.values()] }
    },
  }
  const { onNews, run: _takesNoCommands, ...device } = startSupervisedDevice<CardReaderNews>(deviceId, hostConfig, deps)
  const listeners = new Set<(news: CardNews) => void>()
  const readings = new OpenReadings()
  const tell = (news: CardNews) => {
    for (const listener of listeners) listener(news)
  }
  onNews((news) => {
    switch (news.kind) {
      case 'card-hung':
        hungCards.set(news.readerName, news)
        return deps.log({ event: 'card-hung', deviceId, readerName: news.readerName })
      case 'log':
        return deps.log({ deviceId, ...news.record })
      default:
        // A card was pulled: if it was another one than the one that hung, that one may hang once more.
        if (news.kind === 'card-removed') hungCards.clear()
        if (news.kind === 'card-read') marks.set(news.readingId, cardMark(key, news.identity))
        if (news.kind === 'card-removed') marks.delete(news.readingId)
        readings.note(news)
        return tell(news)
    }
  })
  device.onHealth((_health, source) => {
    if (source === 'supervisor') for (const news of readings.endAll()) tell(news)
  })
  return {
    ...device,
    onCard(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
