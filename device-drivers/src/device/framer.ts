/** Cuts a byte stream into frames; holds at most `max` bytes, counts what it threw away, and starts anew on `reset`. */
export interface Framer<Frame> {
  push(bytes: Uint8Array): Frame[]
  reset(why: 'timeout' | 'reopen' | 'gap'): void
  readonly junk: number
  readonly max: number
}
