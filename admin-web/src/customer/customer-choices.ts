import type {
  ConsentChannel,
  ConsentPurpose,
  DetailKind,
  HealthKind,
  InteractionChannel,
  MergeableField,
  PersonSex,
  PersonSource,
  PersonState,
  RelationKind,
  VisitKind,
  VisitOutcome,
} from '@yizhan/contracts/customer-record'

/** The states of a file, in the order of a person's way. */
export const personStates = [
  'prospect',
  'registered',
  'active',
  'dormant',
  'deceased',
  'erased',
] as const satisfies readonly PersonState[]
/** The ways by which persons come, the usual first. */
export const personSources = [
  'desk',
  'booking',
  'phone',
  'web',
  'referral',
  'group',
  'event',
  'his',
  'import',
] as const satisfies readonly PersonSource[]
/** The sexes. */
export const personSexes = ['female', 'male', 'other', 'unknown'] as const satisfies readonly PersonSex[]
/** What can be written down to reach or know a person by. */
export const detailKinds = [
  'phone',
  'email',
  'address',
  'id-number',
  'passport',
  'other-document',
  'health-card',
  'insurance-card',
] as const satisfies readonly DetailKind[]
/** What somebody can be to a person. */
export const relationKinds = ['family', 'proxy', 'contact'] as const satisfies readonly RelationKind[]
/** For what consent is asked. */
export const consentPurposes = ['care', 'survey', 'marketing', 'research'] as const satisfies readonly ConsentPurpose[]
/** By which ways consent is given. */
export const consentChannels = [
  'phone',
  'sms',
  'email',
  'wechat',
  'letter',
] as const satisfies readonly ConsentChannel[]
/** By which ways people speak. */
export const interactionChannels = [
  'phone',
  'in-person',
  'sms',
  'wechat',
  'email',
  'letter',
  'kiosk',
] as const satisfies readonly InteractionChannel[]
/** What of health is asked at the desk. */
export const healthKinds = ['allergy', 'history', 'family-history'] as const satisfies readonly HealthKind[]
/** The kinds of visits. */
export const visitKinds = ['outpatient', 'emergency', 'inpatient', 'check-up'] as const satisfies readonly VisitKind[]
/** How visits end. */
export const visitOutcomes = [
  'cured',
  'improved',
  'unchanged',
  'worse',
  'died',
  'other',
] as const satisfies readonly VisitOutcome[]
/** The fields that staff choose between when they compare two files. */
export const comparedFields = ['name', 'sex', 'birthDate'] as const satisfies readonly MergeableField[]
