import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { ServiceCodeRow } from '@yizhan/contracts/staff'
import type { RefObject } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { printPiece } from '../ui-admin/print-piece.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import { staffRefusal } from './staff-words.ts'

/** The service codes of the hospital: whose they are, and which are no more. */
export function CodesPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  const badges = useRef<HTMLDivElement>(null)
  const [retiring, setRetiring] = useState<ServiceCodeRow | null>(null)
  const list = useQuery({ queryKey: ['staff', 'codes'], queryFn: () => client.staff.codes() })
  const deeds = useRepeatable(staffRefusal, () => queries.invalidateQueries({ queryKey: ['staff'] }))
  const mayManage = who.calls.includes('staff.issueCode')
  const codes = list.data?.codes ?? []
  return (
    <>
      <PageHeading
        title={say('codes.title')}
        purpose={say('codes.purpose')}
        aside={<PushButton icon="printer" label={say('codes.print')} onPress={() => printPiece(badges.current)} />}
      />
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {mayManage && <IssueCode deeds={deeds} />}
      {list.data === undefined && !list.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {list.data !== undefined && (
        <CodeTable codes={codes} zone={who.zone} onRetire={mayManage ? setRetiring : null} busy={deeds.busy} />
      )}
      <div hidden>
        <BadgeList codes={codes} pieceRef={badges} />
      </div>
      {retiring !== null && (
        <ConfirmDialog
          open={true}
          title={say('codes.retire.title', { code: retiring.code, name: retiring.name })}
          confirmLabel={say('codes.retire')}
          keepLabel={say('app.cancel')}
          busy={deeds.busy}
          onKeep={() => setRetiring(null)}
          onConfirm={() => {
            const { code } = retiring
            setRetiring(null)
            return deeds.carryOut({
              what: `retire ${code}`,
              done: say('codes.retired.done', { code }),
              send: (operationId) => client.staff.retireCode({ operationId, code }),
            })
          }}
        >
          <p>{say('codes.retire.body')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function IssueCode({ deeds }: { deeds: Repeatable }) {
  const say = useSay()
  const { client } = useServices()
  const [staffId, setStaffId] = useState<string | null>(null)
  const people = useQuery({ queryKey: ['staff'], queryFn: () => client.staff.list() })
  const issue = async (chosen: string) => {
    await deeds.carryOut({
      what: `issue ${chosen}`,
      done: say('codes.issued.done'),
      send: (operationId) => client.staff.issueCode({ operationId, staffId: chosen }),
    })
    setStaffId(null)
  }
  return (
    <div class="filters">
      <ChoiceField<string>
        label={say('codes.issue.to')}
        value={staffId}
        choices={(people.data?.staff ?? []).map((row) => ({
          value: row.staffId,
          label: `${row.name} ${row.staffNumber}`,
        }))}
        onChange={setStaffId}
      />
      <PushButton
        kind="primary"
        label={say('codes.issue')}
        busy={deeds.busy}
        disabled={staffId === null}
        onPress={() => (staffId === null ? undefined : issue(staffId))}
      />
      <span class="past">{say('codes.issue.hint')}</span>
    </div>
  )
}

interface TableProps {
  codes: readonly ServiceCodeRow[]
  zone: string
  busy: boolean
  onRetire: ((code: ServiceCodeRow) => void) | null
}

function CodeTable({ codes, zone, busy, onRetire }: TableProps) {
  const say = useSay()
  const localText = useLocalText()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(zone, locale), [zone, locale])
  const columns: DataColumn<ServiceCodeRow>[] = [
    {
      key: 'code',
      title: say('codes.code'),
      sortBy: (row) => row.code,
      show: (row) => <b class="figures">{row.code}</b>,
    },
    { key: 'name', title: say('staff.name'), sortBy: (row) => row.name, show: (row) => row.name },
    { key: 'department', title: say('staff.department'), show: (row) => localText(row.departmentName) },
    {
      key: 'issued',
      title: say('codes.issuedAt'),
      sortBy: (row) => row.issuedAt,
      show: (row) => <span class="figures">{`${dates.dayOf(row.issuedAt)} ${dates.clock(row.issuedAt)}`}</span>,
    },
    {
      key: 'state',
      title: say('accounts.state'),
      show: (row) =>
        row.retiredAt === null ? (
          <StatusTag tone="good" icon="ok" label={say('codes.state.live')} />
        ) : (
          <StatusTag tone="quiet" icon="off" label={say('codes.state.retired')} />
        ),
    },
  ]
  const actions: DataColumn<ServiceCodeRow> = {
    key: 'actions',
    title: say('accounts.actions'),
    show: (row) =>
      row.retiredAt === null && (
        <PushButton
          kind="quiet-danger"
          label={say('codes.retire')}
          spokenLabel={say('accounts.action.of', { what: say('codes.retire'), name: row.code })}
          disabled={busy}
          onPress={() => onRetire?.(row)}
        />
      ),
  }
  return (
    <DataTable<ServiceCodeRow>
      label={say('codes.title')}
      rows={codes}
      rowKey={(row) => row.code}
      isQuiet={(row) => row.retiredAt !== null}
      totalText={(n) => say('app.total', { n })}
      empty={<EmptyState title={say('codes.empty.title')} body={say('codes.empty.body')} />}
      columns={onRetire === null ? columns : [...columns, actions]}
    />
  )
}

function BadgeList({
  codes,
  pieceRef,
}: {
  codes: readonly ServiceCodeRow[]
  pieceRef: RefObject<HTMLDivElement | null>
}) {
  const localText = useLocalText()
  return (
    <div class="badge-list" ref={pieceRef}>
      {codes
        .filter(({ retiredAt }) => retiredAt === null)
        .map(({ code, name, departmentName }) => (
          <p key={code} class="badge">
            <b class="figures">{code}</b> {name} {localText(departmentName)}
          </p>
        ))}
    </div>
  )
}
