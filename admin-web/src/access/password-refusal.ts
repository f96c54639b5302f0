import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { refusalData, refusalOf } from '../shell/refusal.ts'

/** The words for a password that was not taken; null for a fault. */
export function passwordRefusal(error: unknown): AdminMessageKey | null {
  const refusal = refusalOf(error)
  if (refusal === 'password-wrong') return 'access.own.currentWrong'
  if (refusal !== 'password-too-weak') return null
  const data = refusalData(error)
  const why = typeof data === 'object' && data !== null && 'why' in data ? data.why : null
  if (why === 'too-short') return 'access.own.tooShort'
  if (why === 'too-plain') return 'access.own.tooPlain'
  return why === 'same-as-before' ? 'access.own.same' : 'access.own.common'
}
