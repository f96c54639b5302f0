import { useSignalEffect } from '@preact/signals'
import type { CheckedPoint, ReadinessReport } from '@yizhan/contracts/readiness'
import { groupReceiptNumber } from '@yizhan/rules/receipt/receipt-number'
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type ReadinessSay, readinessWords } from '../catalogue/readiness-words.ts'
import type { Words } from '../catalogue/words.ts'
import { LucideIcon } from '../kit/lucide-icon.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { StationBanner } from '../kit/station-banner.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import type { StationClient } from '../station/station-client.ts'
import type { ReadinessDoor } from './readiness-door.ts'
import { ReadinessPrompt } from './readiness-prompt.tsx'
import { openReadinessRun, type ReadinessProblem, type ReadinessSight } from './readiness-run.ts'

/** The readiness report (就绪检查) of this station while it is open: it runs the check and ends it. */
export function ReadinessPage(props: {
  client: StationClient
  newId(): string
  door: ReadinessDoor
  words: Words
  now: number
}): VNode {
  const { client, newId, door, words, now } = props
  const latest = useRef(now)
  latest.current = now
  const [run] = useState(() => openReadinessRun({ client, newId, now: () => latest.current }))
  useSignalEffect(() => {
    if (door.pushed.value) run.heard(door.pushed.value)
  })
  useEffect(() => () => run.stop(), [run])
  return (
    <ReadinessScreen
      sight={run.sight.value}
      words={words}
      now={now}
      onStart={() => void run.start()}
      onPrint={() => void run.print()}
      onEnd={door.close}
    />
  )
}

/** Every device with what was checked and what came of it, what is waited for, and what to do about what failed. */
export function ReadinessScreen(props: {
  sight: ReadinessSight
  words: Words
  now: number
  onStart(): void
  onPrint(): void
  onEnd(): void
}): VNode {
  const { sight, words, now } = props
  const { report, busy, problem } = sight
  const say = readinessWords(words.locale)
  return (
    <ScreenPanes
      title={say(report ? `title.${report.verdict}` : 'title')}
      tone={report?.verdict === 'ready' ? 'success' : 'calm'}
      controls={
        <>
          {report?.running ? <ReadinessPrompt report={report} say={say} /> : null}
          <div role="alert">{problem ? <ProblemWord problem={problem} say={say} now={now} /> : null}</div>
          <div class="answers">
            {report ? (
              <TouchButton rank="quiet" disabled={busy !== null} onPress={props.onPrint}>
                {say(busy === 'printing' ? 'printing' : 'print')}
              </TouchButton>
            ) : null}
            <TouchButton rank="quiet" onPress={props.onEnd}>
              {say('end')}
            </TouchButton>
            <TouchButton rank="primary" disabled={busy !== null || report?.running === true} onPress={props.onStart}>
              {say(startKey(sight))}
            </TouchButton>
          </div>
        </>
      }
    >
      {report ? (
        <>
          <p class="aside">{say('at', { at: `${words.day(report.startedAt)} ${words.clock(report.startedAt)}` })}</p>
          <ReceiptNumber report={report} say={say} />
          <DeviceChecks report={report} say={say} />
        </>
      ) : (
        <p class="lead">{say(busy === 'looking' ? 'looking' : 'purpose')}</p>
      )}
    </ScreenPanes>
  )
}

function startKey({ report, busy }: ReadinessSight) {
  if (busy === 'starting' || report?.running) return 'starting'
  return report ? 'again' : 'start'
}

function ProblemWord({ problem, say, now }: { problem: ReadinessProblem; say: ReadinessSay; now: number }): VNode {
  const seconds = problem.why === 'tested-just-now' ? Math.max(1, Math.ceil((problem.untilMs - now) / 1000)) : 0
  return <StationBanner icon="alert">{say(`problem.${problem.why}`, { n: seconds })}</StationBanner>
}

/** The number by which the centre finds this report again; it comes when the run has ended. */
function ReceiptNumber({ report, say }: { report: ReadinessReport; say: ReadinessSay }): VNode | null {
  if (report.receiptNumber === undefined) return null
  return (
    <p class="aside">
      {say('receipt')} <strong>{groupReceiptNumber(report.receiptNumber)}</strong>
    </p>
  )
}

function DeviceChecks({ report, say }: { report: ReadinessReport; say: ReadinessSay }): VNode {
  return (
    <ul class="checks" aria-label={say('devices')}>
      {report.devices.map(({ deviceId, kind, points }) => {
        const failed = points.find(({ result }) => result === 'failed')
        return (
          <li key={deviceId}>
            <strong>{say(`device.${kind}`)}</strong>
            <span class="check-points">
              {points.map((point) => (
                <Point key={point.check} point={point} say={say} />
              ))}
            </span>
            {failed ? <span class="check-help">{say(`reason.${failed.reason ?? 'none'}`)}</span> : null}
          </li>
        )
      })}
    </ul>
  )
}

const resultIcons = { passed: 'done', failed: 'warning', waiting: 'clock', 'not-done': 'alert' } as const

function Point({ point, say }: { point: CheckedPoint; say: ReadinessSay }): VNode {
  return (
    <span class="check-point" data-result={point.result}>
      <LucideIcon name={resultIcons[point.result]} />
      <span>
        {say(`check.${point.check}`)}{' '}
        <span class={point.result === 'passed' ? 'spoken' : undefined}>{say(`result.${point.result}`)}</span>
      </span>
    </span>
  )
}
