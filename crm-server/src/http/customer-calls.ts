import { changePerson, createPerson } from '../customer/customer.ts'
import { dismissDuplicate, listDuplicates } from '../customer/duplicate.ts'
import { addHealthEntry } from '../customer/health-entry.ts'
import { mergePersons, undoMerge } from '../customer/merge.ts'
import { addEntry, endEntry } from '../customer/person-entry.ts'
import { readPersonFile } from '../customer/person-file.ts'
import type { CustomerDeps, NamedCaller } from '../customer/person-scope.ts'
import { findPersons, listPersons } from '../customer/person-search.ts'
import { readTimeline } from '../customer/person-timeline.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { reused, type StaffCalls, type StaffContext } from './staff-calls.ts'

/** The calls about customers. */
export function customerCalls(staff: StaffCalls, deps: CustomerDeps) {
  return { ...fileCalls(staff, deps), ...writingCalls(staff, deps), ...mergeCalls(staff, deps) }
}

function fileCalls(staff: StaffCalls, deps: CustomerDeps) {
  return {
    list: staff.customer.list.handler(async ({ input, context }) => ({
      ...(await listPersons(deps, context.staff, input)),
      asOf: context.staff.nowMs,
    })),
    find: staff.customer.find.handler(async ({ input, context }) => ({
      rows: await findPersons(deps, context.staff, input.text),
      asOf: context.staff.nowMs,
    })),
    read: staff.customer.read.handler(async ({ input, context, errors }) => {
      const outcome = await readPersonFile(deps, context.staff, input.personId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { person: outcome.value, asOf: context.staff.nowMs }
    }),
    timeline: staff.customer.timeline.handler(async ({ input, context, errors }) => {
      const outcome = await readTimeline(deps.db, context.staff, input)
      if (!outcome.ok) throw errors[outcome.error]()
      return { ...outcome.value, asOf: context.staff.nowMs }
    }),
  }
}

function writingCalls(staff: StaffCalls, deps: CustomerDeps) {
  return {
    create: staff.customer.create.handler(async ({ input, context, errors }) => {
      const outcome = await createPerson(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    change: staff.customer.change.handler(async ({ input, context, errors }) => {
      const outcome = await changePerson(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    add: staff.customer.add.handler(async ({ input, context, errors }) => {
      const outcome = await addEntry(deps, named(context), input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    addHealth: staff.customer.addHealth.handler(async ({ input, context, errors }) => {
      const outcome = await addHealthEntry(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    end: staff.customer.end.handler(async ({ input, context, errors }) => {
      const outcome = await endEntry(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    endHealth: staff.customer.endHealth.handler(async ({ input, context, errors }) => {
      const outcome = await endEntry(deps, context.staff, { ...input, entry: 'health' })
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}

function mergeCalls(staff: StaffCalls, deps: CustomerDeps) {
  return {
    duplicates: staff.customer.duplicates.handler(async ({ context }) => ({
      ...(await listDuplicates(deps, context.staff)),
      asOf: context.staff.nowMs,
    })),
    dismissDuplicate: staff.customer.dismissDuplicate.handler(async ({ input, context, errors }) => {
      const outcome = await dismissDuplicate(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    merge: staff.customer.merge.handler(async ({ input, context, errors }) => {
      const outcome = await mergePersons(deps, named(context), input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    unmerge: staff.customer.unmerge.handler(async ({ input, context, errors }) => {
      const outcome = await undoMerge(deps, named(context), input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}

/** The caller with the name that their entries bear. */
function named({ visitor, staff }: Pick<StaffContext, 'visitor'> & { staff: Caller }): NamedCaller {
  return { ...staff, byName: visitor.kind === 'member' ? visitor.who.displayName : '' }
}
