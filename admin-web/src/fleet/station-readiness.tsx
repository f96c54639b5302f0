import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { groupReceiptNumber } from '@yizhan/rules/receipt/receipt-number'
import { useSay } from '../catalogue/admin-text.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { openPoints, verdictWords } from './readiness-verdict.ts'

/** The last readiness check of a station: how it ended, when, and what did not pass. */
export function StationReadiness({ report, dates }: { report: ReadinessReport | null; dates: AdminDates }) {
  const say = useSay()
  return (
    <section aria-label={say('stations.readiness.title')}>
      <h2>{say('stations.readiness.title')}</h2>
      {report === null ? <p>{say('stations.readiness.none')}</p> : <ReportLines report={report} dates={dates} />}
    </section>
  )
}

function ReportLines({ report, dates }: { report: ReadinessReport; dates: AdminDates }) {
  const say = useSay()
  const { tone, icon, key } = verdictWords(report.verdict)
  const open = openPoints(report)
  return (
    <>
      <div class="device-line">
        <StatusTag tone={tone} icon={icon} label={say(key)} />
        <span class="entry-quiet">{say('stations.readiness.at', { time: dates.dayAndClock(report.changedAt) })}</span>
      </div>
      {report.receiptNumber !== undefined && (
        <p>{say('stations.readiness.receipt', { number: groupReceiptNumber(report.receiptNumber) })}</p>
      )}
      {open.length === 0 && <p>{say('stations.readiness.all')}</p>}
      <ul class="readiness-open">
        {open.map(({ deviceId, kind, check, result, reason }) => (
          <li key={`${deviceId} ${check}`}>
            {say(`stations.device.${kind}`)} <code>{deviceId}</code> · {say(`stations.check.${check}`)}{' '}
            {say(`stations.result.${result}`)}
            {reason !== undefined && ` · ${say(`stations.reason.${reason}`)}`}
          </li>
        ))}
      </ul>
    </>
  )
}
