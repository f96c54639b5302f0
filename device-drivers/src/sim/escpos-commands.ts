/** One thing that a printer was told, as read from the byte stream. */
export type PrinterOrder =
  | { kind: 'character'; text: string; columns: 1 | 2 }
  | { kind: 'line-feed' }
  | { kind: 'feed-lines'; lines: number }
  | { kind: 'initialize' }
  | { kind: 'align'; align: 'start' | 'center' | 'end' }
  | { kind: 'size'; width: number; height: number }
  | { kind: 'bold'; on: boolean }
  | { kind: 'chinese-mode'; on: boolean }
  | { kind: 'cut' }
  | { kind: 'automatic-status'; on: boolean }
  | { kind: 'ask-ordered-status' }
  | { kind: 'ask-process-id'; processId: string }
  | { kind: 'ask-counter'; counter: number }
  | { kind: 'qr-module'; dots: number }
  | { kind: 'qr-store'; data: string }
  | { kind: 'qr-print' }
  | { kind: 'bar-height'; dots: number }
  | { kind: 'bar-module'; dots: number }
  | { kind: 'bar-text'; below: boolean }
  | { kind: 'code128-print'; data: string }
  | { kind: 'raster'; rowBytes: number; bytes: Uint8Array }
  | { kind: 'feed-dots'; dots: number }
  | { kind: 'presenter'; does: 'present' | 'retract' | 'eject' }
  | { kind: 'ignored' }

/** An order and how many bytes it took; `undefined` when the bytes end before the order does. */
export type ReadOrder = { order: PrinterOrder; length: number } | undefined

const gb18030 = new TextDecoder('gb18030')

/**
 * Reads the order at the start of the bytes, as an ESC/POS printer with a GB18030 font would. `chinese` is whether FS & is in
 * force; without it a byte above 0x7F is a character of a western code page, shown as `?`.
 */
export function readOrder(bytes: Uint8Array, chinese: boolean): ReadOrder {
  const [first] = bytes
  if (first === undefined) return undefined
  switch (first) {
    case 0x0a:
      return { order: { kind: 'line-feed' }, length: 1 }
    case 0x10:
      return readDle(bytes)
    case 0x1b:
      return readEsc(bytes)
    case 0x1c:
      return readFs(bytes)
    case 0x1d:
      return readGs(bytes)
    default:
      return first < 0x20 || first === 0x7f ? ignored(1) : readCharacter(bytes, chinese)
  }
}

function ignored(length: number): ReadOrder {
  return { order: { kind: 'ignored' }, length }
}

function readCharacter(bytes: Uint8Array, chinese: boolean): ReadOrder {
  const [first = 0, second] = bytes
  if (first < 0x80) return { order: { kind: 'character', text: String.fromCharCode(first), columns: 1 }, length: 1 }
  if (!chinese || first === 0x80 || first === 0xff)
    return { order: { kind: 'character', text: '?', columns: 1 }, length: 1 }
  if (second === undefined) return undefined
  const length = second >= 0x30 && second <= 0x39 ? 4 : 2
  if (bytes.length < length) return undefined
  return { order: { kind: 'character', text: gb18030.decode(bytes.subarray(0, length)), columns: 2 }, length }
}

/** DLE EOT and DLE ENQ were already carried out on arrival; here they only pass by. */
function readDle(bytes: Uint8Array): ReadOrder {
  const [, second] = bytes
  if (second === undefined) return undefined
  if (second !== 0x04 && second !== 0x05) return ignored(1)
  return bytes.length < 3 ? undefined : ignored(3)
}

function readEsc(bytes: Uint8Array): ReadOrder {
  const [, opcode, argument] = bytes
  if (opcode === undefined) return undefined
  if (opcode === 0x40) return { order: { kind: 'initialize' }, length: 2 }
  if (opcode === 0x32) return ignored(2)
  if (argument === undefined) return undefined
  switch (opcode) {
    case 0x61:
      return { order: { kind: 'align', align: alignOf(argument) }, length: 3 }
    case 0x45:
      return { order: { kind: 'bold', on: (argument & 1) === 1 }, length: 3 }
    case 0x64:
      return { order: { kind: 'feed-lines', lines: argument }, length: 3 }
    case 0x4a:
      return { order: { kind: 'feed-dots', dots: argument }, length: 3 }
    default:
      return ignored(3)
  }
}

function alignOf(argument: number): 'start' | 'center' | 'end' {
  if (argument === 1 || argument === 49) return 'center'
  return argument === 2 || argument === 50 ? 'end' : 'start'
}

function readFs(bytes: Uint8Array): ReadOrder {
  const [, opcode] = bytes
  if (opcode === undefined) return undefined
  if (opcode === 0x26) return { order: { kind: 'chinese-mode', on: true }, length: 2 }
  if (opcode === 0x2e) return { order: { kind: 'chinese-mode', on: false }, length: 2 }
  return bytes.length < 3 ? undefined : ignored(3)
}

