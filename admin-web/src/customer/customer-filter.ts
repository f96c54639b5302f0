import type { PersonSource, PersonState } from '@yizhan/contracts/customer-record'
import { personSources, personStates } from './customer-choices.ts'

/** What the list of customers shows, as its address says it; null leaves a choice open. */
export interface CustomerFilter {
  state: PersonState | null
  source: PersonSource | null
  tag: string
  /** What was searched for; then the list is what was found. */
  text: string
  /** The last id of the page before. */
  after: string | null
}

/** The filter of an address's query; anything that is no filter is left out. */
export function readCustomerFilter(query: Readonly<Record<string, string>>): CustomerFilter {
  const { state, source, tag, q, after } = query
  return {
    state: personStates.find((known) => known === state) ?? null,
    source: personSources.find((known) => known === source) ?? null,
    tag: tag ?? '',
    text: q ?? '',
    after: after !== undefined && /^[0-9a-f-]{36}$/.test(after) ? after : null,
  }
}

/** The address of a filter. */
export function customerAddress(filter: CustomerFilter): string {
  const query = new URLSearchParams()
  if (filter.state !== null) query.set('state', filter.state)
  if (filter.source !== null) query.set('source', filter.source)
  if (filter.tag !== '') query.set('tag', filter.tag)
  if (filter.text !== '') query.set('q', filter.text)
  if (filter.after !== null) query.set('after', filter.after)
  const text = query.toString()
  return text === '' ? '/admin/customers' : `/admin/customers?${text}`
}

/** The bare list. */
export const everyCustomer: CustomerFilter = { state: null, source: null, tag: '', text: '', after: null }
