import { join } from 'node:path'
import { lendPty } from '@yizhan/device-drivers/sim/lent-pty'
import type { SimCard } from '@yizhan/device-drivers/sim/sim-card'
import { plainIdCard } from '@yizhan/device-drivers/sim/sim-id-card'
import { startSimIdReader } from '@yizhan/device-drivers/sim/sim-id-reader'
import { startSimPcscd } from '@yizhan/device-drivers/sim/sim-pcscd'
import { contactlessCard, hospitalCard, socialSecurityCard } from '@yizhan/device-drivers/sim/virtual-card'
import type { DeviceConfigs } from '@yizhan/station-server/station-config'

/** A card as the demonstration hospital's file offers it. */
export interface DemoCard {
  label: { en: string }
  kind: 'social-security' | 'hospital' | 'id-card' | 'contactless'
  idNumber?: string
  cardNumber?: string
  uid?: string
  name: string
}

/** The card readers of a hall: one for chip cards, one for ID cards. */
export interface HallReaders {
  devices: Pick<DeviceConfigs, 'cardReader' | 'idReader'>
  putIn(card: DemoCard): void
  takeOut(card: DemoCard): void
  stop(): Promise<void>
}

const readerName = 'Sim Reader 00 00'

/** Starts simulated readers that speak the real protocols. */
export async function startHallReaders(folder: string): Promise<HallReaders> {
  const pcscd = await startSimPcscd({ socketPath: join(folder, 'pcscd.comm') })
  pcscd.attachReader(readerName)
  const line = await lendPty()
  const idReader = startSimIdReader({ pty: line.pty, now: Date.now })
  return {
    devices: {
      cardReader: { deviceId: 'cards', backend: 'direct', socketPath: pcscd.socketPath },
      idReader: { deviceId: 'id-cards', link: { kind: 'serial', path: line.pty.path, baudRate: 115_200 } },
    },
    putIn(card) {
      const { idNumber = '', name } = card
      const put =
        card.kind === 'id-card'
          ? idReader.placeCard({ ...plainIdCard, idNumber, name, birthDate: idNumber.slice(6, 14) })
          : pcscd.insert(readerName, chipCard(card))
      if (!put) throw new Error('a card lies there already')
    },
    takeOut: ({ kind }) => {
      if (kind === 'id-card') idReader.takeCard()
      else pcscd.remove(readerName)
    },
    async stop() {
      await pcscd.stop()
      await idReader.stop()
      await line.giveBack()
    },
  }
}

function chipCard({ kind, idNumber = '', cardNumber = '', uid = '', name }: DemoCard): SimCard {
  switch (kind) {
    case 'hospital':
      return hospitalCard({ cardNumber, name })
    case 'contactless':
      return contactlessCard({ uid })
    default:
      return socialSecurityCard({ idNumber, cardNumber, name, birthDate: idNumber.slice(6, 14) })
  }
}
