import type { Locale, LocalText } from '@yizhan/contracts/local-text'
import { formatMessage, type MessageValues } from '@yizhan/rules/catalogue/message-format'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { type MessageKey, zhCn } from './zh-cn.ts'

/** All messages of one language. */
export interface Catalogue {
  readonly locale: Locale
  readonly messages: Readonly<Record<MessageKey, string>>
}

/** The catalogue that every patient starts with; the others are fetched when somebody asks for them. */
export const chinese: Catalogue = { locale: 'zh-CN', messages: zhCn }

/** Says everything a screen says, in one language and one hospital's time. */
export interface Words {
  readonly locale: Locale
  /** A message of the catalogue, filled with its values. */
  say(key: MessageKey, values?: MessageValues): string
  /** The hospital's own text in this language. */
  local(text: LocalText): string
  /** Several things in a row, 「扫码、插卡或输入预约码」; `any` says that one of them is enough. */
  list(items: readonly string[], join: 'all' | 'any'): string
  /** The hospital's wall clock, `08:05`. */
  clock(instantMs: number): string
  /** The hospital's day as people say it, 「11月24日周二」, "Tue 24 November". */
  day(instantMs: number): string
}

const dayLocale: Readonly<Record<Locale, string>> = { 'zh-CN': 'zh-CN', en: 'en-GB' }

/**
 * The words of one language; `zone` is the hospital's. What writes times is made when the first time is written: each of
 * the browser's formatters takes as long to make as the whole first screen takes to draw, and that screen has no times.
 */
export function wordsOf({ locale, messages }: Catalogue, zone: string): Words {
  const calendar = madeOnce(() => hospitalCalendar(zone))
  const days = madeOnce(
    () =>
      new Intl.DateTimeFormat(dayLocale[locale], { timeZone: zone, month: 'long', day: 'numeric', weekday: 'short' }),
  )
  return {
    locale,
    say: (key, values = {}) => formatMessage(messages[key], values, locale),
    local: (text) => text[locale],
    list: (items, join) =>
      new Intl.ListFormat(locale, { type: join === 'any' ? 'disjunction' : 'conjunction' }).format(items),
    clock: (instantMs) => calendar().clockOf(instantMs),
    day: (instantMs) => days().format(instantMs),
  }
}

function madeOnce<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => {
    made ??= make()
    return made
  }
}
