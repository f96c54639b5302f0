import { changeAccount, createAccount, listAccounts, resetAccount, setAccountDisabled } from '../account/account.ts'
import { putDepartment, putPost, readTree } from '../organisation/organisation.ts'
import type { CentreDb } from '../postgres/database.ts'
import { setPanelCard, setPanelPin } from '../staff/panel-credential.ts'
import { issueServiceCode, listServiceCodes, retireServiceCode } from '../staff/service-code.ts'
import { listStaff, photoOf, putStaff, setPhoto, showNames } from '../staff/staff.ts'
import { assignWard, readWardDay } from '../staff/ward-shift.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { reused, type StaffCalls } from './staff-calls.ts'

/** What the calls about people and places work with. */
interface OrganisationCallDeps {
  db: CentreDb
  keys: KeyRing
}

/** The calls about accounts. */
export function accountCalls({ account }: StaffCalls, { db }: OrganisationCallDeps) {
  return {
    list: account.list.handler(async ({ context }) => ({ accounts: await listAccounts(db, context.staff) })),
    create: account.create.handler(async ({ input, context, errors }) => {
      const outcome = await createAccount(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    change: account.change.handler(async ({ input, context, errors }) => {
      const outcome = await changeAccount(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    setDisabled: account.setDisabled.handler(async ({ input, context, errors }) => {
      const outcome = await setAccountDisabled(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    reset: account.reset.handler(async ({ input, context, errors }) => {
      const outcome = await resetAccount(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}

/** The calls about departments and posts. */
export function organisationCalls({ organisation }: StaffCalls, { db }: OrganisationCallDeps) {
  return {
    tree: organisation.tree.handler(({ context }) => readTree(db, context.staff)),
    putDepartment: organisation.putDepartment.handler(async ({ input, context, errors }) => {
      const outcome = await putDepartment(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    putPost: organisation.putPost.handler(async ({ input, context }) => {
      const outcome = await putPost(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw reused()
    }),
  }
}

/** The calls about the staff list, service codes, the staff panel and ward shifts. */
export function staffListCalls({ staff }: StaffCalls, { db, keys }: OrganisationCallDeps) {
  return {
    list: staff.list.handler(({ context }) => listStaff(db, context.staff)),
    put: staff.put.handler(async ({ input, context, errors }) => {
      const outcome = await putStaff(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    setPhoto: staff.setPhoto.handler(async ({ input, context, errors }) => {
      const outcome = await setPhoto(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    photo: staff.photo.handler(async ({ input, context, errors }) => {
      const outcome = await photoOf(db, context.staff, input.staffId)
      if (outcome.ok) return outcome.value
      throw errors[outcome.error]()
    }),
    codes: staff.codes.handler(async ({ context }) => ({ codes: await listServiceCodes(db, context.staff) })),
    issueCode: staff.issueCode.handler(async ({ input, context, errors }) => {
      const outcome = await issueServiceCode(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    retireCode: staff.retireCode.handler(async ({ input, context, errors }) => {
      const outcome = await retireServiceCode(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    ...panelCalls({ staff }, { db, keys }),
  }
}

function panelCalls({ staff }: Pick<StaffCalls, 'staff'>, { db, keys }: OrganisationCallDeps) {
  return {
    setPanelPin: staff.setPanelPin.handler(async ({ input, context, errors }) => {
      const outcome = await setPanelPin(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    setPanelCard: staff.setPanelCard.handler(async ({ input, context, errors }) => {
      const outcome = await setPanelCard({ db, keys }, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    showNames: staff.showNames.handler(async ({ input, context }) => {
      const outcome = await showNames(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw reused()
    }),
    wardDay: staff.wardDay.handler(async ({ input, context }) => ({
      shifts: await readWardDay(db, context.staff, input.day),
    })),
    assignWard: staff.assignWard.handler(async ({ input, context, errors }) => {
      const outcome = await assignWard(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}
