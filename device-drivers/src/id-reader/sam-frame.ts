/** The commands of the security module (SAM) that a reader of second-generation ID cards (二代身份证阅读器) is asked by. */
export type SamCommand = 'find' | 'select' | 'read' | 'read-new-address'

/** Command and parameter, as in the Ministry of Public Security's SAM protocol (公安部 SAM 通讯协议) that the readers' sheets repeat. */
export const samCommands: Readonly<Record<SamCommand, readonly [number, number]>> = {
  find: [0x20, 0x01],
  select: [0x20, 0x02],
  read: [0x30, 0x01],
  'read-new-address': [0x30, 0x03],
}

/** The last of the three status bytes, by its meaning in the same sheets. */
export const samStatus = {
  done: 0x90,
  found: 0x9f,
  badChecksum: 0x10,
  selfTestFailed: 0x60,
  notAuthorised: 0x66,
  noneFound: 0x80,
  selectFailed: 0x81,
  readFailed: 0x41,
  noSuchContent: 0x91,
} as const

/** Every frame begins so, in both directions. */
export const samPreamble = Buffer.from([0xaa, 0xaa, 0xaa, 0x96, 0x69])

/** The longest answer that we ask for: three status bytes, two lengths, 256 bytes of text, 1,024 of picture, checksum. */
export const maxSamLength = 3 + 4 + 256 + 1024 + 1

/** A frame: preamble, length of all after it, body, and the exclusive or of length and body. */
export function encodeSamFrame(body: readonly number[] | Uint8Array): Buffer {
  const length = body.length + 1
  const checked = [length >> 8, length & 0xff, ...body]
  return Buffer.from([...samPreamble, ...checked, checked.reduce((xor, byte) => xor ^ byte, 0)])
}
