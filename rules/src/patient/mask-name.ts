// Compound surnames still common in China (复姓); the mask keeps the whole surname for them.
const compoundSurnames = new Set(
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 百里 呼延 东郭 南门 羊舌 微生 左丘 西门 第五 轩辕 纳兰'.split(
    ' ',
  ),
)
const han = /^\p{Script=Han}+$/u
const middleDot = /[·•‧∙・]/

/**
 * A name fit for a public screen or slip: 张三 → 张*, 王小明 → 王*明, 欧阳小明 → 欧阳*明,
 * 阿卜杜拉·买买提 → 阿***·买**, Mary Ann Smith → M*** S****. Never empty, never the whole name of two or more characters.
 */
export function maskName(name: string): string {
  const trimmed = name.trim()
  if (middleDot.test(trimmed)) return trimmed.split(middleDot).map(maskTail).join('·')
  if (han.test(trimmed)) return maskHan([...trimmed])
  const words = trimmed.split(/\s+/)
  const shown = words.length > 2 ? [words[0] ?? '', words.at(-1) ?? ''] : words
  return shown.map(maskTail).join(' ')
}

function maskHan(characters: string[]): string {
  const surnameLength = characters.length > 2 && compoundSurnames.has(characters.slice(0, 2).join('')) ? 2 : 1
  const surname = characters.slice(0, surnameLength).join('')
  const given = characters.slice(surnameLength)
  if (given.length === 0) return `${surname}*`
  if (given.length === 1) return `${surname}*`
  return `${surname}${'*'.repeat(given.length - 1)}${given.at(-1)}`
}

function maskTail(word: string): string {
  const [first = '', ...rest] = [...word]
  return first + '*'.repeat(Math.max(1, rest.length))
}
