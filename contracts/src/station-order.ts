import { z } from 'zod'
import { id } from './id.ts'
import { instantMs } from './time.ts'

/**
 * An order (清除指令) to destroy what a station holds, as the text that the centre signed and its Ed25519 signature, base64. It
 * names one station; what is set up anew afterwards is another station, which does not obey it.
 */
export const signedWipeOrder = z.strictObject({ text: z.string().max(1000), signature: z.string().max(100) })
export type SignedWipeOrder = z.infer<typeof signedWipeOrder>

/** What the text of a wipe order says. */
export const wipeOrder = z.strictObject({
  order: z.literal('wipe'),
  orderId: id,
  tenantId: id,
  stationId: id,
  /** Unsent events go up before anything is destroyed. */
  uploadFirst: z.boolean(),
  issuedAt: instantMs,
})
export type WipeOrder = z.infer<typeof wipeOrder>

/** What a new key signs to prove itself to the centre. */
export function keyRotationText(rotation: { tenantId: string; stationId: string; publicKey: string }): string {
  return `yizhan rotate-key ${rotation.tenantId}/${rotation.stationId} ${rotation.publicKey}`
}