function readGs(bytes: Uint8Array): ReadOrder {
  const [, opcode, argument] = bytes
  if (opcode === undefined || argument === undefined) return undefined
  switch (opcode) {
    case 0x21:
      return { order: { kind: 'size', width: (argument >> 4) + 1, height: (argument & 7) + 1 }, length: 3 }
    case 0x56:
      return readCut(bytes, argument)
    case 0x61:
      return { order: { kind: 'automatic-status', on: argument !== 0 }, length: 3 }
    case 0x72:
      return { order: { kind: 'ask-ordered-status' }, length: 3 }
    case 0x67:
      return readCounterQuestion(bytes)
    case 0x28:
      return readGsParenthesis(bytes)
    case 0x76:
      return readRaster(bytes)
    case 0x65:
      return readPresenter(bytes, argument)
    default:
      return readBarCode(bytes, opcode, argument)
  }
}

/** GS h, w, H and k; anything else of three bytes is not known. */
function readBarCode(bytes: Uint8Array, opcode: number, argument: number): ReadOrder {
  switch (opcode) {
    case 0x68:
      return { order: { kind: 'bar-height', dots: argument }, length: 3 }
    case 0x77:
      return { order: { kind: 'bar-module', dots: argument }, length: 3 }
    case 0x48:
      return { order: { kind: 'bar-text', below: (argument & 2) !== 0 }, length: 3 }
    case 0x6b:
      return readBarCodeData(bytes, argument)
    default:
      return ignored(3)
  }
}

/** GS k in the form with a length; only CODE128 in code set B is drawn. */
function readBarCodeData(bytes: Uint8Array, symbology: number): ReadOrder {
  if (symbology < 65) return ignored(3)
  const [, , , count] = bytes
  if (count === undefined || bytes.length < 4 + count) return undefined
  const text = Buffer.from(bytes.subarray(4, 4 + count)).toString('latin1')
  const isSetB = symbology === 73 && text.startsWith('{B')
  const data = text.slice(2).replaceAll('{{', '{')
  return { order: isSetB ? { kind: 'code128-print', data } : { kind: 'ignored' }, length: 4 + count }
}

function readRaster(bytes: Uint8Array): ReadOrder {
  const [, , , , xLow, xHigh, yLow, yHigh] = bytes
  if (xLow === undefined || xHigh === undefined || yLow === undefined || yHigh === undefined) return undefined
  const rowBytes = xLow + xHigh * 256
  const length = 8 + rowBytes * (yLow + yHigh * 256)
  if (bytes.length < length) return undefined
  return { order: { kind: 'raster', rowBytes, bytes: Uint8Array.from(bytes.subarray(8, length)) }, length }
}

function readPresenter(bytes: Uint8Array, argument: number): ReadOrder {
  if (argument === 3 && bytes.length < 4) return undefined
  const does = ({ 2: 'retract', 3: 'present', 5: 'eject' } as const)[argument]
  const order = does === undefined ? ({ kind: 'ignored' } as const) : ({ kind: 'presenter', does } as const)
  return { order, length: argument === 3 ? 4 : 3 }
}

function readCut(bytes: Uint8Array, argument: number): ReadOrder {
  const feeds = argument === 65 || argument === 66
  if (feeds && bytes.length < 4) return undefined
  return { order: { kind: 'cut' }, length: feeds ? 4 : 3 }
}

function readCounterQuestion(bytes: Uint8Array): ReadOrder {
  if (bytes.length < 6) return undefined
  const [, , , , low = 0, high = 0] = bytes
  return { order: { kind: 'ask-counter', counter: low + high * 256 }, length: 6 }
}

function readGsParenthesis(bytes: Uint8Array): ReadOrder {
  const [, , group, low, high] = bytes
  if (low === undefined || high === undefined) return undefined
  const length = 5 + low + high * 256
  if (bytes.length < length) return undefined
  const body = bytes.subarray(5, length)
  if (group === 0x48 && body[0] === 0x30) {
    return { order: { kind: 'ask-process-id', processId: Buffer.from(body.subarray(2)).toString('latin1') }, length }
  }
  return { order: group === 0x6b ? readQr(body) : { kind: 'ignored' }, length }
}

function readQr(body: Uint8Array): PrinterOrder {
  const [symbol, fn, argument = 0] = body
  if (symbol !== 0x31) return { kind: 'ignored' }
  if (fn === 0x43) return { kind: 'qr-module', dots: argument }
  if (fn === 0x50) return { kind: 'qr-store', data: Buffer.from(body.subarray(3)).toString('utf8') }
  return fn === 0x51 ? { kind: 'qr-print' } : { kind: 'ignored' }
}
