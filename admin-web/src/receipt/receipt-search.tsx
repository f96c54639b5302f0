import { useQuery } from '@tanstack/preact-query'
import type { ReceiptRow } from '@yizhan/contracts/receipt'
import { groupReceiptNumber, isReceiptNumber, typedReceiptDigits } from '@yizhan/rules/receipt/receipt-number'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { StationReadiness } from '../fleet/station-readiness.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** Finds what was given a receipt number (回执号); the number stands in the address. */
export function ReceiptSearch({ dates }: { dates: AdminDates }) {
  const say = useSay()
  const { query, route } = useLocation()
  const asked = query['receipt']
  return (
    <>
      <PushButton icon="search" label={say('receipt.open')} onPress={() => route('/admin/stations?receipt=', true)} />
      <SideDrawer
        title={say('receipt.title')}
        open={asked !== undefined}
        closeLabel={say('app.close')}
        onClose={() => route('/admin/stations', true)}
      >
        <NumberForm
          key={asked}
          asked={asked ?? ''}
          onAsk={(digits) => route(`/admin/stations?receipt=${digits}`, true)}
        />
        {asked !== undefined && isReceiptNumber(asked) && <FoundReceipts receiptNumber={asked} dates={dates} />}
      </SideDrawer>
    </>
  )
}

/** A slip of the finger is told by the check digit, before anything is asked. */
function NumberForm({ asked, onAsk }: { asked: string; onAsk(digits: string): void }) {
  const say = useSay()
  const [text, setText] = useState(groupReceiptNumber(asked))
  const [tried, setTried] = useState(asked !== '')
  const digits = typedReceiptDigits(text)
  const wrong = tried && !isReceiptNumber(digits)
  return (
    <form
      class="pairing-form"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (isReceiptNumber(digits)) onAsk(digits)
      }}
    >
      <TextField
        label={say('receipt.number')}
        hint={say('receipt.hint')}
        value={text}
        onChange={setText}
        maxLength={30}
        autoFocus={true}
        {...(wrong ? { problem: say('receipt.mistyped') } : {})}
      />
      <PushButton kind="primary" submits={true} label={say('receipt.find')} disabled={digits === ''} />
    </form>
  )
}

function FoundReceipts({ receiptNumber, dates }: { receiptNumber: string; dates: AdminDates }) {
  const say = useSay()
  const { client } = useServices()
  const found = useQuery({
    queryKey: ['receipt', receiptNumber],
    queryFn: async () => {
      try {
        return (await client.receipt.find({ receiptNumber })).receipts
      } catch (error) {
        if (refusalOf(error) === 'receipt-unknown') return []
        throw error
      }
    },
  })
  if (found.isError) return <LoadProblem error={found.error} staleTime={null} onRetry={() => found.refetch()} />
  if (found.data === undefined) return <SkeletonRows rows={3} label={say('app.loading')} />
  if (found.data.length === 0) return <Notice tone="notice">{say('receipt.unknown')}</Notice>
  return (
    <>
      {found.data.length > 1 && <Notice tone="bad">{say('receipt.twice')}</Notice>}
      {found.data.map((receipt) => (
        <FoundReceipt key={receipt.report.reportId} receipt={receipt} dates={dates} />
      ))}
    </>
  )
}

function FoundReceipt({ receipt, dates }: { receipt: ReceiptRow; dates: AdminDates }) {
  const say = useSay()
  const localText = useLocalText()
  return (
    <>
      <p>
        {say('receipt.given', {
          station: localText(receipt.stationName),
          time: dates.dayAndClock(receipt.issuedAt),
        })}
      </p>
      <StationReadiness report={receipt.report} dates={dates} />
    </>
  )
}
