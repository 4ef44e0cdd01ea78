import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBroker } from '../../../src/main/testing/index.ts'
import { alterPartitionReassignments } from '../../../src/shared/protocol/generated/alter-partition-reassignments.ts'
import { readLog } from '../../behaviour/log-reader.ts'
import { ask } from '../../support/raw-calls.ts'
import { makeBatch } from './batches.ts'
import { Fixture, metadata, produce } from './fixture.ts'

const INVALID_REPLICA_ASSIGNMENT = 39

const wishFor = (replicas: number[], topic = 't') => {
  return { timeoutMs: 1000, topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas }] }] }
}

async function reassign(fixture: Fixture, replicas: number[], at = 1): Promise<number> {
  const client = await fixture.client(at)
  const answer = await fixture.after(client.call(alterPartitionReassignments, 1, wishFor(replicas)))
  return answer.responses[0]!.partitions[0]!.errorCode
}

const facts = (fixture: Fixture) => {
  const { replicas, isr, leader, leaderEpoch } = fixture.cluster.partition('t', 0)!
  return { replicas, isr, leader, leaderEpoch }
}

async function write(fixture: Fixture, node: number): Promise<number> {
  const client = await fixture.client(node)
  const topicData = [{ name: 't', partitionData: [{ index: 0, records: makeBatch() }] }]
  const answer = await fixture.after(client.call(produce, 12, { acks: -1, timeoutMs: 1000, topicData }), 2000)
  return answer.responses[0]!.partitionResponses[0]!.errorCode
}

describe('the reassignment of a partition', () => {
  const topics = [{ topic: 't', replicationFactor: 2 }]

  test('a node that had no replica has the whole log, leads and takes records; those that left are refused', async () => {
    const fixture = await Fixture.start({ nodes: 3, topics })
    expect(facts(fixture)).toEqual({ replicas: [1, 2], isr: [1, 2], leader: 1, leaderEpoch: 0 })
    expect(await write(fixture, 1)).toBe(0)
    expect(await reassign(fixture, [3])).toBe(0)
    expect(facts(fixture)).toEqual({ replicas: [3], isr: [3], leader: 3, leaderEpoch: 1 })
    expect(await write(fixture, 3)).toBe(0)
    expect(await write(fixture, 1)).toBe(6)
    expect(fixture.cluster.logFacts('t', 0)).toMatchObject({ highWatermark: 2, leader: 3 })
    const client = await fixture.client(2)
    const answer = await fixture.after(client.call(metadata, 12, { topics: [{ name: 't' }] }))
    expect(answer.topics[0]!.partitions[0]).toMatchObject({ leaderId: 3, replicaNodes: [3], isrNodes: [3], leaderEpoch: 1 })
  })

  test('a node that is down becomes a replica that is not in sync until it is back; without any node that is up nothing changes', async () => {
    const fixture = await Fixture.start({ nodes: 3, topics })
    fixture.cluster.kill(3)
    expect(await reassign(fixture, [3])).toBe(INVALID_REPLICA_ASSIGNMENT)
    expect(facts(fixture)).toMatchObject({ replicas: [1, 2], leader: 1, leaderEpoch: 0 })
    expect(await reassign(fixture, [3, 1])).toBe(0)
    expect(facts(fixture)).toEqual({ replicas: [3, 1], isr: [1], leader: 1, leaderEpoch: 1 })
    const reviving = fixture.cluster.revive(3)
    await fixture.env.advance(0)
    await reviving
    expect(facts(fixture)).toEqual({ replicas: [3, 1], isr: [1, 3], leader: 1, leaderEpoch: 1 })
  })

  test('one that is cut off waits for the others with it, and gets no replica while it cannot be reached', async () => {
    const fixture = await Fixture.start({ nodes: 3, topics })
    fixture.cluster.isolate(3, 'nodes', 60_000)
    const client = await fixture.client(3)
    const waiting = client.call(alterPartitionReassignments, 1, wishFor([2, 1]))
    expect(await fixture.isPending(waiting, 100)).toBe(true)
    expect(await reassign(fixture, [3])).toBe(INVALID_REPLICA_ASSIGNMENT)
    expect(await reassign(fixture, [1, 3])).toBe(0)
    expect(facts(fixture)).toEqual({ replicas: [1, 3], isr: [1], leader: 1, leaderEpoch: 1 })
    fixture.cluster.heal(3)
    await fixture.after(waiting)
    expect(facts(fixture)).toEqual({ replicas: [2, 1], isr: [2, 1], leader: 1, leaderEpoch: 2 })
  })

  test('it is kept in the folder of a broker, also when only the order changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'odradek-reassign-'))
    const options = { dataDir: folder, nodes: 3, thread: false, topics: [{ topic: 't', replicationFactor: 2 }, { topic: 'u' }] }
    try {
      const first = await startBroker(options)
      await ask(first.brokers[0]!, alterPartitionReassignments, 1, wishFor([3]))
      await ask(first.brokers[0]!, alterPartitionReassignments, 1, wishFor([1, 3, 2], 'u'))
      await first.close()
      const second = await startBroker(options)
      const answer = await ask(second.brokers[0]!, metadata, 12, { topics: [{ name: 't' }, { name: 'u' }] })
      expect(answer.topics.map(({ partitions }) => partitions[0]!.replicaNodes)).toEqual([[3], [1, 3, 2]])
      expect(await readLog(second.brokers, 't')).toEqual([])
      await second.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('faults name the partition', async () => {
    const broker = await startBroker({ thread: false, topics: [{ topic: 't' }] })
    try {
      await broker.faults.fail('AlterPartitionReassignments', { error: 'NOT_CONTROLLER', topic: 't', partition: 0 })
      const tell = async () =>
        (await ask(broker.brokers[0]!, alterPartitionReassignments, 1, wishFor([1]))).responses[0]!.partitions[0]
      expect(await tell()).toMatchObject({ errorCode: 41 })
      expect(await tell()).toMatchObject({ errorCode: 0 })
    } finally {
      await broker.close()
    }
  })
})
