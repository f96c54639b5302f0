import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { instantMs } from './time.ts'

/** A short name in lists and forms of the hospital (科室编码), `CARD-01`. */
const code = z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,19}$/)

/** A department or ward (科室, 病区) in the hospital's tree. */
export const departmentRow = z.strictObject({
  departmentId: id,
  siteId: id,
  /** The department that it is part of; null for one at the top. */
  parentId: id.nullable(),
  code,
  name: localText,
  /** Since when it is closed; a closed one keeps its rows and takes no new ones. */
  retiredAt: instantMs.nullable(),
})
export type DepartmentRow = z.infer<typeof departmentRow>

/** A post (岗位) that staff hold, `主治医师`. */
export const postRow = z.strictObject({ postId: id, name: localText, retiredAt: instantMs.nullable() })
export type PostRow = z.infer<typeof postRow>

/** How the hospital's tree is read and shaped. */
export const organisationContract = {
  tree: oc
    .route({ method: 'GET', path: '/organisation', summary: 'Departments and posts', tags: ['organisation'] })
    .output(z.strictObject({ departments: z.array(departmentRow), posts: z.array(postRow) })),
  putDepartment: oc
    .route({
      method: 'PUT',
      path: '/departments/{departmentId}',
      summary: 'Add or change a department',
      tags: ['organisation'],
    })
    .errors({
      'site-unknown': { status: 404, message: 'No such site' },
      'parent-unknown': { status: 404, message: 'No such department to be part of' },
      'parent-within': { status: 409, message: 'A department cannot be part of itself' },
      'code-taken': { status: 409, message: 'Another department has this code' },
    })
    .input(z.strictObject({ operationId, ...departmentRow.omit({ retiredAt: true }).shape, retired: z.boolean() }))
    .output(z.strictObject({ departmentId: id })),
  putPost: oc
    .route({ method: 'PUT', path: '/posts/{postId}', summary: 'Add or change a post', tags: ['organisation'] })
    .input(z.strictObject({ operationId, ...postRow.omit({ retiredAt: true }).shape, retired: z.boolean() }))
    .output(z.strictObject({ postId: id })),
}
