import type { CardNews } from '../card/card-news.ts'
import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'

/** A reader of second-generation ID cards (二代身份证阅读器) as a station's configuration names it; 115200 baud unless set otherwise. */
export interface IdReaderConfig {
  deviceId: string
  link: LinkAddress
}

/** An ID reader whose driver runs in its own supervised process. Its news name a person: never log them. */
export type SupervisedIdReader = Omit<SupervisedDevice<CardNews>, 'run'>

/** Starts the ID reader's driver process and keeps it alive until `stop`. */
export function startIdReader(config: IdReaderConfig, deps: DeviceDeps): SupervisedIdReader {
  const { deviceId, link } = config
  const { run: _takesNoCommands, ...device } = startSupervisedDevice<CardNews>(
    deviceId,
    { kind: 'id-reader', link },
    deps,
  )
  return device
}
