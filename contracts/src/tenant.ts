import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id } from './id.ts'
import { localText } from './local-text.ts'
import { queueLetter } from './queue.ts'
import { timeZone } from './time.ts'

/** A hospital (医院) as its stations know it: one tenant, one legal entity. */
export const hospitalRow = z.strictObject({
  tenantId: id,
  name: localText,
  zone: timeZone,
  /** Where a person helps, as a phrase that ends a sentence: 「一楼大厅导诊台」, "the information desk on floor 1". */
  helpDesk: localText,
})
export type HospitalRow = z.infer<typeof hospitalRow>

/** A campus (院区). */
export const siteRow = z.strictObject({ siteId: id, name: localText })
export type SiteRow = z.infer<typeof siteRow>

/** A clinic (门诊) with its queue and its check-in rules; all durations are minutes. */
export const clinicRow = z.strictObject({
  clinicId: id,
  siteId: id,
  name: localText,
  place: localText,
  queueLetter,
  /** Check-in opens this long before the appointment starts. */
  opensBeforeMin: z.int().min(0).max(1440),
  /** An arrival later than this after the start joins the late list (迟到). */
  lateAfterMin: z.int().min(0).max(1440),
  /** Check-in closes this long after the appointment ends. */
  closesAfterMin: z.int().min(0).max(1440),
  /** Typical time for one patient, for the printed estimate. */
  minutesPerPatient: z.number().min(0.5).max(240),
})
export type ClinicRow = z.infer<typeof clinicRow>

/** The structure of the hospital that staff may see. */
export const tenantContract = {
  structure: oc
    .route({ method: 'GET', path: '/structure', summary: 'The hospital with its sites and clinics', tags: ['tenant'] })
    .output(z.strictObject({ hospital: hospitalRow, sites: z.array(siteRow), clinics: z.array(clinicRow) })),
}
