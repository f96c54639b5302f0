import type { Say } from '../catalogue/admin-text.tsx'
import { type AdminMessageKey, adminZhCn } from '../catalogue/admin-zh-cn.ts'

/** What was done, in the words of the page; the centre's own word for what this release has none for. */
export function actionWord(say: Say, action: string): string {
  const key = `audit.action.${action}`
  return isKey(key) ? say(key) : action
}

/** What it was done to. */
export function objectWord(say: Say, objectKind: string): string {
  const key = `audit.object.${objectKind}`
  return isKey(key) ? say(key) : objectKind
}

/** The roles that it was done in. */
export function roleWords(say: Say, roles: readonly string[]): string {
  return roles.map((role) => (isKey(`role.${role}`) ? say(`role.${role}` as AdminMessageKey) : role)).join('、')
}

function isKey(key: string): key is AdminMessageKey {
  return Object.hasOwn(adminZhCn, key)
}
