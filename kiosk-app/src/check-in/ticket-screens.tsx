import type { CheckInTicket } from '@yizhan/contracts/check-in'
import type { PrintJobView } from '@yizhan/contracts/printing'
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Words } from '../catalogue/words.ts'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { StationBanner } from '../kit/station-banner.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import type { PaperProblem } from './check-in-step.ts'
import { TicketPicture } from './scan-picture.tsx'
import type { ScreenProps, ScreenPropsOf } from './screen-props.ts'

/** The number, where to go, and the truth about the paper. */
export function TicketScreen(props: ScreenPropsOf<'ticket'>): VNode {
  const { step, words, clearingIn } = props
  const { ticket } = step
  return (
    <ScreenPanes
      title={words.say(ticket.already ? 'already.title' : 'ticket.title')}
      tone="success"
      controls={
        <>
          <PaperState {...props} />
          {clearingIn === null ? null : (
            <p class="clearing" aria-hidden="true">
              {words.say('ticket.clearing', { n: clearingIn })}
            </p>
          )}
        </>
      }
    >
      <BigNumber number={ticket.queueNumber} words={words} />
      <p class="go">
        <span>{words.say('ticket.go')}</span>
        <strong>{words.local(ticket.place)}</strong>
        <span>{words.local(ticket.clinicName)}</span>
      </p>
      <p class="ahead">{aheadWords(ticket, words)}</p>
    </ScreenPanes>
  )
}

function BigNumber({ number, words }: { number: string; words: Words }): VNode {
  return (
    <p class="big-number">
      <span class="big-number-name">{words.say('ticket.number')}</span>
      <strong>{number}</strong>
    </p>
  )
}

function aheadWords({ ahead, standing }: CheckInTicket, words: Words): string {
  if (standing === 'late') return words.say('ticket.late')
  if (ahead === null) return words.say('ticket.ahead-unknown')
  const at = words.clock(ahead.asOf)
  if (ahead.count === 0) return words.say('ticket.ahead-none', { at })
  return words.say('ticket.ahead', { n: ahead.count, from: ahead.fromMin, to: ahead.toMin, at })
}

function PaperState(props: ScreenPropsOf<'ticket'>): VNode {
  const { step, words, act, newId } = props
  const { print } = step.ticket
  if (step.request) return <Printing key={step.request.operationId} {...props} />
  if (step.problem) return <PaperRefused {...props} problem={step.problem} />
  switch (print?.state) {
    case 'queued':
    case 'sending':
      return print.reason === undefined ? (
        <Printing key={print.changedAt} {...props} />
      ) : (
        <PrintStopped {...props} print={print} />
      )
    case 'confirmed':
      return (
        <>
          <TicketPicture spoken={words.say('print.confirmed')} />
          <p class="paper-word" role="status">
            {words.say('print.confirmed')}
          </p>
          <Finish {...props} />
        </>
      )
    case 'held':
      return (
        <div class="question" role="alert">
          <h2>{words.say('print.held')}</h2>
          <p>{words.say('print.held-body')}</p>
          <div class="answers">
            <TouchButton rank="quiet" onPress={() => act({ type: 'settle', cameOut: false, operationId: newId() })}>
              {words.say('print.not-out')}
            </TouchButton>
            <TouchButton rank="primary" onPress={() => act({ type: 'settle', cameOut: true, operationId: newId() })}>
              {words.say('print.came-out')}
            </TouchButton>
            <Finish {...props} rank="quiet" />
          </div>
        </div>
      )
    case 'failed':
    case 'expired':
    case 'void':
    case undefined:
      return <NotPrinted {...props} print={print} />
  }
}

/** Without any news for so long the patient may go; a slip takes a second or two, a whole restart of a printer less. */
const quietMs = 20_000

function Printing(props: Pick<ScreenProps<never>, 'words' | 'act' | 'now'>): VNode {
  const { words, now } = props
  const [since] = useState(now)
  const isLate = now - since >= quietMs
  return (
    <>
      <TicketPicture spoken={words.say('print.waiting')} />
      <p class="paper-word" role="status">
        {words.say('print.waiting')}
      </p>
      {isLate ? (
        <div class="question" role="alert">
          <p>{words.say('print.slow')}</p>
          <Finish {...props} />
        </div>
      ) : null}
    </>
  )
}

