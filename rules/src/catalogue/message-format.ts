import type { Locale } from '@yizhan/contracts/local-text'

/** What a message may be filled with; numbers choose plural forms. */
export type MessageValues = Readonly<Record<string, string | number>>

const pluralForm = /\{(\w+), plural, one \{([^{}]*)\} other \{([^{}]*)\}\}/g

/**
 * Fills a message: `{name}` is replaced by its value, `{n, plural, one {# person} other {# people}}` by the form that
 * the language's plural rule chooses (a subset of ICU MessageFormat, without nesting). Throws on a missing value, so
 * that a test meets it before a patient does.
 */
export function formatMessage(message: string, values: MessageValues, locale: Locale): string {
  return message
    .replace(
      /\{(\w+), plural, one \{([^{}]*)\} other \{([^{}]*)\}\}/g,
      (_, name: string, one: string, other: string) => {
        // Made when it is needed: few messages count, and a page that loads would wait for every rule it keeps.
        const count = Number(filledWith(values, name, message))
        return (new Intl.PluralRules(locale).select(count) === 'one' ? one : other).replaceAll('#', String(count))
      },
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => String(filledWith(values, name, message)))
}

/** The names of the values that a message needs, for tests that hold two languages against each other. */
export function messageParameters(message: string): string[] {
  return [
    ...new Set([...message.replace(pluralForm, '{$1}').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)),
  ].sort()
}

function filledWith(values: MessageValues, name: string, message: string): string | number {
  const value = values[name]
  if (value === undefined) throw new RangeError(`no value "${name}" for the message "${message}"`)
  return value
}
