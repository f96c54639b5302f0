import { oc } from '@orpc/contract'
import { z } from 'zod'
import { personName } from './appointment.ts'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { hospitalDay, instantMs } from './time.ts'

/** A service code (服务代码): four to six digits and a Damm check digit, on the badge and under the photo. */
export const serviceCode = z.string().regex(/^\d{5,7}$/)

/** A person of the hospital (职工) as the staff list shows them. */
export const staffRow = z.strictObject({
  staffId: id,
  /** The number in the hospital's own personnel system (工号). */
  staffNumber: z.string().regex(/^[A-Za-z0-9-]{1,20}$/),
  name: personName,
  /** The name in pinyin, as it is searched by: `zhang san`. */
  pinyin: z.string().regex(/^[a-z ]{0,80}$/),
  /** Where they belong first; the head of this department sees them. */
  departmentId: id,
  otherDepartmentIds: z.array(id).max(8),
  postId: id.nullable(),
  validFrom: hospitalDay,
  /** The last day; null while none is known. */
  validTo: hospitalDay.nullable(),
  /** Whether patients may find them at a kiosk. */
  shownOnKiosk: z.boolean(),
})
export type StaffRow = z.infer<typeof staffRow>

/** One line of the staff list: the person with what was issued to them. */
export const staffListRow = z.strictObject({
  ...staffRow.shape,
  /** 0 while there is no photo; each new one counts up. */
  photoVersion: z.int().min(0),
  serviceCode: serviceCode.nullable(),
  hasPanelPin: z.boolean(),
  panelCards: z.int().min(0),
})
export type StaffListRow = z.infer<typeof staffListRow>

/** The shifts (班次) that a ward is assigned by. */
export const wardShifts = ['day', 'evening', 'night'] as const
export type WardShift = (typeof wardShifts)[number]

/** A service code with its life: issued, and retired when another took its place or its holder left. Never given to anybody else. */
export const serviceCodeRow = z.strictObject({
  code: serviceCode,
  staffId: id,
  name: personName,
  departmentName: localText,
  issuedAt: instantMs,
  retiredAt: instantMs.nullable(),
})
export type ServiceCodeRow = z.infer<typeof serviceCodeRow>

/** Whether kiosks show names of staff whole or masked. */
export const staffNameShowings = ['masked', 'full'] as const
export type StaffNameShowing = (typeof staffNameShowings)[number]

/** A service code as a station keeps it: what its screens show of the person. */
export const staffCodeRow = z.strictObject({
  staffId: id,
  code: serviceCode,
  displayName: z.string().min(1).max(80),
  department: localText,
  post: localText.nullable(),
  photoVersion: z.int().min(0),
  validTo: hospitalDay.nullable(),
})
export type StaffCodeRow = z.infer<typeof staffCodeRow>

/**
 * What opens the staff panel (员工面板) of a station. A PIN is an argon2id hash in PHC form, checked after its holder has named
 * themself by service code; a card is the keyed hash that every card becomes, by which its holder is found.
 */
export const staffPanelCredentialRow = z.strictObject({
  credentialId: id,
  staffId: id,
  kind: z.enum(['pin', 'card']),
  hash: z.string().min(20).max(200),
})
export type StaffPanelCredentialRow = z.infer<typeof staffPanelCredentialRow>

const staffUnknown = { 'staff-unknown': { status: 404, message: 'No such person in the staff list' } } as const

/** The largest photo, in characters of base64: 40 KiB, as much as a badge needs. */
const photoText = z.string().min(100).max(54_616)

