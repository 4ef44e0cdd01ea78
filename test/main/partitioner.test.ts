import { describe, expect, test } from 'vitest'
import type { TopicView } from '../../src/main/cluster-view.ts'
import { partitionForKey } from '../../src/main/murmur2.ts'
import { Partitioner, STICKY_BYTES } from '../../src/main/partitioner.ts'
import type { KafkaError } from '../../src/shared/errors.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const view = (leaders: number[], topic = 't'): TopicView => ({
  topic,
  topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
  partitions: leaders.map((leader, partition) => ({ handle: partition, partition, leader, leaderEpoch: 0 })),
  replicationFactor: 1,
})
const four = view([1, 2, 3, 1])
const refusal = (act: () => unknown): KafkaError => {
  try {
    act()
  } catch (error) {
    return error as KafkaError
  }
  throw new Error('it was accepted')
}

describe('a record that names its partition', () => {
  test('goes there, whatever its key and the custom partitioner say', () => {
    const partitioner = new Partitioner(new VirtualEnv(), () => 1)
    expect(partitioner.pick(four, { topic: 't', partition: 3, key: 'k' }, 100)).toBe(3)
  })

  test.each([[4], [-1], [1.5], [Number.NaN]])('partition %d of four is refused and the count is named', (partition) => {
    const error = refusal(() => new Partitioner(new VirtualEnv()).pick(four, { topic: 't', partition }, 100))
    expect(error.code).toBe('UNKNOWN_PARTITION')
    expect(error.message).toContain("Topic 't' has 4 partitions, numbered from 0")
    expect(error.outcome).toBe('not-written')
  })
})

describe('a record with a key', () => {
  test.each([['k'], [''], [Buffer.from('k')], [new Uint8Array()]])(
    'P6 %o goes where murmur2 puts it, also when that partition has no leader',
    (key) => {
      const partitioner = new Partitioner(new VirtualEnv())
      const expected = partitionForKey(key, 4)
      expect(partitioner.pick(four, { topic: 't', key }, 100)).toBe(expected)
      expect(partitioner.pick(view([-1, -1, -1, -1]), { topic: 't', key }, 100)).toBe(expected)
    },
  )
})

describe('a custom partitioner', () => {
  test('gets the record and the count', () => {
    const seen: unknown[] = []
    const partitioner = new Partitioner(new VirtualEnv(), (record, count) => {
      seen.push(record, count)
      return 2
    })
    const record = { topic: 't', key: 'k' }
    expect(partitioner.pick(four, record, 100)).toBe(2)
    expect(seen).toEqual([record, 4])
  })

  test.each([[4], [-1], [0.5], [undefined], ['1']])('its answer %o is refused', (answer) => {
    const partitioner = new Partitioner(new VirtualEnv(), () => answer as number)
    const error = refusal(() => partitioner.pick(four, { topic: 't' }, 100))
    expect(error.code).toBe('UNKNOWN_PARTITION')
    expect(error.message).toContain("but the option 'partitioner' returned")
  })

  test('IX1 what it throws becomes a typed error', () => {
    const cause = new Error('oops')
    const partitioner = new Partitioner(new VirtualEnv(), () => {
      throw cause
    })
    expect(refusal(() => partitioner.pick(four, { topic: 't' }, 100))).toMatchObject({ code: 'INVALID_ARGUMENT', cause })
  })
})

