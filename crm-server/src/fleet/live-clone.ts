/** What the centre knows of the processes of one station, each named by the id that it drew at its start. */
export interface KnownBoots {
  /** The one that greeted last; null before the first. */
  bootId: string | null
  /** What that one was told when it greeted; drawn anew whenever another takes over. */
  challenge: string | null
  /** Whether it has said so since: it was alive after it took over. */
  proved: boolean
  /** Those that had greeted before it. */
  heard: readonly string[]
}

/** A process as it names itself, and the newest challenge that it was told. */
export interface HeardBoot {
  bootId: string
  challenge: string | null
}

/** What a greeting means: served, or two machines are alive with one key. */
export type GreetingVerdict = { clone: false; boots: KnownBoots } | { clone: true }

/** What a report means: served, or its process must greet again first and prove that it is alive now. */
export type ReportVerdict = { current: true; boots: KnownBoots } | { current: false; challenge: string }

/** More restarts than a day should see; a process that is forgotten here is only taken for a new one. */
const mostHeard = 32

/** A station that has not greeted yet. */
export const noBoots: KnownBoots = { bootId: null, challenge: null, proved: false, heard: [] }

/**
 * Takes a greeting. The one that greets becomes the current one; late and repeated greetings of dead processes do so too, until
 * the living one is challenged and greets again. Two are alive at once only when both prove it: the process that was taken
 * over can name the challenge that was drawn at that moment, and so could the one that took over. Each was then alive after
 * that moment, and each had greeted, thus was alive, before it.
 */
export function hearGreeting(boots: KnownBoots, heard: HeardBoot, draw: () => string): GreetingVerdict {
  const answers = heard.challenge !== null && heard.challenge === boots.challenge
  if (heard.bootId === boots.bootId) return { clone: false, boots: { ...boots, proved: boots.proved || answers } }
  if (answers && boots.proved && boots.heard.includes(heard.bootId)) return { clone: true }
  const before =
    boots.bootId === null ? boots.heard : [...boots.heard.filter((id) => id !== boots.bootId), boots.bootId]
  return {
    clone: false,
    boots: { bootId: heard.bootId, challenge: draw(), proved: false, heard: before.slice(-mostHeard) },
  }
}

/**
 * Takes a report. One of another process than the current may have been under way for long: it proves nothing yet, and its
 * process is asked to greet again. Before any greeting was heard there is nothing to compare with.
 */
export function hearReport(boots: KnownBoots, heard: HeardBoot): ReportVerdict {
  if (boots.challenge === null) return { current: true, boots }
  if (heard.bootId !== boots.bootId) return { current: false, challenge: boots.challenge }
  return { current: true, boots: { ...boots, proved: boots.proved || heard.challenge === boots.challenge } }
}
