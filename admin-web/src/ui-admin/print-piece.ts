/** Prints one piece of the page alone, as a copy outside of panes and scroll boxes that would cut it off. */
export function printPiece(piece: Element | null): void {
  if (piece === null) return
  const sheet = document.createElement('div')
  sheet.className = 'print-sheet'
  sheet.append(piece.cloneNode(true))
  document.body.append(sheet)
  addEventListener('afterprint', () => sheet.remove(), { once: true })
  print()
}
