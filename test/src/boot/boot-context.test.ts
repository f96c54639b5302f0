import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { childEnvironment, dataFolder } from '@yizhan/deploy/boot/boot-context.mjs'
import { expect, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'

test('children get one locale and none of the settings that would bend npm or Node', () => {
  const home = tempFolder()
  const env = childEnvironment(
    {
      HOME: home,
      PATH: '/bin',
      LANG: 'zh_CN.GB18030',
      LC_ALL: 'tr_TR',
      NODE_OPTIONS: '--require x',
      NODE_ENV: 'production',
      npm_config_nodedir: '/usr',
      npm_config_omit: 'optional',
      npm_config_registry: 'http://127.0.0.1:4873/',
      TZ: 'Asia/Urumqi',
    },
    home,
  )
  expect(env).toEqual({
    HOME: home,
    PATH: '/bin',
    LANG: 'C.UTF-8',
    npm_config_registry: 'http://127.0.0.1:4873/',
    TZ: 'Asia/Urumqi',
  })
})

test('a home that cannot be written to is replaced by one in the data folder, the npm cache with it', () => {
  const dataDir = tempFolder()
  const env = childEnvironment({ HOME: '/proc/1/no-such-home' }, dataDir)
  expect(env.HOME).toBe(join(dataDir, 'home'))
  expect(existsSync(join(dataDir, 'home'))).toBe(true)
  expect(env.npm_config_cache).toBe(join(dataDir, 'npm-cache'))
  expect(env.PATH).toMatch(/\/usr\/bin/)
})

test('the data folder is .data in the checkout unless YIZHAN_DATA names another', () => {
  expect(dataFolder('/opt/医 站', {})).toBe('/opt/医 站/.data')
  expect(dataFolder('/opt/医 站', { YIZHAN_DATA: '/var/lib/yizhan' })).toBe('/var/lib/yizhan')
})