describe('records without a key', () => {
  const run = (partitioner: Partitioner, on: TopicView, count: number, bytes = 1024, key?: null) =>
    Array.from({ length: count }, () =>
      partitioner.pick(on, key === undefined ? { topic: on.topic } : { topic: on.topic, key }, bytes),
    )

  test('P6 stick to one partition for about 16 KiB, then to another one', () => {
    const picks = run(new Partitioner(new VirtualEnv()), four, 64)
    for (let at = 0; at < 64; at += 16) {
      expect(new Set(picks.slice(at, at + 16)).size).toBe(1)
      if (at > 0) expect(picks[at]).not.toBe(picks[at - 1])
    }
  })

  /** Bytes by partition, after as many as told in sizes of their own. */
  const spread = (on: TopicView, total: number, sizes: () => number, seed: number): number[] => {
    const partitioner = new Partitioner(new VirtualEnv(seed))
    const bytes = on.partitions.map(() => 0)
    for (let sum = 0; sum < total; ) {
      const size = sizes()
      bytes[partitioner.pick(on, { topic: on.topic }, size)]! += size
      sum += size
    }
    return bytes
  }
  const MIB = 1024 * 1024
  /** The same in every run. */
  const dice = (state = 1) => {
    return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  }
  const chance = dice()
  const sizes: [what: string, size: () => number, largest: number][] = [
    ['of 100 bytes', () => 100, 100],
    ['of 1 KiB', () => 1024, 1024],
    ['of 10 to 20,000 bytes', () => 10 + Math.floor(chance() * 20_000), 20_010],
    ['that are small but for every hundredth', () => (chance() < 0.01 ? 100_000 : 50), 100_000],
    ['larger than a turn', () => 40_000 + Math.floor(chance() * 1_000), 41_000],
    ['of which some are far larger than many turns', () => (chance() < 0.001 ? 2_000_000 : 5_000), 2_000_000],
  ]

  test.each(sizes)('P6: records %s spread over partitions by bytes', (_what, size, largest) => {
    for (const [partitions, seed] of [
      [4, 1],
      [7, 2],
      [30, 3],
    ] as const) {
      const on = view(new Array(partitions).fill(1))
      const bytes = spread(on, partitions * 64 * MIB, size, seed)
      // no further apart than a turn, a record, and what a record may be too much
      expect(Math.max(...bytes) - Math.min(...bytes)).toBeLessThanOrEqual(STICKY_BYTES + 2 * largest)
      for (const one of bytes) expect(Math.abs(one / (64 * MIB) - 1)).toBeLessThan((STICKY_BYTES + largest) / (64 * MIB))
    }
  })

  test('P6: after any number of turns no partition had two more than another', () => {
    for (let turns = 1; turns < 60; turns++) {
      const bytes = spread(view(new Array(12).fill(1)), turns * STICKY_BYTES, () => STICKY_BYTES, turns)
      expect(Math.max(...bytes) - Math.min(...bytes)).toBeLessThanOrEqual(STICKY_BYTES)
    }
  })

  test('P6: the order of turns is another one in every round and for every producer', () => {
    const rounds = [1, 2, 3].flatMap((seed) => {
      const picks = run(new Partitioner(new VirtualEnv(seed)), view(new Array(10).fill(1)), 30, STICKY_BYTES)
      return [0, 10, 20].map((at) => picks.slice(at, at + 10).join())
    })
    expect(new Set(rounds).size).toBe(9)
  })

  test('P6: bytes spread over the partitions with a leader only, and evenly', () => {
    const bytes = spread(view([1, -1, 2, -1, 3]), 3 * 16 * MIB, () => 1000, 5)
    expect([bytes[1], bytes[3]]).toEqual([0, 0])
    for (const at of [0, 2, 4]) expect(Math.abs(bytes[at]! / (16 * MIB) - 1)).toBeLessThan(0.03)
  })

  test('a null key counts as none', () => {
    expect(new Set(run(new Partitioner(new VirtualEnv()), four, 100, STICKY_BYTES, null)).size).toBe(4)
  })

  test('avoid partitions without a leader, and leave one that loses its leader', () => {
    const partitioner = new Partitioner(new VirtualEnv())
    const [first] = run(partitioner, four, 1)
    const leaders = [1, 1, 1, 1]
    leaders[first!] = -1
    expect(run(partitioner, view(leaders), 200, STICKY_BYTES)).not.toContain(first)
  })

  test('one partition with a leader gets them all', () => {
    expect(new Set(run(new Partitioner(new VirtualEnv()), view([-1, 1, -1]), 50, STICKY_BYTES))).toEqual(new Set([1]))
  })

  test('F6 without any leader they still get a partition of the topic, to wait there', () => {
    for (const pick of run(new Partitioner(new VirtualEnv()), view([-1, -1]), 50)) expect([0, 1]).toContain(pick)
  })

  test('F9 a new partition gets its share, F10 a topic that came back smaller is never left', () => {
    const partitioner = new Partitioner(new VirtualEnv())
    run(partitioner, four, 50, STICKY_BYTES)
    expect(run(partitioner, view([1, 2, 3, 1, 2]), 200, STICKY_BYTES)).toContain(4)
    for (const pick of run(partitioner, view([1, 2]), 50)) expect(pick).toBeLessThan(2)
  })
})
