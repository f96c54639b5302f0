import type { AuditState } from '@yizhan/contracts/audit'
import { useSay } from '../catalogue/admin-text.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** A row is sealed within ten seconds; later than this the sealing stands still. */
const lateAfterMs = 60_000

/** Whether the chain is whole: until when it is sealed, when it was walked last, and what was found then. */
export function AuditChain({ state, dates }: { state: AuditState; dates: AdminDates }) {
  const say = useSay()
  const { check, sealedUntil } = state
  const standsStill = state.waitingRows > 0 && (sealedUntil === null || state.asOf - sealedUntil > lateAfterMs)
  return (
    <>
      <div class="counts">
        {sealedUntil !== null && (
          <StatusTag
            tone={standsStill ? 'notice' : 'good'}
            icon={standsStill ? 'warning' : 'ok'}
            label={say('audit.sealedUntil', { time: dates.dayAndClock(sealedUntil), n: state.sealedRows })}
          />
        )}
        {check === null ? (
          <StatusTag tone="quiet" icon="waiting" label={say('audit.check.none')} />
        ) : (
          <StatusTag
            tone={check.findings.length === 0 ? 'good' : 'bad'}
            icon={check.findings.length === 0 ? 'ok' : 'bad'}
            label={say(check.findings.length === 0 ? 'audit.check.whole' : 'audit.check.broken', {
              time: dates.dayAndClock(check.at),
              n: check.findings.length,
            })}
          />
        )}
      </div>
      {check !== null && check.findings.length > 0 && (
        <Notice tone="bad">
          <p>{say('audit.broken')}</p>
          <ul>
            {check.findings.slice(0, 5).map(({ kind, block, auditId }) => (
              <li key={`${kind} ${block} ${auditId}`}>
                {say(`audit.finding.${kind}`)} {block === null ? '' : say('audit.block', { block })}{' '}
                <span class="figures">{auditId}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {state.damagedFields > 0 && <Notice tone="bad">{say('audit.damaged', { n: state.damagedFields })}</Notice>}
    </>
  )
}
