import { oc } from '@orpc/contract'
import { z } from 'zod'
import { personName } from './appointment.ts'
import { longLine, plainText, shortLine } from './customer-record.ts'
import { id, operationId } from './id.ts'
import { hospitalDay, instantMs } from './time.ts'

/** What a group is to the hospital (关系): heard of, a neighbour (邻近单位), under contract (签约单位), formerly. */
export const groupRelations = ['prospect', 'neighbour', 'contracted', 'ended'] as const
export type GroupRelation = (typeof groupRelations)[number]

/** Who somebody is at a group: in charge of the health of its staff (职工健康负责人), a key contact, of its finances. */
export const groupContactRoles = ['staff-health', 'key', 'finance', 'other'] as const
export type GroupContactRole = (typeof groupContactRoles)[number]

/** How a result of a check-up stands to its reference. */
export const checkupFlags = ['normal', 'low', 'high', 'abnormal', 'critical'] as const
export type CheckupFlag = (typeof checkupFlags)[number]

const businessNumber = z.string().regex(/^[\d+() -]{5,30}$/)

/** What is written of a group (团体客户). */
export const groupFields = z.strictObject({
  name: shortLine,
  address: longLine.nullable(),
  phone: businessNumber.nullable(),
  fax: businessNumber.nullable(),
  website: z
    .string()
    .max(200)
    .regex(/^https?:\/\/\S+$/)
    .nullable(),
  email: z.email().max(120).nullable(),
  /** Who leads it. */
  manager: personName.nullable(),
  /** What it does (主营业务). */
  business: longLine.nullable(),
  headcount: z.int().min(0).max(10_000_000).nullable(),
  relation: z.enum(groupRelations),
  /** What could come of it (商机): check-ups, designation by an insurer. */
  opportunities: plainText.nullable(),
})
export type GroupFields = z.infer<typeof groupFields>

/** A contact at a group, as it is written down. */
export const newGroupContact = z.strictObject({
  name: personName,
  role: z.enum(groupContactRoles),
  post: shortLine.nullable(),
  phone: z
    .string()
    .regex(/^\+?\d{5,15}$/)
    .nullable(),
  email: z.email().max(120).nullable(),
})
export type NewGroupContact = z.infer<typeof newGroupContact>

/** One result of a check-up (体检结果), as it is written down. */
export const newCheckupResult = z.strictObject({
  personId: id,
  checkedOn: hospitalDay,
  item: shortLine,
  value: shortLine,
  unit: shortLine.nullable(),
  flag: z.enum(checkupFlags),
  advice: z.string().min(1).max(300).nullable(),
})
export type NewCheckupResult = z.infer<typeof newCheckupResult>

/** A group in the list. */
export const groupRow = z.strictObject({
  groupId: id,
  name: z.string(),
  relation: z.enum(groupRelations),
  business: z.string().nullable(),
  headcount: z.int().nullable(),
  memberCount: z.int(),
  /** Of the staff-health contact, or of the first key contact. */
  contactShown: z.string().nullable(),
})
export type GroupRow = z.infer<typeof groupRow>

/** A group with its people; results are null for a reader who may not see them. */
export const groupFile = groupFields.extend({
  groupId: id,
  version: z.int(),
  contacts: z.array(
    newGroupContact.omit({ phone: true, name: true }).extend({
      contactId: id,
      nameShown: z.string(),
      phoneShown: z.string().nullable(),
    }),
  ),
  members: z.array(z.strictObject({ memberId: id, personId: id, nameShown: z.string(), since: instantMs })),
  results: z.array(newCheckupResult.extend({ resultId: id, nameShown: z.string() })).nullable(),
})
export type GroupFile = z.infer<typeof groupFile>

const unknown = { 'group-unknown': { status: 404, message: 'No such group' } } as const

/** The groups whose people the hospital looks after together. */
export const groupCustomerContract = {
  list: oc
    .route({ method: 'GET', path: '/groups', summary: 'Group customers by name', tags: ['group-customer'] })
    .input(z.strictObject({ relation: z.enum(groupRelations).optional() }))
    .output(z.strictObject({ rows: z.array(groupRow), asOf: instantMs })),
  read: oc
    .route({ method: 'GET', path: '/groups/{groupId}', summary: 'A group with its people', tags: ['group-customer'] })
    .errors(unknown)
    .input(z.strictObject({ groupId: id }))
    .output(z.strictObject({ group: groupFile, asOf: instantMs })),
  create: oc
    .route({ method: 'POST', path: '/groups', summary: 'Write a group down', tags: ['group-customer'] })
    .input(groupFields.extend({ operationId }))
    .output(z.strictObject({ groupId: id })),
  change: oc
    .route({
      method: 'POST',
      path: '/groups/{groupId}',
      summary: 'Change what is written of a group',
      tags: ['group-customer'],
    })
    .errors({ ...unknown, 'group-changed': { status: 409, message: 'It was changed since it was read; look again' } })
    .input(groupFields.extend({ groupId: id, version: z.int().min(1), operationId }))
    .output(z.strictObject({ version: z.int() })),
  addContact: oc
    .route({ method: 'POST', path: '/groups/{groupId}/contacts', summary: 'Add a contact', tags: ['group-customer'] })
    .errors(unknown)
    .input(z.strictObject({ groupId: id, operationId, contact: newGroupContact }))
    .output(z.strictObject({ contactId: id })),
  addMember: oc
    .route({
      method: 'POST',
      path: '/groups/{groupId}/members',
      summary: 'Count a person among a group',
      tags: ['group-customer'],
    })
    .errors({ ...unknown, 'person-unknown': { status: 404, message: 'No such person' } })
    .input(z.strictObject({ groupId: id, personId: id, operationId }))
    .output(z.strictObject({ memberId: id })),
  end: oc
    .route({
      method: 'POST',
      path: '/groups/{groupId}/entries/{entryId}/end',
      summary: 'Strike out a contact or a member',
      tags: ['group-customer'],
    })
    .errors({ ...unknown, 'entry-unknown': { status: 404, message: 'No such entry, or already struck out' } })
    .input(z.strictObject({ groupId: id, entryId: id, entry: z.enum(['contact', 'member']), operationId }))
    .output(z.strictObject({ endedAt: instantMs })),
  addResults: oc
    .route({
      method: 'POST',
      path: '/groups/{groupId}/results',
      summary: 'Write down results of check-ups',
      tags: ['group-customer'],
    })
    .errors({
      ...unknown,
      'not-a-member': { status: 422, message: 'A result is of somebody who does not belong to the group' },
    })
    .input(z.strictObject({ groupId: id, operationId, results: z.array(newCheckupResult).min(1).max(500) }))
    .output(z.strictObject({ count: z.int() })),
}
