import type { CustomerDeps } from '../customer/person-scope.ts'
import {
  addGroupContact,
  addGroupMember,
  addGroupResults,
  changeGroup,
  createGroup,
  endInGroup,
  listGroups,
  readGroupFile,
} from '../group-customer/group-customer.ts'
import { reused, type StaffCalls } from './staff-calls.ts'

/** The calls about group customers. */
export function groupCustomerCalls(staff: StaffCalls, deps: CustomerDeps) {
  const calls = staff.groupCustomer
  return {
    list: calls.list.handler(async ({ input, context }) => ({
      rows: await listGroups(deps, context.staff, input),
      asOf: context.staff.nowMs,
    })),
    read: calls.read.handler(async ({ input, context, errors }) => {
      const outcome = await readGroupFile(deps, context.staff, input.groupId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { group: outcome.value, asOf: context.staff.nowMs }
    }),
    create: calls.create.handler(async ({ input, context }) => {
      const outcome = await createGroup(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw reused()
    }),
    change: calls.change.handler(async ({ input, context, errors }) => {
      const outcome = await changeGroup(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    addContact: calls.addContact.handler(async ({ input, context, errors }) => {
      const outcome = await addGroupContact(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    addMember: calls.addMember.handler(async ({ input, context, errors }) => {
      const outcome = await addGroupMember(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    end: calls.end.handler(async ({ input, context, errors }) => {
      const outcome = await endInGroup(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    addResults: calls.addResults.handler(async ({ input, context, errors }) => {
      const outcome = await addGroupResults(deps, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}
