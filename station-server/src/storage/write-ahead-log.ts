/**
 * The write-ahead log as SQLite's file format describes it (sqlite.org/fileformat2.html, 4.1): a header of 32 bytes, then frames
 * of 24 bytes and a page. SQLite believes a log up to the first frame whose checksum does not fit and forgets the rest without a
 * word; that is right after a cut of power in the middle of a commit, and wrong when a bit of the disk has turned.
 */
const headerBytes = 32
const frameHeaderBytes = 24
/** With this mark the checksums add up words of little-endian order, as every processor writes them that a station runs on. */
const littleEndianMagic = 0x377f0682
const formatVersion = 3_007_000

/** To look for a turned bit takes some 10 ms a frame; where more frames are damaged, it was no turned bit. */
const mostCorrections = 16

type Sum = readonly [number, number]

/**
 * Whether every commit of the log's present round is as it was written. What a cut of power has left of the commit that was under
 * way is no damage: nobody was told of it, and SQLite forgets it.
 */
export function isLogWhole(log: Buffer, pageBytes: number): boolean {
  const frameBytes = frameHeaderBytes + pageBytes
  if (log.length < headerBytes + frameBytes) return true
  let sum = addWords(log.subarray(0, 24), [0, 0])
  if (log.readUInt32BE(0) !== littleEndianMagic || !isSumAt(log, 24, sum)) return false
  const salt = log.readBigUInt64BE(16)
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    if (!bearsSalt(log, at, salt)) return true
    const before = sum
    sum = sumOfFrame(log.subarray(at, at + frameBytes), sum)
    if (log.readBigUInt64BE(at + 8) === salt && isSumAt(log, at + 16, sum)) continue
    return isTornCommit(log, { at, frameBytes, salt, before })
  }
  return true
}

/**
 * Whether a frame that does not fit was torn with the commit that was under way. Every commit is synced before the next one begins,
 * so nothing of this round can lie behind the end of a torn one; and a drive loses sectors, where age turns single bits.
 */
function isTornCommit(
  log: Buffer,
  { at, frameBytes, salt, before }: { at: number; frameBytes: number; salt: bigint; before: Sum },
): boolean {
  const frame = Buffer.from(log.subarray(at, at + frameBytes))
  const next = log.subarray(at + frameBytes, at + 2 * frameBytes)
  if (log.readBigUInt64BE(at + 8) !== salt || isWritten(frame, { before, next })) return false
  if (bitsThatExplain(frame, before).length > 0) return false
  let ended = false
  for (let place = at; place + frameBytes <= log.length; place += frameBytes) {
    if (log.readBigUInt64BE(place + 8) !== salt) continue
    if (ended) return false
    ended = log.readUInt32BE(place + 4) !== 0
  }
  return true
}

/**
 * The log made such that SQLite reads it to its end: a bit that has turned is turned back, a frame that is damaged beyond that is
 * left out, so that its page is read as it was before, and the checksums are made anew. Only for a copy that is read once to save
 * what is in it.
 */
export function resealLog(log: Buffer, pageBytes: number): Buffer {
  const frameBytes = frameHeaderBytes + pageBytes
  if (log.length < headerBytes + frameBytes) return log
  const salt = presentSalt(log, frameBytes)
  const frames = soundFrames(log, { frameBytes, salt, pageBytes })
  const header = presentHeader(log, { salt, pageBytes })
  let sum = readSum(header, 24)
  for (const frame of frames) {
    frame.writeBigUInt64BE(salt, 8)
    sum = sumOfFrame(frame, sum)
    writeSum(frame, 16, sum)
  }
  return Buffer.concat([header, ...frames])
}

/** The header as it must have been: all but the count of rounds is known. */
function presentHeader(log: Buffer, { salt, pageBytes }: { salt: bigint; pageBytes: number }): Buffer {
  const header = Buffer.from(log.subarray(0, headerBytes))
  header.writeUInt32BE(littleEndianMagic, 0)
  header.writeUInt32BE(formatVersion, 4)
  header.writeUInt32BE(pageBytes, 8)
  header.writeBigUInt64BE(salt, 16)
  writeSum(header, 24, addWords(header.subarray(0, 24), [0, 0]))
  return header
}

