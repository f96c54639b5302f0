import { expect, test } from 'vitest'
import { LinkFault, WriteQueue } from './byte-link.ts'

type Taken = (fault: Error | null | undefined) => void

test('bytes go out in order, in chunks, however the writes overlap', async () => {
  const sent: number[] = []
  const queue = new WriteQueue({
    send: (bytes, taken) => {
      sent.push(...bytes)
      setImmediate(() => taken(null))
    },
  })
  const first = new Uint8Array(700).fill(1)
  await Promise.all([queue.write(first, 1000), queue.write(Uint8Array.of(2), 1000)])
  expect(sent).toEqual([...first, 2])
})

test('a port that never calls back fails the write, and every later one', async () => {
  const queue = new WriteQueue({ send: () => undefined })
  await expect(queue.write(Uint8Array.of(1), 20)).rejects.toThrow('no byte was taken for 20 ms')
  await expect(queue.write(Uint8Array.of(2), 20)).rejects.toThrow(LinkFault)
})

test('the end of the link ends a write that waits', async () => {
  const held: Taken[] = []
  const queue = new WriteQueue({ send: (_bytes, taken) => held.push(taken) })
  const writing = queue.write(Uint8Array.of(1), 60_000)
  queue.end(new LinkFault('unplugged'))
  await expect(writing).rejects.toThrow('unplugged')
})
