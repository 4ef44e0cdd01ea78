import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { LocalBell, SharedBell } from '../../src/shared/bell.ts'
import { createIoMemory, sharedBells } from '../../src/shared/io-memory.ts'
import { createOffsetTable } from '../../src/shared/offset-table.ts'
import { RingReader, RingWriter } from '../../src/shared/ring.ts'

describe('bells', () => {
  it.each([
    ['both sleep whenever they can', false],
    ['one watches before it sleeps', true],
  ])(
    'F30: no wake-up is lost between two threads when %s, through the smallest rings',
    async (_, watches) => {
      const count = 200_000
      const sizes = { submissionRingBytes: 1024, completionRingBytes: 1024, batchStoreBytes: 65_536 }
      const memory = createIoMemory(sizes, createOffsetTable())
      const bells = sharedBells(memory)
      const writer = new RingWriter(memory.submission)
      const reader = new RingReader(memory.completion)
      const worker = new Worker(new URL('./bell-worker.ts', import.meta.url), { workerData: { memory, count, watches } })
      let sent = 0
      let received = 0
      let random = 42
      const done = new Promise<void>((resolve, reject) => {
        worker.on('error', reject)
        const fill = (): void => {
          // bursts of random length, so that both sides meet the edges of empty and full at different moments
          random = (Math.imul(random, 1103515245) + 12345) >>> 0
          for (let burst = random % 24; burst >= 0 && sent < count; burst--) {
            const at = writer.reserve(24)
            if (at < 0) break
            writer.int32[at >> 2] = 24
            writer.int32[(at >> 2) + 1] = 1
            writer.int32[(at >> 2) + 2] = sent++
            writer.commit(24)
          }
          writer.publish()
          bells.submitted.ring()
        }
        const drain = (): void => {
          for (let at = reader.next(); at >= 0; at = reader.next()) {
            if (reader.int32[(at >> 2) + 2] !== received)
              reject(new Error(`entry ${reader.int32[(at >> 2) + 2]} instead of ${received}`))
            received++
            reader.advance(24)
          }
          reader.release()
          bells.roomToComplete.ring()
          if (received === count) {
            resolve()
            return
          }
          fill()
          bells.completed.sleep(() => !reader.empty, drain)
        }
        drain()
      })
      await done
      expect(received).toBe(count)
      await worker.terminate()
    },
    60_000,
  )

  it('who watches sees what comes meanwhile without being woken, and sleeps on when nothing does', async () => {
    const words = new Int32Array(new SharedArrayBuffer(4))
    const bell = new SharedBell(words, 0)
    let woken = 0
    const sleep = () =>
      bell.sleep(
        () => false,
        () => woken++,
      )
    sleep()
    let looks = 0
    expect(
      bell.watch(
        () => ++looks > 3,
        () => 0,
      ),
    ).toBe(true)
    // awake: a ring has nobody to wake
    bell.ring()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(woken).toBe(0)
    sleep()
    let time = 0
    expect(
      bell.watch(
        () => false,
        () => time++,
      ),
    ).toBe(false)
    bell.ring()
    await expect.poll(() => woken).toBe(1)
  })

  it('vain watches make further ones rare', () => {
    const bell = new SharedBell(new Int32Array(new SharedArrayBuffer(4)), 0)
    let watches = 0
    const watch = () => {
      let time = 0
      return bell.watch(
        () => false,
        () => {
          if (time === 0) watches++
          return time++
        },
      )
    }
    for (let chance = 0; chance < 1000; chance++) watch()
    expect(watches).toBeGreaterThan(20)
    expect(watches).toBeLessThan(50)
  })

  it('within one thread wake through the environment, once a sleep', () => {
    const deferred: (() => void)[] = []
    const bell = new LocalBell((callback) => deferred.push(callback))
    let woken = 0
    bell.ring()
    expect(deferred).toEqual([])
    bell.sleep(
      () => false,
      () => woken++,
    )
    bell.ring()
    bell.ring()
    expect(deferred.length).toBe(1)
    deferred.pop()!()
    expect(woken).toBe(1)
    bell.sleep(
      () => true,
      () => woken++,
    )
    deferred.pop()!()
    expect(woken).toBe(2)
  })
})
