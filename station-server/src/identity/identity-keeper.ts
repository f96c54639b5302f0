import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type KeptIdentity, readIdentityFile, writeIdentityFile } from './identity-file.ts'

/**
 * Keeps the keys that a station signs with. Besides its own there may be another: the next one, made durable before the centre
 * is told of it, or the one before, for a centre that was put back to an older backup. Whichever of them the centre takes
 * becomes the station's own, so that a kill between any two steps leaves a key that works.
 */
export class IdentityKeeper {
  readonly #folder: string
  #kept: KeptIdentity
  #onOther = false

  /** Opens the identity of a folder, which must have one. */
  constructor(folder: string) {
    this.#folder = folder
    this.#kept = readIdentityFile(folder)
  }

  get stationId(): string {
    return this.#kept.stationId
  }

  /** The key that requests are signed with at this moment. */
  get signingKey(): KeyObject {
    const { otherKey, signingKey } = this.#kept
    return createPrivateKey(this.#onOther && otherKey !== undefined ? otherKey.key : signingKey)
  }

  /** The key that is to be the next; null when there is none. */
  get nextKey(): KeyObject | null {
    const { otherKey } = this.#kept
    return otherKey?.is === 'next' ? createPrivateKey(otherKey.key) : null
  }

  /** Makes a new next key, durable before it is returned. */
  makeNextKey(): KeyObject {
    const { privateKey } = generateKeyPairSync('ed25519')
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    this.#keep({ ...this.#kept, otherKey: { key, is: 'next' } })
    this.#onOther = false
    return privateKey
  }

  /** Signs with the other key from now on, or with the own again; false when both have been tried. */
  tryOther(): boolean {
    this.#onOther = !this.#onOther && this.#kept.otherKey !== undefined
    return this.#onOther
  }

  /** The centre took the key that was tried: it is the station's own from now on. */
  settle(): void {
    if (this.#onOther) this.#adoptOther()
  }

  /** The centre has taken the next key: it is the station's own, and the own the one before. */
  adoptNext(): void {
    if (this.#kept.otherKey?.is === 'next') this.#adoptOther()
  }

  /** The public key that signs the centre's orders, as far as this station has ever heard it. */
  get orderKey(): string | null {
    return this.#kept.orderKey ?? null
  }

  /** Keeps the first key of the centre's orders that was heard. */
  keepOrderKey(orderKey: string | null): void {
    if (orderKey !== null && this.#kept.orderKey === undefined) this.#keep({ ...this.#kept, orderKey })
  }

  #adoptOther(): void {
    const { otherKey, signingKey, ...rest } = this.#kept
    if (otherKey === undefined) return
    const is = otherKey.is === 'next' ? 'previous' : 'next'
    this.#keep({ ...rest, signingKey: otherKey.key, otherKey: { key: signingKey, is } })
    this.#onOther = false
  }

  #keep(kept: KeptIdentity): void {
    writeIdentityFile(this.#folder, kept)
    this.#kept = kept
  }
}
