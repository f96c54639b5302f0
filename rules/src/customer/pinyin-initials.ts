/**
 * The first character of each initial in the order of Han characters by pinyin (CLDR collation `pinyin`): a character that
 * sorts at or after one and before the next begins with its letter. No syllable begins with i, u or v.
 */
const firstOf = [
  ['A', '阿'],
  ['B', '八'],
  ['C', '嚓'],
  ['D', '咑'],
  ['E', '妸'],
  ['F', '发'],
  ['G', '旮'],
  ['H', '哈'],
  ['J', '丌'],
  ['K', '咔'],
  ['L', '垃'],
  ['M', '妈'],
  ['N', '拏'],
  ['O', '噢'],
  ['P', '妑'],
  ['Q', '七'],
  ['R', '呥'],
  ['S', '仨'],
  ['T', '他'],
  ['W', '屲'],
  ['X', '夕'],
  ['Y', '丫'],
  ['Z', '帀'],
] as const

/** Surnames that are read otherwise than the same character in words (《通用规范汉字字典》姓氏读音); only where the letter differs. */
const surnameLetters: Readonly<Record<string, string>> = {
  单: 'S',
  曾: 'Z',
  仇: 'Q',
  解: 'X',
  查: 'Z',
  朴: 'P',
  区: 'O',
  种: 'C',
  翟: 'Z',
  乜: 'N',
  缪: 'M',
  员: 'Y',
  秘: 'B',
  折: 'S',
  隗: 'W',
  洗: 'X',
  盖: 'G',
  尉: 'W',
}
/** Compound surnames whose first character is read otherwise. */
const compoundLetters: Readonly<Record<string, string>> = { 尉迟: 'Y', 万俟: 'M', 单于: 'C', 长孙: 'Z' }

const byPinyin = new Intl.Collator('zh-CN-u-co-pinyin')
const isHan = /^\p{Script=Han}$/u

/**
 * The initials (拼音首字母) of a name, `张三` → `ZS`, `Mary Ann` → `MA`: what staff type to find somebody. At most 30 letters;
 * characters that are neither Han nor letters are left out.
 */
export function pinyinInitials(name: string): string {
  const text = name.normalize('NFKC').trim()
  const characters = [...text]
  const letters = characters.map((character, at) => {
    if (at === 0)
      return compoundLetters[characters.slice(0, 2).join('')] ?? surnameLetters[character] ?? letterOf(character)
    return isHan.test(character) || /[\s·•]/.test(characters[at - 1] ?? '') ? letterOf(character) : ''
  })
  return letters.join('').slice(0, 30)
}

function letterOf(character: string): string {
  if (!isHan.test(character)) {
    const bare = character.normalize('NFD').charAt(0).toUpperCase()
    return /^[A-Z]$/.test(bare) ? bare : ''
  }
  return firstOf.findLast(([, first]) => byPinyin.compare(first, character) <= 0)?.[0] ?? ''
}
