import { z } from 'zod'
import { personName } from './appointment.ts'
import { id } from './id.ts'
import { hospitalDay, instantMs } from './time.ts'

/**
 * How well the hospital knows a person (客户状态): heard of (潜在), registered (已建档), seen in the last year (活跃), not seen for
 * long (沉睡), deceased (已故), erased (已删除).
 */
export const personStates = ['prospect', 'registered', 'active', 'dormant', 'deceased', 'erased'] as const
export type PersonState = (typeof personStates)[number]

/** FHIR administrative-gender words. */
export const personSexes = ['female', 'male', 'other', 'unknown'] as const
export type PersonSex = (typeof personSexes)[number]

/** By which way a person first came to the hospital's knowledge (来源). */
export const personSources = ['booking', 'desk', 'phone', 'web', 'referral', 'group', 'event', 'his', 'import'] as const
export type PersonSource = (typeof personSources)[number]

/**
 * What a person is reached or known by; several of each. Cards are kept as keyed hashes only, with their last four characters;
 * `card` is one of a booking, of which not even the kind is known.
 */
export const detailKinds = [
  'phone',
  'email',
  'address',
  'id-number',
  'passport',
  'other-document',
  'health-card',
  'insurance-card',
  'card',
] as const
export type DetailKind = (typeof detailKinds)[number]

/** Text of one line without control characters. */
function lineOf(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{C}]+$/u)
}

/** One short line. */
export const shortLine = lineOf(60)
/** One line of some length. */
export const longLine = lineOf(300)
/** Several lines of text. */
export const plainText = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^(?:[^\p{C}]|\n|\p{Cf})+$/u)

/** One new way to reach or know a person. */
export const newDetail = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('phone'),
    value: z.string().regex(/^\+?\d{5,15}$/),
    label: shortLine.nullable(),
  }),
  z.strictObject({ kind: z.literal('email'), value: z.email().max(120), label: shortLine.nullable() }),
  z.strictObject({ kind: z.literal('address'), value: longLine, label: shortLine.nullable() }),
  z.strictObject({
    kind: z.literal('id-number'),
    value: z.string().regex(/^[1-9]\d{16}[\dX]$/),
    label: shortLine.nullable(),
  }),
  z.strictObject({
    kind: z.enum(['passport', 'other-document', 'health-card', 'insurance-card']),
    value: z.string().regex(/^[0-9A-Z]{4,40}$/),
    /** Of a card, who issued it. */
    label: shortLine.nullable(),
  }),
])
export type NewDetail = z.infer<typeof newDetail>

/** One detail as its reader may see it. */
export const personDetail = z.strictObject({
  detailId: id,
  kind: z.enum(detailKinds),
  shown: z.string(),
  label: z.string().nullable(),
  since: instantMs,
})

/** What somebody is to a person (关系人): family (家属), who may act for them (代理人), whom to call (联系人). */
export const relationKinds = ['family', 'proxy', 'contact'] as const
export type RelationKind = (typeof relationKinds)[number]

/** A new relation, with the days from and until which it holds. */
export const newRelation = z.strictObject({
  kind: z.enum(relationKinds),
  name: personName,
  /** 「母亲」, "mother". */
  relationship: shortLine.nullable(),
  phone: z
    .string()
    .regex(/^\+?\d{5,15}$/)
    .nullable(),
  /** The same person as a customer of the hospital. */
  otherPersonId: id.nullable(),
  /** Whether they decide for a child or a ward (监护人). */
  isGuardian: z.boolean(),
  validFrom: hospitalDay.nullable(),
  validUntil: hospitalDay.nullable(),
})
export type NewRelation = z.infer<typeof newRelation>

/** A relation as its reader may see it. */
export const personRelation = newRelation.omit({ phone: true, name: true }).extend({
  relationId: id,
  nameShown: z.string(),
  phoneShown: z.string().nullable(),
})

/** For what a person lets the hospital use their data (同意用途), each by itself: care, surveys, marketing, research. */
export const consentPurposes = ['care', 'survey', 'marketing', 'research'] as const
export type ConsentPurpose = (typeof consentPurposes)[number]
/** By which way (渠道). */
export const consentChannels = ['phone', 'sms', 'email', 'wechat', 'letter'] as const
export type ConsentChannel = (typeof consentChannels)[number]

