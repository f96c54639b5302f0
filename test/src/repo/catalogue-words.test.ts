import { adminEn } from '@yizhan/admin-web/catalogue/admin-en'
import { adminZhCn } from '@yizhan/admin-web/catalogue/admin-zh-cn'
import { cardEn, cardZhCn } from '@yizhan/kiosk-app/catalogue/card-words'
import { en } from '@yizhan/kiosk-app/catalogue/en'
import { readinessEn, readinessZhCn } from '@yizhan/kiosk-app/catalogue/readiness-words'
import { zhCn } from '@yizhan/kiosk-app/catalogue/zh-cn'
import { messageParameters } from '@yizhan/rules/catalogue/message-format'
import { describe, expect, test } from 'vitest'
import { type PackageName, reachableFrom, sourceFiles } from './source-tree.ts'

type Catalogue = Readonly<Record<string, string>>
const catalogues: { app: PackageName; part: string; chinese: Catalogue; english: Catalogue }[] = [
  { app: 'kiosk-app', part: 'first screens', chinese: zhCn, english: en },
  { app: 'kiosk-app', part: 'cards', chinese: cardZhCn, english: cardEn },
  { app: 'kiosk-app', part: 'readiness report', chinese: readinessZhCn, english: readinessEn },
  { app: 'admin-web', part: 'console', chinese: adminZhCn, english: adminEn },
]

/** Pages speak by catalogue only; the seats of words (the demo's bench has its own), and pictures of them, are exempt. */
const wordless = /\/catalogue\/|bench-words|gallery|-samples\.tsx?$/

const files = sourceFiles()
const inPrograms = reachableFrom(
  files,
  files.filter(({ path }) => /(?:^|\/)(?:[\w-]+-)?main\.tsx?$/.test(path)),
)
const programs = files.filter(({ path }) => inPrograms.has(path))

const han = /\p{Script=Han}/u

describe.each(catalogues)('$app, $part', ({ app, chinese, english }) => {
  const keys = Object.keys(chinese)
  const code = programs.filter((file) => file.package === app && !wordless.test(file.path))

  test('says everything in both languages, with the same values filled in', () => {
    expect(Object.keys(english).sort()).toEqual([...keys].sort())
    const bare = (catalogue: Catalogue) => keys.filter((key) => (catalogue[key] ?? '').trim() === '')
    expect([...bare(chinese), ...bare(english)]).toEqual([])
    const differs = (key: string) =>
      messageParameters(english[key] ?? '').join() !== messageParameters(chinese[key] ?? '').join()
    expect(keys.filter(differs)).toEqual([])
  })

  test('keeps each language to itself, but for the name of the other', () => {
    const mixed = keys.filter(
      (key) => han.test(english[key] ?? '') && !key.startsWith('language.') && !key.includes('language.other'),
    )
    expect(mixed).toEqual([])
  })

  test('has no text in its code', () => {
    const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '')
    expect(code.filter(({ text }) => han.test(withoutComments(text))).map(({ path }) => path)).toEqual([])
  })

  test('says every message somewhere', () => {
    const all = code.map(({ text }) => text).join('\n')
    expect(keys.filter((key) => !isSaid(key, all))).toEqual([])
  })
})

/** Whether code names a message, whole or put together at run time from a beginning and an end. */
function isSaid(key: string, code: string): boolean {
  if (code.includes(`'${key}'`)) return true
  return [...key.matchAll(/[.-]/g)].some(({ index }) => {
    const [beginning, rest] = [key.slice(0, index), key.slice(index)]
    return (
      code.includes(`\`${beginning}${rest.slice(0, 1)}\${`) ||
      (code.includes(`'${beginning}'`) && code.includes(`}${rest}\``))
    )
  })
}
