import { oc } from '@orpc/contract'
import { z } from 'zod'
import { personName } from './appointment.ts'
import { duplicateCalls } from './customer-merge.ts'
import {
  consentStanding,
  healthItem,
  newConsent,
  newDetail,
  newHealthItem,
  newInteraction,
  newRelation,
  newVisit,
  personCore,
  personDetail,
  personRelation,
  personSources,
  personStates,
  shortLine,
  visit,
} from './customer-record.ts'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { instantMs } from './time.ts'

/** One line of a list of persons. */
export const personRow = z.strictObject({
  personId: id,
  nameShown: z.string(),
  sex: personCore.shape.sex,
  birthDate: z.string().nullable(),
  phoneShown: z.string().nullable(),
  state: z.enum(personStates),
  source: z.enum(personSources),
  tags: z.array(z.string()),
  updatedAt: instantMs,
})
export type PersonRow = z.infer<typeof personRow>

/** By what a person was found. */
export const foundBy = ['name', 'initials', 'phone', 'id-number', 'card', 'booking-code'] as const
export type FoundBy = (typeof foundBy)[number]

/** What a person's file still misses; the words of the rule `visitChecklist`. */
const checklist = z.strictObject({ visit: z.enum(['first', 'return']), missing: z.array(z.string()) })

/** A person's whole file (客户档案) as its reader may see it. */
export const personFile = personCore.omit({ name: true }).extend({
  personId: id,
  nameShown: z.string(),
  /** False when the reader is shown a masked name, which no form may send back. */
  isNameOpen: z.boolean(),
  state: z.enum(personStates),
  source: z.enum(personSources),
  version: z.int().min(1),
  createdAt: instantMs,
  updatedAt: instantMs,
  /** Where this file went, when it was merged into another. */
  mergedInto: id.nullable(),
  tags: z.array(z.strictObject({ tagId: id, tag: z.string() })),
  details: z.array(personDetail),
  relations: z.array(personRelation),
  consents: z.array(consentStanding),
  /** Null for a reader who may not see it. */
  health: z.strictObject({ items: z.array(healthItem), visitCount: z.int() }).nullable(),
  groups: z.array(z.strictObject({ groupId: id, name: z.string() })),
  merges: z.array(
    z.strictObject({ mergeId: id, personId: id, nameShown: z.string(), at: instantMs, byName: z.string() }),
  ),
  checklist,
  needsGuardian: z.boolean(),
})
export type PersonFile = z.infer<typeof personFile>

const entryBase = { entryId: id, at: instantMs }
/** One thing that happened between a person and the hospital. */
export const timelineEntry = z.discriminatedUnion('kind', [
  z.strictObject({ ...entryBase, kind: z.literal('visit'), visit }),
  z.strictObject({
    ...entryBase,
    kind: z.literal('interaction'),
    channel: newInteraction.shape.channel,
    direction: newInteraction.shape.direction,
    summary: z.string(),
    byName: z.string(),
  }),
  z.strictObject({
    ...entryBase,
    kind: z.literal('booking'),
    clinicName: localText,
    doctorName: z.string(),
    state: z.enum(['booked', 'arrived', 'cancelled', 'rescheduled']),
  }),
  z.strictObject({
    ...entryBase,
    kind: z.literal('consent'),
    purpose: newConsent.shape.purpose,
    channel: newConsent.shape.channel,
    isGiven: z.boolean(),
    textVersion: z.string(),
    isByGuardian: z.boolean(),
    byName: z.string(),
  }),
  z.strictObject({
    ...entryBase,
    kind: z.enum(['merge', 'merge-undone']),
    nameShown: z.string(),
    byName: z.string(),
  }),
])
export type TimelineEntry = z.infer<typeof timelineEntry>

/** Something to be added to a person's file. */
export const newEntry = z.discriminatedUnion('entry', [
  z.strictObject({ entry: z.literal('detail'), detail: newDetail }),
  z.strictObject({ entry: z.literal('relation'), relation: newRelation }),
  z.strictObject({ entry: z.literal('consent'), consent: newConsent }),
  z.strictObject({ entry: z.literal('interaction'), interaction: newInteraction }),
  z.strictObject({ entry: z.literal('tag'), tag: shortLine }),
])
export type NewEntry = z.infer<typeof newEntry>

/** Something of a person's health to be added. */
export const newHealthEntry = z.discriminatedUnion('entry', [
  z.strictObject({ entry: z.literal('health'), health: newHealthItem }),
  z.strictObject({ entry: z.literal('visit'), visit: newVisit }),
])
export type NewHealthEntry = z.infer<typeof newHealthEntry>

const unknown = { 'person-unknown': { status: 404, message: 'No such person' } } as const
const siteUnknown = { 'site-unknown': { status: 422, message: 'No such site' } } as const
const entryUnknown = { 'entry-unknown': { status: 404, message: 'No such entry, or already struck out' } } as const
const made = z.strictObject({ entryId: id })
export type MadeEntry = z.infer<typeof made>
export const madeEntry = made

