import type { VNode } from 'preact'
import qrcode from 'qrcode-generator'

/** Light modules around a QR code, ISO/IEC 18004 §5.3.8. */
const quietModules = 4

/** A QR code as a picture that a real scanner can read from the screen. */
export function QrPicture({ text, spoken }: { text: string; spoken: string }): VNode {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const count = code.getModuleCount()
  const side = count + 2 * quietModules
  const dark = Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, column) =>
      code.isDark(row, column) ? `M${column + quietModules} ${row + quietModules}h1v1h-1z` : '',
    ).join(''),
  ).join('')
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={spoken} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#ffffff" />
      <path d={dark} fill="#000000" />
    </svg>
  )
}
