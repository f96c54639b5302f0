import type { CardNews } from '../card/card-news.ts'
import { OpenReadings } from '../card/open-readings.ts'
import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'

/** A reader of second-generation ID cards (二代身份证阅读器) as a station's configuration names it; 115200 baud unless set otherwise. */
export interface IdReaderConfig {
  deviceId: string
  link: LinkAddress
}

/** An ID reader whose driver runs in its own supervised process. */
export interface SupervisedIdReader extends Omit<SupervisedDevice<CardNews>, 'run'> {
  /** Calls for every card that is laid down, read or refused, and taken away. The news name a person: never log them. */
  onNews(listener: (news: CardNews) => void): () => void
}

/** Starts the ID reader's driver process and keeps it alive until `stop`. A reading whose process ends is told to its end. */
export function startIdReader(config: IdReaderConfig, deps: DeviceDeps): SupervisedIdReader {
  const { deviceId, link } = config
  const {
    run: _takesNoCommands,
    onNews,
    ...device
  } = startSupervisedDevice<CardNews>(deviceId, { kind: 'id-reader', link }, deps)
  const readings = new OpenReadings()
  const listeners = new Set<(news: CardNews) => void>()
  const tell = (news: CardNews) => {
    for (const listener of listeners) listener(news)
  }
  onNews((news) => {
    readings.note(news)
    tell(news)
  })
  device.onHealth((_health, source) => {
    if (source === 'supervisor') for (const news of readings.endAll()) tell(news)
  })
  return {
    ...device,
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
