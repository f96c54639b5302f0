import { ApduExchange, fitsStatus } from './apdu-exchange.ts'
import { identityOf } from './card-identity.ts'
import type { CardIdentity } from './card-news.ts'
import type { CardProfile } from './card-profile.ts'
import { apduOf, CardSaysNothing, runCardScript } from './card-script.ts'
import { beginsWithMask, CardNonsense } from './card-value.ts'
import type { CardSession } from './pcsc-transport.ts'

/** What came of a card that could be asked. */
export type CardReading = { ok: true; identity: CardIdentity } | { ok: false; problem: 'unknown-card' | 'unreadable' }

/** Finding the profile: one command for each of at most sixteen, each with at most a few parts of an answer. */
const probeLimits = { maxApdus: 64, totalMs: 3000, stepMs: 1000 }

/**
 * Reads a card by the first profile that fits it. Whatever the card answers, this ends within the profile's limits in a reading;
 * only the way to the card can fail, with a PcscFault.
 */
export async function readCard(
  session: CardSession,
  profiles: readonly CardProfile[],
  clock: () => number,
): Promise<CardReading> {
  try {
    const profile = await findProfile(session, profiles, clock)
    if (profile === undefined) return { ok: false, problem: 'unknown-card' }
    const values = await runCardScript(profile, new ApduExchange(session, profile.limits, clock))
    return { ok: true, identity: identityOf(profile, values) }
  } catch (error) {
    if (error instanceof CardSaysNothing) return { ok: false, problem: 'unknown-card' }
    if (error instanceof CardNonsense) return { ok: false, problem: 'unreadable' }
    throw error
  }
}

/** The ATR only orders the candidates; what decides is the probe, and the ATR where a profile has none. */
async function findProfile(
  session: CardSession,
  profiles: readonly CardProfile[],
  clock: () => number,
): Promise<CardProfile | undefined> {
  const exchange = new ApduExchange(session, probeLimits, clock)
  const medium = isContactless(session.atr) ? 'contactless' : 'contact'
  const hinted = ({ match }: CardProfile) => match.atrMasks.some((mask) => beginsWithMask(session.atr, mask))
  const candidates = profiles
    .filter(({ media }) => media.includes(medium))
    .toSorted((a, b) => Number(hinted(b)) - Number(hinted(a)) || b.priority - a.priority)
  for (const profile of candidates) {
    const { probe } = profile.match
    if (probe === undefined) {
      if (hinted(profile)) return profile
      continue
    }
    const { status } = await exchange.ask(apduOf(probe.apdu, new Map()))
    if (fitsStatus(status, probe.swMasks)) return profile
  }
  return undefined
}

/** Readers make up the ATR of a contactless card, always beginning with 3B 8n 80 01 (PC/SC part 3, 3.1.3.2.3). */
function isContactless(atr: Uint8Array): boolean {
  return beginsWithMask(atr, '3b8x8001')
}
