import type { LocalText } from '@yizhan/contracts/local-text'
import type { NoticeSubject, NoticeTargets } from '@yizhan/contracts/notice'
import type { Say } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { Choice } from '../ui-admin/choice-field.tsx'

/** What a notice is called, and what it says. */
export function noticeText(
  say: Say,
  localText: (text: LocalText) => string,
  subject: NoticeSubject,
): { title: string; body: string } {
  if (subject.kind === 'written') return { title: subject.title, body: subject.body }
  const station = localText(subject.stationName)
  return { title: say('notices.alarm.title', { station }), body: say(`notices.alarm.${subject.alarm}`) }
}

/** Whom a notice is for, in one line. */
export function targetsText(
  say: Say,
  locale: string,
  { targets, names }: { targets: NoticeTargets; names: { people: Choice<string>[]; departments: Choice<string>[] } },
): string {
  if (targets.everyone) return say('notices.to.everyone')
  const labelOf = (choices: Choice<string>[]) => (id: string) => choices.find(({ value }) => value === id)?.label ?? '…'
  const all = [
    ...targets.roles.map((role) => say(`role.${role}`)),
    ...targets.departmentIds.map(labelOf(names.departments)),
    ...targets.userIds.map(labelOf(names.people)),
  ]
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(all)
}

/** The words for what the centre refused. */
export function noticeRefusal(refusal: string): AdminMessageKey {
  switch (refusal) {
    case 'target-missing':
      return 'notices.refused.nobody'
    case 'target-unknown':
      return 'notices.refused.unknownTarget'
    case 'span-invalid':
      return 'notices.refused.span'
    case 'notice-unknown':
      return 'notices.refused.gone'
    default:
      return 'fault.forbidden'
  }
}
