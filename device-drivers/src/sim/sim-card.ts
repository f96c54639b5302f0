/** A card as the readers' simulators hold it: what it answers to reset, and to each command APDU. */
export interface SimCard {
  /** The answer to reset; empty for a card that lies the wrong way up. */
  atr: Uint8Array
  /** The answer with its status word; `hang` never answers. A power-up forgets what was selected. */
  answer(apdu: Uint8Array): Uint8Array | 'hang'
  powerUp(): void
}
