import { expect, test } from 'vitest'
import { qrPath } from './qr-path.ts'

test('the path has the finder pattern in its corner and a quiet zone around it', () => {
  const { path, size } = qrPath('YZ1A10')
  expect(size).toBe(21 + 8)
  for (let at = 0; at < 7; at++) {
    expect(path).toContain(`M${4 + at} 4h1`)
    expect(path).toContain(`M4 ${4 + at}h1`)
  }
  expect(path).not.toContain('M3 ')
})

test('capital letters and digits take the dense mode: 175 of them fit version 7', () => {
  expect(qrPath('Z'.repeat(175)).size).toBe(45 + 8)
  expect(qrPath('z'.repeat(175)).size).toBeGreaterThan(45 + 8)
})
