import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id } from './id.ts'
import { localText } from './local-text.ts'
import { instantMs } from './time.ts'

/**
 * The roles (角色) that a member of staff can hold in a hospital: platform administrator (平台运维), hospital administrator
 * (医院管理员), leader (院领导), department head (科室主任), doctor (医生), follow-up nurse (随访护士), call-centre agent (话务员),
 * complaint officer (投诉专员), customer manager (客户经理), researcher (科研人员), attendance clerk (考勤员), group auditor
 * (集团审计员), front desk (导诊台).
 */
export const roles = [
  'platform-administrator',
  'administrator',
  'hospital-leader',
  'department-head',
  'doctor',
  'follow-up-nurse',
  'call-centre-agent',
  'complaint-officer',
  'customer-manager',
  'researcher',
  'attendance-clerk',
  'group-auditor',
  'front-desk',
] as const
export type Role = (typeof roles)[number]

/**
 * How far a right reaches (可见范围): the rows that are a person's own, those assigned to them, those of their departments, of
 * their sites, of the whole hospital. The reaches of several roles add up; none holds another.
 */
export const rowReaches = ['own', 'assigned', 'department', 'site', 'hospital'] as const
export type RowReach = (typeof rowReaches)[number]

/** The fields that a role may be shown masked only (脱敏): 张*, 138****8000, the last four of an ID number, no address. */
export const maskedFields = ['name', 'phone', 'id-number', 'address'] as const
export type MaskedField = (typeof maskedFields)[number]

/** What the roles still demand before anything else may be done; first sign-in walks through them in this order. */
export const signInDuties = [
  'set-own-password',
  'set-up-second-factor',
  'prove-second-factor',
  'renew-password',
] as const
export type SignInDuty = (typeof signInDuties)[number]

/** Who is signed in, where, and what is still to be done before the rooms open. */
export const whoAmI = z.strictObject({
  userId: z.string(),
  displayName: z.string(),
  tenantId: id,
  hospitalName: localText,
  zone: z.string(),
  roles: z.array(z.enum(roles)),
  duties: z.array(z.enum(signInDuties)),
  /** The calls that these roles may make, `appointment.create`: navigation and buttons follow it. The centre decides anew at every call. */
  calls: z.array(z.string()),
  /** The sites and departments that `site` and `department` rights reach over. */
  siteIds: z.array(id),
  departmentIds: z.array(id),
  /** The person of the hospital's staff list behind this account. */
  staffId: id.nullable(),
  /** Every hospital that knows this account; a call acts in one of them, by the header of that name in the rules. */
  hospitals: z.array(z.strictObject({ tenantId: id, name: localText })),
})
export type WhoAmI = z.infer<typeof whoAmI>

/** One right of the policy table: what a role may do with a resource, how far, and which fields it sees masked. */
const policyRight = z.strictObject({
  resource: z.string(),
  verb: z.string(),
  role: z.enum(roles),
  reach: z.enum(rowReaches),
  masked: z.array(z.enum(maskedFields)),
})

/**
 * The refusal of a deed of weight whose maker proved their second factor too long ago: prove it again under `/auth`, then send
 * the same call with the same operation id.
 */
export const stepUpNeeded = {
  'step-up-needed': { status: 403, message: 'Prove the second factor again, then repeat the call' },
} as const

/** What a session was opened with, as far as its owner may recognise it by. */
export const sessionBrowser = z.strictObject({
  browser: z.enum(['wechat', 'edge', 'opera', 'qq', 'firefox', 'chrome', 'safari', 'other']),
  system: z.enum(['harmony', 'android', 'ios', 'windows', 'mac', 'linux', 'other']),
})
export type SessionBrowser = z.infer<typeof sessionBrowser>

/** One's own sign-in (我的账号): second factors, and where one is signed in. */
export const ownAccount = z.strictObject({
  email: z.string(),
  hasAuthenticator: z.boolean(),
  /** Recovery codes (备用码) that are not used up yet. */
  recoveryCodesLeft: z.int().min(0),
  /** Passkeys (通行密钥). */
  passkeys: z.array(
    z.strictObject({ passkeyId: id, name: z.string(), createdAt: instantMs, lastUsedAt: instantMs.nullable() }),
  ),
  /** Where the account is signed in (登录会话), the newest first. */
  sessions: z.array(
    z.strictObject({
      sessionId: z.string(),
      since: instantMs,
      /** To the minute; later uses of an idle page do not count. */
      lastUsedAt: instantMs,
      ...sessionBrowser.shape,
      /** The session that asks. */
      current: z.boolean(),
    }),
  ),
})
export type OwnAccount = z.infer<typeof ownAccount>

const notSignedIn = { 'not-signed-in': { status: 401, message: 'Sign in first' } } as const
const doneOnce = z.strictObject({ done: z.literal(true) })

/** The access calls of the centre beside the sign-in itself, which better-auth serves under `/auth`. */
export const accessContract = {
  whoAmI: oc
    .errors({
      'not-signed-in': { status: 401, message: 'Sign in first' },
      'no-membership': { status: 403, message: 'This account belongs to no hospital' },
    })
    .output(whoAmI),
  /** Replaces the one-time password; ends every other session of the account. */
  setOwnPassword: oc
    .errors({
      'not-signed-in': { status: 401, message: 'Sign in first' },
      'password-wrong': { status: 403, message: 'The current password does not fit' },
      'password-too-weak': {
        status: 422,
        message: 'Choose a longer password that is not on the list of common ones',
        data: z.strictObject({ why: z.enum(['too-short', 'too-plain', 'common', 'same-as-before']) }),
      },
    })
    .input(z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: z.string().min(1).max(256) }))
    .output(z.strictObject({ changed: z.literal(true) })),
  /** One's own account: second factors, passkeys, sessions. */
  ownAccount: oc.errors(notSignedIn).output(ownAccount),
  /** Signs one of one's own sessions out, wherever it is. */
  endSession: oc
    .errors({ ...notSignedIn, 'session-unknown': { status: 404, message: 'No such session of yours' } })
    .input(z.strictObject({ sessionId: z.string().max(64) }))
    .output(doneOnce),
  /** Signs out everywhere but here. */
  endOtherSessions: oc.errors(notSignedIn).output(doneOnce),
  removePasskey: oc
    .errors({
      ...notSignedIn,
      ...stepUpNeeded,
      'passkey-unknown': { status: 404, message: 'No such passkey of yours' },
    })
    .input(z.strictObject({ passkeyId: id }))
    .output(doneOnce),
  /** Forgets the authenticator app and its recovery codes. */
  removeAuthenticator: oc.errors({ ...notSignedIn, ...stepUpNeeded }).output(doneOnce),
  /** The whole policy table (权限表), to be read by the hospital's auditors. */
  policy: oc.output(z.strictObject({ rights: z.array(policyRight) })),
}
