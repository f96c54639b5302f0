import qrcode from 'qrcode-generator'

/** A QR code as one SVG path in a square of `size` modules, the quiet zone of four included (ISO/IEC 18004 §9.1). */
export function qrPath(text: string): { path: string; size: number } {
  const code = qrcode(0, 'M')
  // The dense mode of capital letters and digits where the text allows it, as for booking codes.
  code.addData(text, /^[0-9A-Z $%*+\-./:]+$/.test(text) ? 'Alphanumeric' : 'Byte')
  code.make()
  const count = code.getModuleCount()
  const quiet = 4
  let path = ''
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`
    }
  }
  return { path, size: count + 2 * quiet }
}