/** One entry of the consent ledger (同意记录): given or withdrawn, by whom, to which version of the text. */
export const newConsent = z.strictObject({
  purpose: z.enum(consentPurposes),
  channel: z.enum(consentChannels),
  isGiven: z.boolean(),
  textVersion: shortLine,
  /** The guardian's relation; null when the person spoke for themselves. */
  guardianRelationId: id.nullable(),
})
export type NewConsent = z.infer<typeof newConsent>

/** A consent as it stands now: the last entry of its purpose and channel. */
export const consentStanding = newConsent.extend({ consentId: id, at: instantMs, byName: z.string() })
export type ConsentStanding = z.infer<typeof consentStanding>

/** Health of a person beyond their visits: allergies (过敏史), history (既往史), family history (家族史). */
export const healthKinds = ['allergy', 'history', 'family-history'] as const
export type HealthKind = (typeof healthKinds)[number]

/** One item; `isDenied` with an empty text says that the person was asked and has none. */
export const newHealthItem = z.strictObject({
  kind: z.enum(healthKinds),
  text: z.string().max(300),
  isDenied: z.boolean(),
})
export type NewHealthItem = z.infer<typeof newHealthItem>
export const healthItem = newHealthItem.extend({ itemId: id, since: instantMs })
export type HealthItem = z.infer<typeof healthItem>

/** What kind of visit it was; and how it ended, as hospitals count outcomes (转归). */
export const visitKinds = ['outpatient', 'emergency', 'inpatient', 'check-up'] as const
export type VisitKind = (typeof visitKinds)[number]
export const visitOutcomes = ['cured', 'improved', 'unchanged', 'worse', 'died', 'other'] as const
export type VisitOutcome = (typeof visitOutcomes)[number]

/** An ICD-10 code, `I10`, `I10.x00`, `E11.900x001`. */
export const icdCode = z.string().regex(/^[A-Z]\d{2}(?:\.[0-9A-Za-z]{1,10})?$/)

/** A visit (就诊) as it is written down. */
export const newVisit = z.strictObject({
  kind: z.enum(visitKinds),
  siteId: id.nullable(),
  departmentId: id.nullable(),
  departmentName: shortLine,
  doctorStaffId: id.nullable(),
  doctorName: shortLine,
  startedAt: instantMs,
  endedAt: instantMs.nullable(),
  icdCodes: z.array(icdCode).max(20),
  diagnosis: z.string().max(300),
  /** The main orders (主要医嘱). */
  orders: z.array(longLine).max(30),
  feeFen: z.int().min(0).max(100_000_000_000),
  outcome: z.enum(visitOutcomes).nullable(),
})
export type NewVisit = z.infer<typeof newVisit>
export const visit = newVisit.extend({ visitId: id })

/** How staff and a person spoke (沟通渠道). */
export const interactionChannels = ['phone', 'sms', 'email', 'wechat', 'letter', 'in-person', 'kiosk'] as const
export type InteractionChannel = (typeof interactionChannels)[number]

/** A contact between hospital and person (沟通记录): `in` came from the person, `out` from the hospital. */
export const newInteraction = z.strictObject({
  channel: z.enum(interactionChannels),
  direction: z.enum(['in', 'out']),
  at: instantMs,
  summary: plainText,
})
export type NewInteraction = z.infer<typeof newInteraction>

/** What stands in a person's file beside the entries of many kinds. */
export const personCore = z.strictObject({
  name: personName,
  sex: z.enum(personSexes),
  birthDate: z.iso.date().nullable(),
  occupation: shortLine.nullable(),
  /** What they like to be spoken to about (特殊爱好), and how they use the hospital (就诊习惯). */
  interests: z.array(shortLine).max(20),
  habits: z.array(shortLine).max(20),
  siteId: id.nullable(),
  /** The staff id of who looks after them (责任人). */
  carerStaffId: id.nullable(),
})
export type PersonCore = z.infer<typeof personCore>

/** The fields of `personCore` that one side of a merge can give the other. */
export const mergeableFields = [
  'name',
  'sex',
  'birthDate',
  'occupation',
  'interests',
  'habits',
  'siteId',
  'carerStaffId',
] as const
export type MergeableField = (typeof mergeableFields)[number]