/** Copies of the frames of the present round that are as they were written, or can be made so. */
function soundFrames(
  log: Buffer,
  { frameBytes, salt, pageBytes }: { frameBytes: number; salt: bigint; pageBytes: number },
): Buffer[] {
  const count = Math.floor((log.length - headerBytes) / frameBytes)
  const all = Array.from({ length: count }, (_, n) => headerBytes + n * frameBytes)
  const last = all.findLastIndex((at) => bearsSalt(log, at, salt))
  const sound: Buffer[] = []
  const made = presentHeader(log, { salt, pageBytes })
  const [computed, stored] = [readSum(made, 24), readSum(log, 24)]
  // The count of rounds, which nothing else tells, may be what was damaged: then the header's own checksum is right.
  let before: Sum = isNearly(computed, stored) ? computed : stored
  let [size, corrections] = [0, 0]
  for (const at of all.slice(0, last + 1)) {
    const frame = Buffer.from(log.subarray(at, at + frameBytes))
    const told = readSum(frame, 16)
    const next = log.subarray(at + frameBytes, at + 2 * frameBytes)
    const isSound = isWritten(frame, { before, next }) || (corrections++ < mostCorrections && turnBack(frame, before))
    if (isSound) {
      before = sumOfFrame(frame, before)
      size = frame.readUInt32BE(4) || Math.max(size, frame.readUInt32BE(0))
      sound.push(frame)
    } else {
      // Its commit is part of the one before: better half of what was written last than nothing of it.
      sound.at(-1)?.writeUInt32BE(size, 4)
      before = told
    }
  }
  return sound
}

/**
 * Whether a frame is as it was written, perhaps but for one bit of its checksum. A bit of its last word alone changes the checksum
 * by one bit too; which of the two it was, the frame behind it tells.
 */
function isWritten(frame: Buffer, { before, next }: { before: Sum; next: Buffer }): boolean {
  const [computed, told] = [sumOfFrame(frame, before), readSum(frame, 16)]
  if (isSumAt(frame, 16, computed)) return true
  if (!isNearly(computed, told)) return false
  return next.length < frame.length || !isSumAt(next, 16, sumOfFrame(next, told))
}

/**
 * Looks for the one bit of a frame that has turned, and turns it back; false when no bit explains its checksum, or more than one
 * does, as happens with the highest bits of words.
 */
function turnBack(frame: Buffer, before: Sum): boolean {
  const [bit, ...others] = bitsThatExplain(frame, before)
  if (bit === undefined || others.length > 0) return false
  turn(frame, bit)
  return true
}

/** The first two bits of a frame of which each alone, turned back, makes its checksum fit. */
function bitsThatExplain(frame: Buffer, before: Sum): number[] {
  const bits: number[] = []
  for (let bit = 0; bit < frame.length * 8 && bits.length < 2; bit += 1) {
    turn(frame, bit)
    if (isSumAt(frame, 16, sumOfFrame(frame, before))) bits.push(bit)
    turn(frame, bit)
  }
  return bits
}

function turn(bytes: Buffer, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
}

/** Whether two checksums differ by one bit at most: then it is the checksum that was damaged, not what it stands for. */
function isNearly([a, b]: Sum, [c, d]: Sum): boolean {
  const [one, two] = [(a ^ c) >>> 0, (b ^ d) >>> 0]
  const several = (differing: number) => (differing & (differing - 1)) !== 0
  return !several(one) && !several(two) && (one === 0 || two === 0)
}

/** The salt of the present round: of header and first two frames, what two say; a single damaged one is outvoted. */
function presentSalt(log: Buffer, frameBytes: number): bigint {
  const first = log.readBigUInt64BE(headerBytes + 8)
  const header = log.readBigUInt64BE(16)
  const secondAt = headerBytes + frameBytes
  const second = log.length < secondAt + frameBytes ? first : log.readBigUInt64BE(secondAt + 8)
  return first === second ? first : header
}

/** Whether a frame is of the round with this salt, if need be but for one bit; another round's salt is another random number. */
function bearsSalt(log: Buffer, at: number, salt: bigint): boolean {
  const differing = log.readBigUInt64BE(at + 8) ^ salt
  return (differing & (differing - 1n)) === 0n || differing === 0n
}

function sumOfFrame(frame: Buffer, before: Sum): Sum {
  return addWords(frame.subarray(frameHeaderBytes), addWords(frame.subarray(0, 8), before))
}

function addWords(bytes: Buffer, [one, two]: Sum): Sum {
  let [a, b] = [one, two]
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + words.getUint32(at, true) + b) >>> 0
    b = (b + words.getUint32(at + 4, true) + a) >>> 0
  }
  return [a, b]
}

function readSum(bytes: Buffer, at: number): Sum {
  return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
}

function isSumAt(bytes: Buffer, at: number, [one, two]: Sum): boolean {
  return bytes.readUInt32BE(at) === one && bytes.readUInt32BE(at + 4) === two
}

function writeSum(bytes: Buffer, at: number, [one, two]: Sum): void {
  bytes.writeUInt32BE(one, at)
  bytes.writeUInt32BE(two, at + 4)
}
