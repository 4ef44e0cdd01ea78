/** What generated sequences of requests have found to be different once, request by request; see test/differential. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createTopics } from '../../../src/shared/protocol/generated/create-topics.ts'
import { deleteTopics } from '../../../src/shared/protocol/generated/delete-topics.ts'
import { type FetchResponse, fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { incrementalAlterConfigs } from '../../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { type ListOffsetsResponse, listOffsets } from '../../../src/shared/protocol/generated/list-offsets.ts'
import { type MetadataResponse, metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { BatchField, writeInt32 } from '../../../src/shared/record-batch.ts'
import { makeBatch } from './batches.ts'
import type { Both } from './both.ts'

const NOWHERE_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const now = Date.now()

export function foundParity(given: () => Both): void {
  describe('found by chance', () => {
    test('Produce that fails as a whole, and producers without an epoch', async () => {
      const good = makeBatch({ timestamp: now })
      const magic = Buffer.from(good).fill(3, BatchField.magic, BatchField.magic + 1)
      const length = Buffer.from(good)
      writeInt32(length, BatchField.length, 10)
      const transactional = makeBatch({ timestamp: now, attributes: 16, producerId: 9, producerEpoch: 0, baseSequence: 0 })
      const unknownCodec = makeBatch({ timestamp: now, attributes: 7 })
      const places = [
        [0, 1],
        [9, 1],
        [1, 9],
      ]
      for (const version of [3, 6, 7, 12]) {
        for (const bad of [magic, length, transactional, unknownCodec]) {
          for (const [p, q] of places) {
            const partitionData = [
              { index: p, records: bad },
              { index: q, records: good },
            ]
            await given().same(
              produce,
              version,
              { acks: 1, timeoutMs: 5000, topicData: [{ name: given().topic, partitionData }] },
              { unordered: true },
            )
          }
        }
      }
      for (const [producerEpoch, baseSequence] of [
        [-1, 0],
        [-1, 7],
        [0, 5],
        [0, 6],
        [0, 9],
      ]) {
        const records = makeBatch({
          timestamp: now,
          producerId: 1_000_009,
          producerEpoch: producerEpoch!,
          baseSequence: baseSequence!,
        })
        await given().same(produce, 12, {
          acks: 1,
          timeoutMs: 5000,
          topicData: [{ name: given().topic, partitionData: [{ index: 0, records }] }],
        })
      }
    })

    test('F47 a Fetch session that has nothing left, and a diverging log read committed', async () => {
      const at = { partition: 0, partitionMaxBytes: 1e6, currentLeaderEpoch: -1 }
      const body = (sessionId: number, sessionEpoch: number, more: object = {}) => ({
        ...{ maxWaitMs: 0, minBytes: 1, maxBytes: 1e7, isolationLevel: 1, sessionId, sessionEpoch },
        topics: [{ topic: given().topic, partitions: [{ ...at, fetchOffset: 1e6 }] }],
        ...more,
      })
      const sessions: number[] = []
      for (const broker of [0, 1]) {
        const opened = (await given().ask(broker, fetch, 12, body(0, 0))) as { sessionId: number }
        sessions[broker] = opened.sessionId
      }
      const forgottenTopicsData = [{ topic: given().topic, partitions: [0] }]
      await given().same(fetch, 12, (broker: number) => body(sessions[broker]!, 1, { forgottenTopicsData }))
      const diverging = [{ topic: given().topic, partitions: [{ ...at, fetchOffset: 1e6, lastFetchedEpoch: 0 }] }]
      await given().same(fetch, 12, body(0, -1, { topics: diverging }))
    })

    test('F47 a Fetch session, and one fetch without, of a topic that is deleted, and made anew', async () => {
      const name = `gone-${randomUUID()}`
      const [ids, sessions] = [[] as string[], [] as number[]]
      const make = async (broker: number) => {
        await given().ask(broker, createTopics, 7, {
          timeoutMs: 10_000,
          topics: [{ name, numPartitions: 1, replicationFactor: 1 }],
        })
        const leads = { replicaId: -1, topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: -1 }] }] }
        const led = async () =>
          ((await given().ask(broker, listOffsets, 7, leads)) as ListOffsetsResponse).topics[0]!.partitions[0]!
        await expect.poll(async () => (await led()).errorCode, { timeout: 10_000 }).toBe(0)
      }
      const found = async (broker: number) =>
        ((await given().ask(broker, metadata, 12, { topics: [{ name }] })) as MetadataResponse).topics[0]!
      const body = (sessionEpoch: number, named: boolean) => (broker: number) => ({
        ...{ maxWaitMs: 0, minBytes: 1, maxBytes: 1e7, sessionId: sessions[broker] ?? 0, sessionEpoch },
        topics: named ? [{ topicId: ids[broker]!, partitions: [{ partitionMaxBytes: 1e6, currentLeaderEpoch: -1 }] }] : [],
      })
      for (const broker of [0, 1]) {
        await make(broker)
        ids[broker] = (await found(broker)).topicId
        sessions[broker] = ((await given().ask(broker, fetch, 13, body(0, true)(broker))) as FetchResponse).sessionId
      }
      await given().same(fetch, 13, body(1, false))
      // one that waits
      const patient = (broker: number) => ({ ...body(-1, true)(broker), sessionId: 0, maxWaitMs: 20_000 })
      const waiting = given().same(fetch, 13, patient, { ignore: ['abortedTransactions'] })
      await sleep(200)
      for (const broker of [0, 1]) {
        await given().ask(broker, deleteTopics, 5, { topicNames: [name], timeoutMs: 10_000 })
        await expect.poll(async () => (await found(broker)).errorCode, { timeout: 10_000 }).toBe(3)
      }
      await waiting
      await given().same(fetch, 13, body(2, false))
      await given().same(fetch, 13, body(3, true))
      for (const broker of [0, 1]) await make(broker)
      await given().same(fetch, 13, body(4, false))
      await given().same(fetch, 13, body(5, true))
      await given().same(fetch, 13, (broker: number) => ({ ...body(-1, true)(broker), sessionId: 0 }))
    })

    test('what is wrong first, of several things', async () => {
      const [set, subtract, none] = [0, 3, 9]
      const alter = (resourceName: string, ...configs: [name: string, configOperation: number, value: string][]) => {
        const list = configs.map(([name, configOperation, value]) => ({ name, configOperation, value }))
        return given().same(incrementalAlterConfigs, 1, {
          resources: [{ resourceType: 2, resourceName, configs: list }],
          validateOnly: true,
        })
      }
      await alter(given().topic, ['max.message.bytes', set, 'much'], ['segment.bytes', none, '1'])
      await alter(given().topic, ['retention.ms', subtract, '-1'], ['max.message.bytes', none, 'much'])
      await alter(given().topic, ['message.timestamp.type', 2, 'CreateTime'], ['min.insync.replicas', none, '0'])
      for (const name of ['no ne', 'none']) await alter(name, ['min.insync.replicas', set, '0'])
      await alter('no ne', ['min.insync.replicas', subtract, '0'])
      const configs = [{ name: 'retention.ms', value: null }]
      const specs = [
        { name: '', numPartitions: 1, replicationFactor: 1, configs },
        { name: given().topic, numPartitions: 1, replicationFactor: 1, configs },
        { name: 'new-one', numPartitions: -2, replicationFactor: 0 },
        { name: 'new-two', numPartitions: 0, replicationFactor: 9 },
      ]
      for (const spec of specs) await given().same(createTopics, 7, { timeoutMs: 5000, validateOnly: true, topics: [spec] })
      const byId = (broker: number) => [given().ids[broker]!, NOWHERE_ID].map((topicId) => ({ name: null, topicId }))
      await given().same(metadata, 12, (broker: number) => ({ topics: byId(broker), includeTopicAuthorizedOperations: true }), {
        unordered: true,
      })
    })
  })
}
