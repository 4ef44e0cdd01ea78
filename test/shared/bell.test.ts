import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { LocalBell } from '../../src/shared/bell.ts'
import { createIoMemory, sharedBells } from '../../src/shared/io-memory.ts'
import { createOffsetTable } from '../../src/shared/offset-table.ts'
import { RingReader, RingWriter } from '../../src/shared/ring.ts'

describe('bells', () => {
  it('F30: no wake-up is lost between two threads that both sleep whenever they can, through the smallest rings', async () => {
    const count = 200_000
    const sizes = { submissionRingBytes: 1024, completionRingBytes: 1024, batchStoreBytes: 65_536 }
    const memory = createIoMemory(sizes, createOffsetTable())
    const bells = sharedBells(memory)
    const writer = new RingWriter(memory.submission)
    const reader = new RingReader(memory.completion)
    const worker = new Worker(new URL('./bell-worker.ts', import.meta.url), { workerData: { memory, count } })
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
  }, 60_000)

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
