import { goOnPuttingBack, strikeCentre, strikeStation } from './simulated-fault.ts'
import { type SimulatedStation, stationRounds } from './simulated-station.ts'
import { moveMessage, note, project, type World } from './simulated-world.ts'

/** One kind of step, and how often it is taken against the others. */
interface Action {
  weight: number
  /** Does nothing when there is nothing to do. */
  act: (world: World) => void
}

const actions: readonly Action[] = [
  { weight: 40, act: moveSomeMessage },
  { weight: 50, act: (world) => void syncDisk(world, world.chance.pick(world.stations)) },
  { weight: 30, act: beginRound },
  { weight: 16, act: patientTaps },
  { weight: 25, act: (world) => world.chance.pick(world.stations).begin('print') },
  { weight: 20, act: movePrinter },
  { weight: 2, act: answerAboutSlip },
  { weight: 5, act: beginAtDesk },
  { weight: 5, act: endAtDesk },
  { weight: 6, act: (world) => project(world, 3) },
  { weight: 1, act: reportSomethingOdd },
  { weight: 6, act: strikeStation },
  { weight: 3, act: strikeCentre },
  { weight: 10, act: goOnPuttingBack },
]
const allWeights = actions.reduce((sum, { weight }) => sum + weight, 0)

/** Takes the next step, as chance has it. */
export function drawAction(world: World): void {
  let place = world.chance.below(allWeights)
  const action = actions.find(({ weight }) => {
    place -= weight
    return place < 0
  })
  action?.act(world)
}

function moveSomeMessage(world: World): void {
  if (world.net.pending > 0) moveMessage(world)
}

function syncDisk(world: World, { disk, letter }: SimulatedStation): void {
  if (disk.waiting === 0) return
  note(world, `station ${letter} syncs its disk`)
  disk.sync()
}

function beginRound(world: World): void {
  const [station, round] = [world.chance.pick(world.stations), world.chance.pick(stationRounds)]
  note(world, `station ${station.letter} begins: ${round}`)
  station.begin(round)
}

/** Half of the time somebody who was here before, perhaps at another station. */
function patientTaps(world: World): void {
  const { chance, told, centre } = world
  const station = chance.pick(world.stations)
  const again = told.length > 0 && chance.happens(0.3)
  const bookingId = again ? chance.pick(told).bookingId : chance.pick([...centre.bookings.keys()])
  note(world, `a patient taps at station ${station.letter}: booking ${bookingId.slice(-4)}`)
  hear(
    world,
    station.checkIn(bookingId, world.drawId()).then((answer) => {
      if (answer === null) return
      world.operations += 1
      world.told.push(answer)
      const words = `${answer.queueNumber} of ${answer.day} for booking ${bookingId.slice(-4)} at station ${station.letter}`
      world.promised.set(answer.eventId, { words, odd: false })
      note(world, `told: ${words}`)
    }),
    'a patient is told nothing',
  )
}

function movePrinter(world: World): void {
  const station = world.chance.pick(world.stations)
  if (!station.printer.isPrinting) return
  const { words, fault } = station.printer.step()
  note(world, `at station ${station.letter} ${words}`, fault)
}

function answerAboutSlip(world: World): void {
  const station = world.chance.pick(world.stations)
  const cameOut = world.chance.happens(0.5)
  note(world, `at station ${station.letter} somebody says of a held slip that it came ${cameOut ? '' : 'not '}out`)
  hear(world, station.answerHeld(cameOut, world.drawId()), 'nobody hears what is said of a slip')
}

function beginAtDesk(world: World): void {
  const { chance, desk, centre } = world
  const bookingId = chance.pick([...centre.bookings.keys()])
  const jobs = [...centre.prints.keys()]
  const what = chance.below(5)
  const work =
    what === 0
      ? desk.cancel(bookingId)
      : what === 1
        ? desk.move(bookingId)
        : what === 2 && jobs.length > 0
          ? desk.decide(chance.pick(jobs))
          : desk.book()
  world.deskWork.push(work)
  note(world, `${work.words}: begun`)
}

function endAtDesk(world: World): void {
  const { chance, deskWork } = world
  if (deskWork.length === 0) return
  const [work] = deskWork.splice(chance.below(deskWork.length), 1)
  work?.end()
  world.operations += 1
  note(world, `${work?.words}: committed`)
}

/** An event of another release, or one that no column of the centre holds. */
function reportSomethingOdd(world: World): void {
  const station = world.chance.pick(world.stations)
  const job = { jobId: world.drawId(), bookingId: world.drawId() }
  const settled = { ...job, state: 'confirmed', settledAt: world.nowMs, by: 'evidence' } as const
  const poison = { type: 'ticket-print-settled', body: { ...settled, copy: 3_000_000_000 } }
  const unknown = { type: 'parcel-locker-opened', body: { locker: 7 } }
  const [lane, event] = world.chance.happens(0.5) ? (['ops', poison] as const) : (['bulk', unknown] as const)
  note(world, `station ${station.letter} reports something odd: ${event.type}`, true)
  hear(
    world,
    station.append(lane, event).then((eventId) => {
      world.promised.set(eventId, { words: `the odd event ${event.type}`, odd: true })
    }),
    'something odd is not reported',
  )
}

function hear(world: World, work: Promise<void>, words: string): void {
  work.catch((error: unknown) => world.findings.push({ kind: 'torn', words: `${words}: ${String(error)}` }))
}
