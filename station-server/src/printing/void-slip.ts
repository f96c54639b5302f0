import type { Locale } from '@yizhan/contracts/local-text'
import type { TicketDoc } from '@yizhan/contracts/printing'

const texts: Record<Locale, { title: string; line: string }> = {
  'zh-CN': { title: '作废', line: '以上未打完的凭条无效，请以下一张为准。' },
  en: { title: 'VOID', line: 'The unfinished slip above is not valid. Use the next one.' },
}

/** The slip that closes an unfinished one, so that half a ticket is never taken for a ticket. */
export function voidSlip(locale: Locale): TicketDoc {
  return {
    blocks: [
      { kind: 'rule' },
      { kind: 'text', text: texts[locale].title, align: 'center', scale: 3, bold: true },
      { kind: 'text', text: texts[locale].line, align: 'center' },
      { kind: 'rule' },
      { kind: 'feed', lines: 2 },
    ],
  }
}
