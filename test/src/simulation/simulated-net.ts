import type { CentreAnswer, CentreCall } from './centre-state.ts'
import type { Chance } from './chance.ts'
import { simulatedHospital } from './simulated-hospital.ts'

/** A call on its way to the centre, or its answer on the way back. */
export interface Message {
  from: string
  call: CentreCall
  counter: number
  /** Null while the call is on its way to the centre. */
  answer: CentreAnswer | null
  /** Null for a copy, and for a call that its caller has given up. */
  caller: { answered: (answer: CentreAnswer) => void; failed: (error: Error) => void } | null
}

/** Said to a caller that hears nothing: the same for a lost call and for a lost answer. */
export class NoAnswerError extends Error {}

/** The network between the stations and the centre: loses, doubles, delays and overtakes, as chance has it. */
export class SimulatedNet {
  readonly #chance: Chance
  readonly #cut = new Set<string>()
  #messages: Message[] = []
  /** Off for good once the network is healed. */
  hostile = true

  constructor(chance: Chance) {
    this.#chance = chance
  }

  get pending(): number {
    return this.#messages.length
  }

  isCut(stationId: string): boolean {
    return this.#cut.has(stationId)
  }

  cut(stationId: string): void {
    this.#cut.add(stationId)
  }

  join(stationId: string): void {
    this.#cut.delete(stationId)
  }

  /** Sends a call; rejects with NoAnswerError when the caller has waited long enough. */
  send(message: Pick<Message, 'from' | 'call' | 'counter'>): Promise<CentreAnswer> {
    return new Promise((answered, failed) => {
      this.#messages.push({ ...message, answer: null, caller: { answered, failed } })
    })
  }

  /** The process of a station has died: what it sent may still arrive, and nobody waits for the answer. */
  forgetCallers(stationId: string): void {
    for (const message of this.#messages) if (message.from === stationId) message.caller = null
    this.#messages = this.#messages.filter(({ answer, caller }) => answer === null || caller !== null)
  }

  /** Something happens to one message; answers what, in words, with a fault counted where it is one. */
  step(ask: (message: Message) => CentreAnswer): { words: string; fault: boolean } {
    const message = this.#chance.pick(this.#messages)
    const what = `${nameOf(message.from)}: ${message.call.name}${message.answer === null ? '' : ' (answer)'}`
    if (this.#cut.has(message.from) || (this.hostile && this.#chance.happens(0.08))) {
      this.#drop(message)
      return { words: `lost: ${what}`, fault: true }
    }
    if (message.answer !== null) {
      this.#drop(message, message.answer)
      return { words: `arrives: ${what}`, fault: false }
    }
    if (this.hostile && message.caller !== null && this.#chance.happens(0.05)) {
      const { caller } = message
      message.caller = null
      caller.failed(new NoAnswerError('no answer in time'))
      return { words: `late, given up by its caller: ${what}`, fault: true }
    }
    const doubled = this.hostile && this.#chance.happens(0.05)
    if (doubled) this.#messages.push({ ...message, caller: null })
    this.#answer(message, ask(message))
    return { words: `${doubled ? 'doubled: ' : ''}arrives: ${what}`, fault: doubled }
  }

  #answer(message: Message, answer: CentreAnswer): void {
    if (message.caller === null) this.#messages.splice(this.#messages.indexOf(message), 1)
    else message.answer = answer
  }

  #drop(message: Message, answer: CentreAnswer | null = null): void {
    this.#messages.splice(this.#messages.indexOf(message), 1)
    if (answer === null) message.caller?.failed(new NoAnswerError('no answer in time'))
    else message.caller?.answered(answer)
  }
}

function nameOf(from: string): string {
  return `station ${simulatedHospital.stations.find(({ stationId }) => stationId === from)?.letter}`
}
