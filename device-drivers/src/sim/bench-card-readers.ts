import { argOf, textArg } from './control-args.ts'
import type { SimCard } from './sim-card.ts'
import { plainIdCard } from './sim-id-card.ts'
import type { SimPcscd } from './sim-pcscd.ts'
import { contactlessCard, hospitalCard, socialSecurityCard, unknownCard, upsideDownCard } from './virtual-card.ts'

/** A card that lies ready on the bench, and what the page calls it. */
export interface BenchCard {
  title: string
  card: SimCard
}

/** A reader on the bench as a person sees it. */
export interface BenchCardReader {
  name: string
  attached: boolean
  /** The title of the card in it; null when there is none. */
  card: string | null
}

/** What hands do at the card readers; each is false when it cannot be done. */
export interface BenchCardReaders {
  view(): BenchCardReader[]
  attach(name: string): boolean
  detach(name: string): boolean
  insert(name: string, card: BenchCard): boolean
  remove(name: string): boolean
}

/** The readers of the bench, one for chips with contacts and one without. */
const benchReaderNames = ['Yizhan Bench Contact 00 00', 'Yizhan Bench Contactless 01 00'] as const

const nobodysHospitalCard = '90000001'
const nobodysSocialSecurityCard = 'D00000001'
const nobodysUid = '04A1B2C3'

/** Plugs the readers into the simulated card service. A reader that is pulled out keeps its card, and comes back with it. */
export function startBenchCardReaders(pcscd: SimPcscd, changed: () => void): BenchCardReaders {
  const cards = new Map<string, BenchCard>()
  const isAttached = (name: string) => pcscd.state().readers.some((reader) => reader.name === name)
  const attach = (name: string) => {
    if (!(benchReaderNames as readonly string[]).includes(name) || !pcscd.attachReader(name)) return false
    const kept = cards.get(name)
    if (kept !== undefined) pcscd.insert(name, kept.card)
    return true
  }
  for (const name of benchReaderNames) attach(name)
  return {
    view: () =>
      benchReaderNames.map((name) => ({
        name,
        attached: isAttached(name),
        card: cards.get(name)?.title ?? null,
      })),
    attach,
    detach: (name) => pcscd.detachReader(name),
    insert(name, card) {
      if (!pcscd.insert(name, card.card)) return false
      cards.set(name, card)
      // The service told of the card before we knew its title.
      changed()
      return true
    },
    remove(name) {
      if (!pcscd.remove(name)) return false
      cards.delete(name)
      changed()
      return true
    },
  }
}

/** Makes the card that an order describes, with nobody's data in what is left out; undefined when there is no such kind. */
export function makeBenchCard(order: unknown): BenchCard | undefined {
  const idNumber = textArg(order, 'idNumber', 18) ?? plainIdCard.idNumber
  const holder = {
    idNumber,
    name: textArg(order, 'name', 15) ?? plainIdCard.name,
    birthDate: /^\d{6}(\d{8})/.exec(idNumber)?.[1] ?? plainIdCard.birthDate,
  }
  const cardNumber = cardNumberOf(order)
  const uid = textArg(order, 'uid', 20) ?? nobodysUid
  switch (argOf(order, 'kind')) {
    case 'social-security': {
      const card = socialSecurityCard({ ...holder, cardNumber: cardNumber ?? nobodysSocialSecurityCard })
      return { title: `social-security ${holder.name}`, card }
    }
    case 'hospital': {
      const number = cardNumber ?? nobodysHospitalCard
      return { title: `hospital ${number}`, card: hospitalCard({ cardNumber: number, name: holder.name }) }
    }
    case 'contactless':
      return /^([0-9A-F]{2}){4,10}$/.test(uid)
        ? { title: `contactless ${uid}`, card: contactlessCard({ uid }) }
        : undefined
    case 'unknown':
      return { title: 'unknown', card: unknownCard() }
    case 'upside-down':
      return { title: 'upside-down', card: upsideDownCard() }
    default:
      return undefined
  }
}

function cardNumberOf(order: unknown): string | undefined {
  const cardNumber = textArg(order, 'cardNumber', 20)
  return cardNumber !== undefined && /^[0-9A-Z]{4,20}$/.test(cardNumber) ? cardNumber : undefined
}