/** The printer waits for a person: what it waits for, that the number holds, and that the slip will follow. */
function PrintStopped(props: ScreenPropsOf<'ticket'> & { print: PrintJobView }): VNode {
  const { words, print, helpDesk } = props
  return (
    <div class="question" role="alert">
      <StationBanner icon="printer">
        {words.say(notPrintedKey(print))} {words.say('print.stopped', { desk: helpDesk })}
      </StationBanner>
      <Finish {...props} />
    </div>
  )
}

function NotPrinted(props: ScreenPropsOf<'ticket'> & { print: PrintJobView | null | undefined }): VNode {
  const { step, words, act, newId, print } = props
  const left = step.ticket.reprintsLeft
  return (
    <div class="question" role="alert">
      <StationBanner icon="printer">
        {words.say(notPrintedKey(print))} {words.say('print.photo')}
      </StationBanner>
      <div class="answers">
        {left > 0 ? (
          <TouchButton rank="quiet" icon="printer" onPress={() => act({ type: 'reprint', operationId: newId() })}>
            {words.say(print ? 'print.again' : 'print.reprint')}
          </TouchButton>
        ) : null}
        <Finish {...props} />
      </div>
    </div>
  )
}

function notPrintedKey(print: PrintJobView | null | undefined) {
  switch (print?.reason) {
    case 'paper-out':
    case 'cover-open':
    case 'ticket-not-taken':
    case 'bin-full':
      return `print.${print.reason}` as const
    default:
      return print ? 'print.failed' : 'print.none-title'
  }
}

function PaperRefused(props: Omit<ScreenPropsOf<'ticket'>, 'step'> & { problem: PaperProblem }): VNode {
  return (
    <div class="question" role="alert">
      <StationBanner icon="printer">{paperProblemWord(props.problem, props)}</StationBanner>
      <Finish {...props} />
    </div>
  )
}

function paperProblemWord(
  problem: PaperProblem,
  { words, helpDesk }: Pick<ScreenPropsOf<'ticket'>, 'words' | 'helpDesk'>,
): string {
  switch (problem) {
    case 'reprints-spent':
      return words.say('print.spent', { desk: helpDesk })
    case 'print-undecided':
      return words.say('print.undecided')
    case 'session-over':
      return words.say('print.session-over', { desk: helpDesk })
  }
}

function Finish(props: Pick<ScreenProps<never>, 'words' | 'act'> & { rank?: 'quiet' }): VNode {
  const { words, act, rank = 'primary' } = props
  return (
    <TouchButton rank={rank} onPress={() => act({ type: 'leave' })}>
      {words.say('ticket.done')}
    </TouchButton>
  )
}

/** Checked in before: the same number, when that was, and a copy of the slip for who lost it. */
export function AlreadyCheckedInScreen(props: ScreenPropsOf<'already-checked-in'>): VNode {
  const { step, words, act, newId } = props
  const { appointment } = step
  return (
    <ScreenPanes
      title={words.say('already.title')}
      tone="success"
      controls={
        step.request ? (
          <Printing {...props} />
        ) : (
          <div class="question">
            <div role="alert">
              {step.problem ? (
                <StationBanner icon="printer">{paperProblemWord(step.problem, props)}</StationBanner>
              ) : null}
            </div>
            <div class="answers">
              {step.problem ? null : (
                <TouchButton rank="quiet" icon="printer" onPress={() => act({ type: 'reprint', operationId: newId() })}>
                  {words.say('print.reprint')}
                </TouchButton>
              )}
              <Finish {...props} />
            </div>
          </div>
        )
      }
    >
      {appointment.queueNumber === null ? null : <BigNumber number={appointment.queueNumber} words={words} />}
      <p class="go">
        {appointment.at === null ? null : <span>{words.say('already.at', { at: words.clock(appointment.at) })}</span>}
        <strong>{words.local(appointment.place)}</strong>
        <span>{words.local(appointment.clinicName)}</span>
      </p>
    </ScreenPanes>
  )
}