/** The staff list and what is issued to its people. */
export const staffContract = {
  list: oc
    .route({ method: 'GET', path: '/staff', summary: 'The staff list', tags: ['staff'] })
    .output(z.strictObject({ staff: z.array(staffListRow), nameShowing: z.enum(staffNameShowings) })),
  put: oc
    .route({ method: 'PUT', path: '/staff/{staffId}', summary: 'Add or change a person', tags: ['staff'] })
    .errors({
      'department-unknown': { status: 404, message: 'No such department, or it is closed' },
      'post-unknown': { status: 404, message: 'No such post, or it is closed' },
      'number-taken': { status: 409, message: 'Another person has this staff number' },
      'validity-invalid': { status: 422, message: 'The last day must not be before the first' },
    })
    .input(z.strictObject({ operationId, ...staffRow.shape }))
    .output(z.strictObject({ staffId: id })),
  setPhoto: oc
    .route({ method: 'PUT', path: '/staff/{staffId}/photo', summary: 'Give a person a new photo', tags: ['staff'] })
    .errors({ ...staffUnknown, 'photo-invalid': { status: 422, message: 'Neither PNG nor JPEG' } })
    .input(z.strictObject({ staffId: id, operationId, photo: photoText }))
    .output(z.strictObject({ photoVersion: z.int().min(1) })),
  photo: oc
    .route({ method: 'GET', path: '/staff/{staffId}/photo', summary: 'The photo of a person', tags: ['staff'] })
    .errors({ 'photo-unknown': { status: 404, message: 'No photo of such a person' } })
    .input(z.strictObject({ staffId: id }))
    .output(
      z.strictObject({ mediaType: z.enum(['image/png', 'image/jpeg']), photo: photoText, version: z.int().min(1) }),
    ),
  codes: oc
    .route({ method: 'GET', path: '/service-codes', summary: 'Every service code ever issued', tags: ['staff'] })
    .output(z.strictObject({ codes: z.array(serviceCodeRow) })),
  issueCode: oc
    .route({
      method: 'POST',
      path: '/staff/{staffId}/service-code',
      summary: 'Issue a service code; the one before is retired',
      tags: ['staff'],
    })
    .errors({ ...staffUnknown, 'staff-left': { status: 409, message: 'This person has left' } })
    .input(z.strictObject({ staffId: id, operationId }))
    .output(z.strictObject({ code: serviceCode })),
  retireCode: oc
    .route({
      method: 'POST',
      path: '/service-codes/{code}/retire',
      summary: 'Retire a service code for good',
      tags: ['staff'],
    })
    .errors({ 'code-unknown': { status: 404, message: 'No such code, or it is retired' } })
    .input(z.strictObject({ code: serviceCode, operationId }))
    .output(z.strictObject({ retiredAt: instantMs })),
  setPanelPin: oc
    .route({
      method: 'PUT',
      path: '/staff/{staffId}/panel-pin',
      summary: 'Set or take the PIN for the staff panel',
      tags: ['staff'],
    })
    .errors({ ...staffUnknown, 'pin-weak': { status: 422, message: 'A PIN of one digit repeated, or of neighbours' } })
    .input(
      z.strictObject({
        staffId: id,
        operationId,
        pin: z
          .string()
          .regex(/^\d{6}$/)
          .nullable(),
      }),
    )
    .output(z.strictObject({ set: z.boolean() })),
  setPanelCard: oc
    .route({
      method: 'PUT',
      path: '/staff/{staffId}/panel-card',
      summary: 'Let a card open the staff panel, or take all cards of a person away',
      tags: ['staff'],
    })
    .errors({
      ...staffUnknown,
      'card-taken': { status: 409, message: 'This card opens the panel for somebody already' },
    })
    .input(
      z.strictObject({
        staffId: id,
        operationId,
        /** As the reader tells it, in hexadecimal digits; null takes every card away. */
        cardUid: z
          .string()
          .regex(/^[0-9A-F]{8,20}$/)
          .nullable(),
      }),
    )
    .output(z.strictObject({ panelCards: z.int().min(0) })),
  showNames: oc
    .route({ method: 'PUT', path: '/staff-names', summary: 'Show names at kiosks whole or masked', tags: ['staff'] })
    .input(z.strictObject({ operationId, showing: z.enum(staffNameShowings) }))
    .output(z.strictObject({ showing: z.enum(staffNameShowings) })),
  wardDay: oc
    .route({ method: 'GET', path: '/ward-shifts', summary: 'Who works in which ward on a day', tags: ['staff'] })
    .input(z.strictObject({ day: hospitalDay }))
    .output(
      z.strictObject({
        shifts: z.array(z.strictObject({ staffId: id, departmentId: id, shift: z.enum(wardShifts) })),
      }),
    ),
  assignWard: oc
    .route({
      method: 'PUT',
      path: '/ward-shifts/{day}/{shift}/{staffId}',
      summary: 'Assign a person to a ward for one shift, or to none',
      tags: ['staff'],
    })
    .errors({ ...staffUnknown, 'department-unknown': { status: 404, message: 'No such department, or it is closed' } })
    .input(
      z.strictObject({
        staffId: id,
        day: hospitalDay,
        shift: z.enum(wardShifts),
        departmentId: id.nullable(),
        operationId,
      }),
    )
    .output(z.strictObject({ assigned: z.boolean() })),
}
