/** What a station signs of a request, in the words of RFC 9421 (HTTP Message Signatures). */
export interface SignedRequest {
  method: string
  /** Path with its leading slash, without query: the sync calls have none. */
  path: string
  /** The value of the Content-Digest header (RFC 9530). */
  contentDigest: string
  /** Grows with every request of a station; a counter seen before is a replay or a clone. */
  counter: number
  /** Seconds since 1970, the station's clock. */
  createdS: number
  tenantId: string
  stationId: string
}

const coveredComponents = '("@method" "@path" "content-digest" "yizhan-counter")'

/** The header that carries the counter. */
export const counterHeader = 'yizhan-counter'

/** The value of the Signature-Input header. */
export function signatureInput(request: SignedRequest): string {
  return `yz=${signatureParameters(request)}`
}

/** The text that is signed: RFC 9421 §2.5, one line per covered component, then the parameters. */
export function signatureBase(request: SignedRequest): string {
  return [
    `"@method": ${request.method}`,
    `"@path": ${request.path}`,
    `"content-digest": ${request.contentDigest}`,
    `"${counterHeader}": ${request.counter}`,
    `"@signature-params": ${signatureParameters(request)}`,
  ].join('\n')
}

/** Reads a Signature-Input header of ours; null when it is anything else. */
export function parseSignatureInput(header: string): Pick<SignedRequest, 'createdS' | 'tenantId' | 'stationId'> | null {
  const head = `yz=${coveredComponents}`
  const match = /^;created=(\d{1,12});keyid="([0-9a-f-]{36})\/([0-9a-f-]{36})";alg="ed25519"$/.exec(
    header.startsWith(head) ? header.slice(head.length) : '',
  )
  const [, created, tenantId, stationId] = match ?? []
  if (created === undefined || tenantId === undefined || stationId === undefined) return null
  return { createdS: Number(created), tenantId, stationId }
}

function signatureParameters({ createdS, tenantId, stationId }: SignedRequest): string {
  return `${coveredComponents};created=${createdS};keyid="${tenantId}/${stationId}";alg="ed25519"`
}
