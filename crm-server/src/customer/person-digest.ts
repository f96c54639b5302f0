import { blindIndex } from '../tenant/field-seal.ts'
import type { KeyRing } from '../tenant/key-ring.ts'

/** The names under which inputs carry what must not be found out from a digest: numbers of few digits can all be tried. */
const secretNames = ['value', 'phone']

/**
 * An input with its numbers replaced by keyed hashes: the digest of an operation is kept beside its key, and whoever has the
 * database could search it for an ID number or a phone.
 */
export function withoutSecrets(keys: Pick<KeyRing, 'blindIndexKey'>, tenantId: string, input: unknown): unknown {
  const text = JSON.stringify(input, (name: string, value: unknown) =>
    secretNames.includes(name) && typeof value === 'string'
      ? blindIndex(keys.blindIndexKey, tenantId, 'operation', value).toString('hex')
      : value,
  )
  return JSON.parse(text)
}
