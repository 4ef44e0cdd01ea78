/** What readers live through on a real cluster whose nodes have racks and die. */
import { expect, it } from 'vitest'
import type { ConnectionEvent, Kafka } from '../../src/main/index.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

const RACKS = {
  'broker.rack': 'rack-{node}',
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
}

const values = (batch: { records: readonly { value: Buffer | null }[] } | undefined) =>
  batch!.records.map(({ value }) => String(value))

/** Reads from `offset` on until there is something. */
async function next(kafka: Kafka, topic: string, offset: number, lastFetchedEpoch = -1) {
  for (;;) {
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset, lastFetchedEpoch }], {
      maxWaitMs: 5_000,
      timeoutMs: 90_000,
    })
    if (batch!.records.length > 0) return batch!
  }
}

onPrivateCluster(
  'reading',
  (world) => {
    it('C11, F1: reads come from the replica in the rack of the client; when it dies, from the leader, without loss', {
      timeout: 180_000,
    }, async () => {
      const topic = await world.led([1])
      const kafka = world.client({ rackId: 'rack-3' })
      const connected = new Set<number>()
      kafka.on('connection', ({ nodeId, state }: ConnectionEvent) => state === 'connected' && connected.add(nodeId))
      const producer = world.client().producer()
      await producer.produce({ topic, value: 'a' })
      const first = await next(kafka, topic, 0)
      expect(values(first)).toEqual(['a'])
      // nothing else would have gone there
      await expect.poll(() => connected.has(3)).toBe(true)
      expect(connected.has(2)).toBe(false)
      await world.kafka.kill(3)
      await producer.produce({ topic, value: 'b' })
      expect(values(await next(kafka, topic, first.nextOffset, first.lastFetchedEpoch))).toEqual(['b'])
      await world.kafka.restart(3)
      await world.healed(topic)
    })

    it('F7: an unclean election loses acknowledged records: LOG_TRUNCATED says from where on', { timeout: 240_000 }, async () => {
      const topic = world.freshName()
      const kafka = world.client()
      const configs = { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' }
      await kafka.admin.createTopics([{ topic, assignments: [[1, 2]], configs }])
      const producer = world.client().producer({ acks: 1, idempotent: false })
      const write = async (some: string[]) => {
        for (const value of some) await producer.produce({ topic, value })
      }
      await world.inSync(topic, [1, 2])
      // A replica in sync may lag: that node 2 has these only the acknowledgement of all says.
      const careful = kafka.producer()
      for (const value of ['a', 'b']) await careful.produce({ topic, value })
      await world.kafka.kill(2)
      await world.inSync(topic, [1])
      await write(['only on node 1', 'this too'])
      let offset = 0
      let lastFetchedEpoch = -1
      while (offset < 4) ({ nextOffset: offset, lastFetchedEpoch } = await next(kafka, topic, offset, lastFetchedEpoch))
      await world.kafka.kill(1)
      await world.kafka.restart(2)
      await world.leaderless(topic, 1)
      await write(['x', 'y', 'z'])
      const read = kafka.fetch([{ topic, partition: 0, offset, lastFetchedEpoch }], { maxWaitMs: 5_000, timeoutMs: 60_000 })
      await expect(read).rejects.toMatchObject({ code: 'LOG_TRUNCATED', context: { topic, partition: 0, offset: 2 } })
      expect(values(await next(kafka, topic, 2))).toContain('x')
      await world.kafka.restart(1)
    })
  },
  RACKS,
)
