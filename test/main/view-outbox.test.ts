import { describe, expect, test } from 'vitest'
import { ViewOutbox } from '../../src/main/view-outbox.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { FakeCluster } from '../support/fake-cluster.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const partition = (handle: number, leader: number) => ({
  handle,
  topic: 't',
  topicId: 'x',
  partition: handle,
  leader,
  leaderEpoch: 0,
})
const gone = new KafkaError('UNKNOWN_TOPIC', 'gone').toWire()

function outboxWorld() {
  const env = new VirtualEnv()
  const workers = new FakeCluster(env)
  const outbox = new ViewOutbox(workers)
  const flush = (published: unknown[] = []) =>
    outbox.flush(
      () => 'snapshot',
      (taken) => published.push(taken),
    )
  /** The first push fails after `meanwhile` happened. */
  const failOnce = (meanwhile: () => void) => {
    let first = true
    workers.beforePush = () => {
      if (!first) return
      first = false
      meanwhile()
      throw new KafkaError('WORKER_DIED', 'died')
    }
  }
  return { workers, outbox, flush, failOnce }
}

describe('ViewOutbox', () => {
  test('tells brokers first, then what ended, then partitions, and publishes last', async () => {
    const { workers, outbox, flush } = outboxWorld()
    outbox.partitions([partition(1, 1)])
    outbox.drop([0], gone)
    outbox.brokers([])
    const published: unknown[] = []
    workers.beforePush = () => expect(published).toEqual([])
    await flush(published)
    expect(workers.pushes.map(({ type }) => type)).toEqual(['brokers', 'drop', 'partitions'])
    expect(published).toEqual(['snapshot'])
  })

  test('of several changes of a partition only the last one is told, and nothing when there is none', async () => {
    const { workers, outbox, flush } = outboxWorld()
    outbox.partitions([partition(1, 1)])
    outbox.partitions([partition(1, 2)])
    await flush()
    await flush()
    expect(workers.pushes).toEqual([{ type: 'partitions', partitions: [partition(1, 2)] }])
  })

  test('a partition that ended is not told any more', async () => {
    const { workers, outbox, flush } = outboxWorld()
    outbox.partitions([partition(1, 1)])
    outbox.drop([1], gone)
    await flush()
    expect(workers.pushes).toEqual([{ type: 'drop', handles: [1], error: gone }])
  })

  test('what failed is told again with the next flush, unless it is outdated by then', async () => {
    const { workers, outbox, flush, failOnce } = outboxWorld()
    outbox.partitions([partition(1, 1), partition(2, 1), partition(3, 1)])
    failOnce(() => {
      outbox.partitions([partition(2, 2)])
      outbox.drop([3], gone)
    })
    const published: unknown[] = []
    await expect(flush(published)).rejects.toThrow('died')
    expect(published).toEqual([])
    await flush(published)
    expect(workers.pushes).toEqual([
      { type: 'drop', handles: [3], error: gone },
      { type: 'partitions', partitions: expect.arrayContaining([partition(1, 1), partition(2, 2)]) },
    ])
    expect([...workers.told.keys()].sort()).toEqual([1, 2])
    expect(published).toEqual(['snapshot'])
  })

  test('flushes do not overtake each other', async () => {
    const { workers, outbox, flush } = outboxWorld()
    let open = 0
    workers.beforePush = async () => {
      expect(++open).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      open--
    }
    const flushes = [1, 2, 3].map((leader) => {
      outbox.partitions([partition(1, leader)])
      return flush()
    })
    await Promise.all(flushes)
    expect(workers.told.get(1)!.leader).toBe(3)
  })
})
