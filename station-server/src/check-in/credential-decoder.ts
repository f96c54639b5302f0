import type { CardIdentity } from '@yizhan/device-drivers/card/card-news'

/** Knows whose a scanned code of another issuer is, as of a medical-insurance e-voucher (医保电子凭证). */
export interface CredentialDecoder {
  /**
   * Whose code it is; `unknown` when the issuer knows it not, `unreachable` when nobody answered in time. The code is as good as
   * the person's card: it is never parsed, logged or stored.
   */
  decode(raw: string): Promise<CardIdentity | 'unknown' | 'unreachable'>
}
