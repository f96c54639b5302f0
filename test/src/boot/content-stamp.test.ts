import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentStamp } from '@yizhan/deploy/boot/content-stamp.mjs'
import { expect, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'

test('the stamp changes with any name or byte of a source, and with nothing else', () => {
  const root = tempFolder()
  mkdirSync(join(root, 'app/src/签到'), { recursive: true })
  const file = join(root, 'app/src/签到/a.ts')
  writeFileSync(file, 'one')
  const stamp = () => contentStamp(root, ['app', 'missing.json'], ['24'])
  const first = stamp()

  utimesSync(file, 1, 1)
  mkdirSync(join(root, 'app/dist'))
  writeFileSync(join(root, 'app/dist/bundle.js'), 'built')
  expect(stamp()).toBe(first)

  writeFileSync(file, 'two')
  const second = stamp()
  expect(second).not.toBe(first)
  renameSync(file, join(root, 'app/src/签到/b.ts'))
  expect(stamp()).not.toBe(second)
  rmSync(join(root, 'app/src/签到/b.ts'))
  writeFileSync(file, 'one')
  expect(stamp()).toBe(first)
  expect(contentStamp(root, ['app', 'missing.json'], ['26'])).not.toBe(first)
})
