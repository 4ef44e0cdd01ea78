import { describe, expect, test } from 'vitest'
import { consumerReader, producerReader, steady } from '../../bench/clients/java-output.ts'

const produced = `Reading payloads from: /tmp/values
Number of records read: 1
1 records sent, 10.0 records/sec (0.00 MB/sec), 100.0 ms avg latency, 100.0 ms max latency.
16873 records sent, 26655.6 records/sec (2.54 MB/sec), 110.4 ms avg latency, 288.0 ms max latency.
97936 records sent, 145738.1 records/sec (13.90 MB/sec), 220.8 ms avg latency, 505.0 ms max latency.
114810 records sent, 96432.015429 records/sec (9.20 MB/sec), 529.30 ms avg latency, 1261.00 ms max latency, 569 ms 50th, 980 ms 95th, 1131 ms 99th, 1260 ms 99.9th.`

const consumed = `time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec
2026-11-25T13:44:10.844Z, 0, 0.0001, 0.0000, 1, 0.4572, 2244, -57, 0.0000, 0.0000
2026-11-25T13:44:11.098Z, 0, 1.2876, 5.0687, 13501, 53149.6063, 0, 254, 5.0687, 53149.6063
2026-11-25T14:44:11.348+01:00, 0, 2.8134, 6.1035, 29501, 64000.0000, 0, 250, 6.1035, 64000.0000`

describe('what the Java benchmarks print', () => {
  test("the producer's progress adds up over the lines, its summary is none", () => {
    const read = producerReader()
    const progress = produced.split('\n').flatMap((line) => read(line) ?? [])
    expect(progress.map(({ records }) => records)).toEqual([1, 16874, 114810])
    expect(progress.map(({ ms }) => Math.round(ms))).toEqual([100, 733, 1405])
  })

  test("the consumer's progress counts from the first line that has records", () => {
    const read = consumerReader()
    const progress = consumed.split('\n').flatMap((line) => read(line) ?? [])
    expect(progress).toEqual([
      { records: 1, ms: 0 },
      { records: 13501, ms: 254 },
      { records: 29501, ms: 504 },
    ])
  })

  test('lines of something else are no progress', () => {
    for (const read of [producerReader(), consumerReader()])
      for (const line of ['', 'org.apache.kafka.common.errors.TimeoutException: a, b, c, d, e, f, g, h, i, j', 'records sent'])
        expect(read(line)).toBeUndefined()
  })

  test('what is measured begins after the warm-up: two seconds, or a third of a short run', () => {
    const at = (...seconds: number[]) => seconds.map((second) => ({ ms: second * 1000, records: second * 10 }))
    expect(steady(at(0, 1, 2, 3, 9, 10))).toEqual({ from: { ms: 2000, records: 20 }, to: { ms: 10_000, records: 100 } })
    expect(steady(at(0, 0.5, 1.2, 3))).toEqual({ from: { ms: 1200, records: 12 }, to: { ms: 3000, records: 30 } })
  })

  test('nothing is measured of what is too little', () => {
    expect(steady([])).toBeUndefined()
    expect(steady([{ ms: 100, records: 5 }])).toBeUndefined()
    // it hung: time went by, no record came
    expect(steady([0, 3000, 6000].map((ms) => ({ ms, records: 5 })))).toBeUndefined()
  })
})
