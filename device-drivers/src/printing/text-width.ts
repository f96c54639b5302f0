/**
 * The columns of 12 dots that the text takes in Chinese mode. The printer goes by bytes, not by Unicode: a one-byte
 * character (ASCII) takes one column, a two- or four-byte character a full cell of two, also where its East Asian Width
 * is narrow (é, Я, ─).
 */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += columnsOfCharacter(character)
  return columns
}

/** The text followed by as many spaces as make it `columns` wide; longer text is returned as it is. */
export function padToColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

/**
 * The text cut into lines of at most `columns`, at a space where the line has one, else between characters, as Chinese
 * is set. `columns` below 2 counts as 2, so that a Chinese character always fits.
 */
export function wrapToColumns(text: string, columns: number): string[] {
  const limit = Math.max(2, columns)
  const lines: string[] = []
  let line: string[] = []
  let width = 0
  for (const character of text) {
    const needs = columnsOfCharacter(character)
    if (width + needs > limit) {
      const rest = takeAfterLastSpace(line)
      lines.push(line.join('').trimEnd())
      line = character === ' ' && rest.length === 0 ? [] : [...rest, character]
      width = columnsOf(line.join(''))
    } else {
      line.push(character)
      width += needs
    }
  }
  lines.push(line.join('').trimEnd())
  return lines
}

function columnsOfCharacter(character: string): 1 | 2 {
  return character <= '\u007f' ? 1 : 2
}

/** Takes the unfinished Latin word at the end out of the line, unless the word is the whole line. */
function takeAfterLastSpace(line: string[]): string[] {
  const space = line.lastIndexOf(' ')
  if (space <= 0 || !line.slice(space + 1).every((character) => columnsOfCharacter(character) === 1)) return []
  return line.splice(space + 1)
}
