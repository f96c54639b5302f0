import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hearGreeting, hearReport, type KnownBoots, noBoots } from './live-clone.ts'

/** One process of a station program as it runs on one machine. */
interface Process {
  bootId: string
  challenge: string | null
  alive: boolean
}

type Message = { kind: 'greeting' | 'report'; from: Process; challenge: string | null }

/** A centre that may be put back, and processes whose messages arrive late, twice, in any order, or never. */
class Hall {
  boots: KnownBoots = noBoots
  backup: KnownBoots = noBoots
  quarantined = false
  readonly machines: Process[] = []
  readonly underWay: Message[] = []
  #drawn = 0

  draw = () => `drawn-${++this.#drawn}`

  /** Ends what runs on a machine and starts anew: a new process greets. */
  start(machine: number): void {
    const before = this.machines[machine]
    if (before !== undefined) before.alive = false
    const process = { bootId: this.draw(), challenge: null, alive: true }
    this.machines[machine] = process
    this.greet(process)
  }

  greet(process: Process): void {
    this.underWay.push({ kind: 'greeting', from: process, challenge: process.challenge })
  }

  report(machine: number): void {
    const process = this.machines[machine]
    if (process?.alive) this.underWay.push({ kind: 'report', from: process, challenge: process.challenge })
  }

  /** Delivers one message; a process that is dead by then does not hear the answer. */
  deliver(at: number, again: boolean): void {
    if (this.underWay.length === 0 || this.quarantined) return
    const index = at % this.underWay.length
    const message = again ? this.underWay[index] : this.underWay.splice(index, 1)[0]
    if (message === undefined) return
    const { from, challenge } = message
    if (message.kind === 'report') {
      const verdict = hearReport(this.boots, { bootId: from.bootId, challenge })
      if (verdict.current) this.boots = verdict.boots
      else if (from.alive) {
        from.challenge = verdict.challenge
        this.greet(from)
      }
      return
    }
    const verdict = hearGreeting(this.boots, { bootId: from.bootId, challenge }, this.draw)
    if (verdict.clone) {
      this.quarantined = true
      return
    }
    this.boots = verdict.boots
    if (!from.alive) return
    from.challenge = verdict.boots.challenge
    this.report(this.machines.indexOf(from))
  }
}

const step = (machines: number) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), at: fc.nat(50), again: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('report' as const), machine: fc.nat(machines - 1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('start' as const), machine: fc.nat(machines - 1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('back-up' as const, 'restore' as const) }) },
  )
type Step = typeof step extends (n: number) => fc.Arbitrary<infer One> ? One : never

function take(hall: Hall, one: Step): void {
  if (one.do === 'deliver') hall.deliver(one.at, one.again)
  else if (one.do === 'report') hall.report(one.machine)
  else if (one.do === 'start') hall.start(one.machine)
  else if (one.do === 'back-up') hall.backup = hall.boots
  else hall.boots = hall.backup
}

test('one machine never looks like two: restarts, late, doubled and lost messages, a centre put back', () => {
  fc.assert(
    fc.property(fc.array(step(1), { maxLength: 200 }), (steps) => {
      const hall = new Hall()
      hall.start(0)
      for (const one of steps) take(hall, one)
      expect(hall.quarantined).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('two live machines are noticed within six reports of each, whatever went before', () => {
  fc.assert(
    fc.property(fc.array(step(2), { maxLength: 60 }), (steps) => {
      const hall = new Hall()
      hall.start(0)
      hall.start(1)
      for (const one of steps) take(hall, one)
      hall.underWay.length = 0
      for (const machine of hall.machines) hall.greet(machine)
      for (let round = 0; round < 6; round += 1) {
        hall.report(0)
        hall.report(1)
        while (hall.underWay.length > 0 && !hall.quarantined) hall.deliver(0, false)
      }
      expect(hall.quarantined).toBe(true)
    }),
    { numRuns: 500 },
  )
})
