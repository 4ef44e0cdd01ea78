import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Sends } from '../../src/main/sends.ts'

const never = (thrown: unknown) => {
  throw thrown
}

describe('the sends of a lane', () => {
  it('tell everybody in order, however many there are', () => {
    const sends = new Sends('topic', 0)
    const heard: number[] = []
    for (let i = 0; i < 10_000; i++) sends.push((_error, metadata) => heard.push(metadata!.offset), 0, 0)
    for (let i = 0; i < 10; i++) sends.acked(1_000, i * 1_000, -1, never)
    expect(heard).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
    expect(sends.outstanding).toBe(0)
  })

  it('IP8: keep little memory when a flood went through one after the other', () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    // a collection that had begun before keeps what was made since
    const collect = () => [gc(), gc()]
    collect()
    const before = process.memoryUsage().arrayBuffers
    const all = Array.from({ length: 20 }, () => new Sends('topic', 0))
    for (const sends of all) {
      for (let i = 0; i < 200_000; i++) sends.push(() => {}, 0, 0)
      sends.acked(200_000, 0, -1, never)
    }
    collect()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000)
    expect(all).toHaveLength(20)
  })

  it('take more in while they tell', () => {
    const sends = new Sends('topic', 0)
    let told = 0
    const again = (): void => {
      if (++told < 30_000) sends.push(again, 0, 0)
    }
    for (let i = 0; i < 5_000; i++) sends.push(again, 0, 0)
    while (sends.outstanding > 0) sends.acked(Math.min(sends.outstanding, 700), 0, -1, never)
    expect(told).toBe(34_999)
  })
})
