import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

test('a disk that takes only a part of a write has it refused, and what was written before stays', () => {
  const module = new URL('witness-file.ts', import.meta.url)
  const program = `
    const { openWitnessFile } = await import(${JSON.stringify(module.href)})
    const file = openWitnessFile(${JSON.stringify(folder)})
    file.write('a short one')
    try {
      file.write('long '.repeat(500))
    } catch (error) {
      process.stdout.write(error.code)
    }`
  // The shell counts in blocks of 512 or of 1024 bytes: a file may grow to one of them, and the write beyond is cut off there.
  const shell = 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module --eval "$1"'
  expect(execFileSync('sh', ['-c', shell, process.execPath, program], { encoding: 'utf8' })).toBe('EFBIG')
  expect(openWitnessFile(folder).read()).toBe('a short one')
})

test('a file that the disk does not give is told of and taken for none', () => {
  const faults: unknown[] = []
  openWitnessFile(folder).write('one')
  mkdirSync(join(folder, 'number-witness.0'))
  const file = openWitnessFile(folder, (error) => faults.push(error))
  expect(file.read()).toBe('one')
  expect(faults.length).toBeGreaterThan(0)
})