/** A new file with what is known from the start. */
export const newPerson = personCore
  .partial()
  .required({ name: true })
  .extend({ source: z.enum(personSources), details: z.array(newDetail).max(20) })
export type NewPerson = z.infer<typeof newPerson>

/** The customers (客户) of a hospital: persons with all that is known of them. */
export const customerContract = {
  list: oc
    .route({ method: 'GET', path: '/persons', summary: 'Persons, the newest file first', tags: ['customer'] })
    .input(
      z.strictObject({
        state: z.enum(personStates).optional(),
        source: z.enum(personSources).optional(),
        tag: shortLine.optional(),
        /** The last id of the page before. */
        after: id.optional(),
      }),
    )
    .output(z.strictObject({ rows: z.array(personRow), next: id.nullable(), asOf: instantMs })),
  find: oc
    .route({ method: 'POST', path: '/persons/find', summary: 'Find persons by what was typed', tags: ['customer'] })
    .input(z.strictObject({ text: z.string().min(1).max(120) }))
    .output(z.strictObject({ rows: z.array(personRow.extend({ foundBy: z.enum(foundBy) })), asOf: instantMs })),
  read: oc
    .route({ method: 'GET', path: '/persons/{personId}', summary: 'The file of a person', tags: ['customer'] })
    .errors(unknown)
    .input(z.strictObject({ personId: id }))
    .output(z.strictObject({ person: personFile, asOf: instantMs })),
  timeline: oc
    .route({
      method: 'GET',
      path: '/persons/{personId}/timeline',
      summary: 'What happened between a person and the hospital, the latest first',
      tags: ['customer'],
    })
    .errors(unknown)
    .input(z.strictObject({ personId: id, before: instantMs.optional() }))
    .output(z.strictObject({ entries: z.array(timelineEntry), next: instantMs.nullable(), asOf: instantMs })),
  create: oc
    .route({ method: 'POST', path: '/persons', summary: 'Open the file of a person', tags: ['customer'] })
    .errors({
      'id-number-invalid': { status: 422, message: 'The check digit of the ID number does not fit' },
      ...siteUnknown,
    })
    .input(newPerson.extend({ operationId }))
    .output(z.strictObject({ personId: id })),
  change: oc
    .route({
      method: 'POST',
      path: '/persons/{personId}',
      summary: 'Change what is written of a person',
      tags: ['customer'],
    })
    .errors({
      ...unknown,
      'person-changed': { status: 409, message: 'It was changed since it was read; look again' },
      ...siteUnknown,
      'state-not-next': { status: 422, message: 'A file cannot go from its state to this one' },
    })
    .input(
      personCore
        .extend({ name: personName, state: z.enum(personStates).exclude(['erased']) })
        .partial()
        .extend({ personId: id, version: z.int().min(1), operationId }),
    )
    .output(z.strictObject({ version: z.int() })),
  add: oc
    .route({
      method: 'POST',
      path: '/persons/{personId}/entries',
      summary: 'Add to the file of a person',
      tags: ['customer'],
    })
    .errors({
      ...unknown,
      'id-number-invalid': { status: 422, message: 'The check digit of the ID number does not fit' },
      'other-person-unknown': { status: 422, message: 'The related person is not a customer, or the same one' },
      'guardian-needed': { status: 422, message: 'Below fourteen a guardian has to agree' },
      'contact-refused': { status: 409, message: 'The person is deceased or their data erased' },
    })
    .input(z.strictObject({ personId: id, operationId, added: newEntry }))
    .output(made),
  addHealth: oc
    .route({
      method: 'POST',
      path: '/persons/{personId}/health',
      summary: 'Add to what is known of the health of a person',
      tags: ['customer'],
    })
    .errors({
      ...unknown,
      ...siteUnknown,
      'time-invalid': { status: 422, message: 'The end lies before the beginning' },
    })
    .input(z.strictObject({ personId: id, operationId, added: newHealthEntry }))
    .output(made),
  end: oc
    .route({
      method: 'POST',
      path: '/persons/{personId}/entries/{entryId}/end',
      summary: 'Strike something out of the file of a person; it stays in its history',
      tags: ['customer'],
    })
    .errors({ ...unknown, ...entryUnknown })
    .input(z.strictObject({ personId: id, entryId: id, entry: z.enum(['detail', 'relation', 'tag']), operationId }))
    .output(z.strictObject({ endedAt: instantMs })),
  endHealth: oc
    .route({
      method: 'POST',
      path: '/persons/{personId}/health/{entryId}/end',
      summary: 'Strike out something that is known of the health of a person; it stays in its history',
      tags: ['customer'],
    })
    .errors({ ...unknown, ...entryUnknown })
    .input(z.strictObject({ personId: id, entryId: id, operationId }))
    .output(z.strictObject({ endedAt: instantMs })),
  ...duplicateCalls,
}
