import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWitnessFile } from './witness-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-witness-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what was written last is read, also by the next process, and a shorter text leaves nothing of a longer one', () => {
  expect(openWitnessFile(folder).read()).toBeNull()
  fc.assert(
    fc.property(
      fc.array(
        fc.string().map((text) => text.replaceAll('\n', ' ')),
        { minLength: 1, maxLength: 5 },
      ),
      (texts) => {
        const file = openWitnessFile(folder)
        for (const text of texts) file.write(text)
        expect(openWitnessFile(folder).read()).toBe(texts.at(-1))
      },
    ),
    { numRuns: 30 },
  )
})

test('a write that was cut off anywhere, or a bit that turned, leaves the one before', () => {
  const file = openWitnessFile(folder)
  file.write('the first')
  file.write('the second')
  const path = join(folder, 'number-witness.0')
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length - 1; at += 1) {
    writeFileSync(path, whole.subarray(0, at))
    expect(openWitnessFile(folder).read(), `cut at ${at}`).toBe('the first')
    const turned = Buffer.from(whole)
    turned[at] = (turned[at] ?? 0) ^ 1
    writeFileSync(path, turned)
    expect(openWitnessFile(folder).read(), `turned at ${at}`).toBe('the first')
  }
  writeFileSync(path, whole)
  expect(openWitnessFile(folder).read()).toBe('the second')
})
