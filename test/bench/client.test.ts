import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { awaitEach, firehose, placesOf, Reading } from '../../bench/client.ts'
import type { Job } from '../../bench/job.ts'
import { Meter } from '../../bench/meter.ts'
import { casesOf } from '../../bench/scenarios.ts'

const wishes = { records: 1000, rounds: 1, size: 10, clients: undefined, quick: true }
const job: Job = {
  ...casesOf('firehose', wishes)[0]!.job,
  brokers: [],
  topics: ['a', 'b'],
  partitions: 2,
  odradek: 'src',
}

describe('the course of a run', () => {
  test('records go to the topics and partitions in turns', () => {
    expect(placesOf(job).map(({ topic, partition }) => `${topic}${partition}`)).toEqual(['a0', 'b0', 'a1', 'b1'])
  })

  test('a firehose counts what was acknowledged, its warm-up apart', async () => {
    const meter = new Meter()
    const asked: number[] = []
    const send = async (records: number, deadline: number) => {
      asked.push(records)
      expect(deadline).toBeGreaterThan(performance.now())
      await sleep(20)
      return records - 1
    }
    await firehose(send, job, meter)
    expect(asked).toEqual([100, 1000])
    expect(meter.acknowledged).toBe(99 + 999)
    expect(meter.figures.records).toBe(999)
    expect(meter.figures.recordsPerSecond).toBeGreaterThan(999 / 10)
    expect(meter.figures.recordsPerSecond).toBeLessThan(999 / 0.019)
  })

  test('callers wait for one call after the other, and every call counts with its records', async () => {
    const meter = new Meter()
    let [calls, atATime, most] = [0, 0, 0]
    const numbers = new Set<number>()
    const call = async (n: number) => {
      calls++
      numbers.add(n)
      most = Math.max(most, ++atATime)
      await sleep(5)
      atATime--
    }
    await awaitEach(call, { ...job, callers: 7, callRecords: 100, seconds: 0.2 }, meter)
    expect(most).toBe(7)
    expect(numbers.size).toBe(calls)
    expect(meter.acknowledged).toBe(calls * 100)
    const { records, latencyP50 } = meter.figures
    expect(records % 100).toBe(0)
    expect(records).toBeGreaterThan(0)
    expect(records).toBeLessThan(meter.acknowledged)
    expect(latencyP50).toBeGreaterThan(4)
  })

  test('a reading warms up with the first records and ends with the last', async () => {
    const meter = new Meter()
    const reading = new Reading({ ...job, records: 50_000, warmup: 5000 }, meter)
    let turns = 0
    while (!reading.saw(2000, 2000 * 10)) {
      turns++
      await sleep(1)
    }
    expect(turns).toBe(24)
    expect(reading.done).toBe(true)
    // 6000 were seen when the warm-up was over
    expect(meter.figures.records).toBe(44_000)
    expect(reading.saw(2000, 20_000)).toBe(true)
    expect(meter.figures.records).toBe(44_000)
  })

  test('a reading ends in time, its warm-up too, however slow it is', async () => {
    const meter = new Meter()
    const start = performance.now()
    const reading = new Reading({ ...job, records: 1e9, warmup: 1e8, seconds: 0.3 }, meter)
    while (!reading.saw(1000, 10_000)) await sleep(5)
    const took = performance.now() - start
    // half a second is the shortest warm-up
    expect(took).toBeGreaterThan(790)
    expect(took).toBeLessThan(3000)
    expect(meter.figures.records).toBeGreaterThan(0)
  })

  test('a reading tells one record after the other without looking at the clock each time, and misses none', () => {
    const meter = new Meter()
    const reading = new Reading({ ...job, records: 5500, warmup: 550 }, meter)
    let records = 1
    while (!reading.saw(1, 10)) records++
    expect(records).toBe(5500)
    expect(meter.figures.records).toBe(5500 - 1001)
  })

  test('a reading of records without a value measures nothing', () => {
    const reading = new Reading({ ...job, records: 5000, warmup: 500 }, new Meter())
    reading.saw(1000, 0)
    expect(() => reading.saw(4000, 0)).toThrow('without bytes')
  })

  test('a run without a record is an error, not a rate', async () => {
    const meter = new Meter()
    expect(() => meter.figures).toThrow('never ended')
    meter.begin()
    meter.end(0)
    expect(() => meter.figures).toThrow('no record')
  })
})
