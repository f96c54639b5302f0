import { moduleEvents } from '@yizhan/contracts/module-event'
import { consumerNames, eventSubscriptions } from '@yizhan/crm-server/event/event-subscription'
import { expect, test } from 'vitest'
import { sourceFiles } from './source-tree.ts'

const names: readonly string[] = Object.keys(moduleEvents)
const told = sourceFiles()
  .filter(({ package: owner, isTest }) => owner === 'crm-server' && !isTest)
  .flatMap(({ text }) => [...text.matchAll(/tellModules\(\s*\w+,\s*'([^']+)'/g)].map(([, name = '']) => name))

test('every event between modules is named module.noun.verb, has a version and a schema, and names its object', () => {
  for (const [name, { version, object, body }] of Object.entries(moduleEvents)) {
    expect(name).toMatch(/^[a-z-]+\.[a-z-]+\.[a-z-]+$/)
    expect(version).toBeGreaterThan(0)
    expect(Object.keys(body.shape)).toContain(object)
  }
})

test('every event is told somewhere, and nothing is told that has no schema', () => {
  expect([...new Set(told)].sort()).toEqual([...names].sort())
})

test('every consumer hears events that exist', () => {
  expect(consumerNames().length).toBeGreaterThan(1)
  for (const consumer of consumerNames()) {
    expect(eventSubscriptions[consumer].filter((name) => !names.includes(name))).toEqual([])
  }
})
