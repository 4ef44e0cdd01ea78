/** What a broker says to a request that is for the leader, field by field, on both kinds of cluster (KIP-951, KIP-320, KIP-392). */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { makeBatch } from '../main/testing/batches.ts'
import { ask } from '../support/raw-calls.ts'
import { onBrokers, type World } from './on-brokers.ts'

const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const NOBODY = { leaderId: -1, leaderEpoch: -1 }
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

interface Known {
  name: string
  topicId: string
  leaderEpoch: number
  /** Whether node 1 is a replica. */
  isReplica: boolean
}

onBrokers(
  'leader hints as they are given',
  (world) => {
    /** One of three replicas, of which node 1 is a follower, and one that only node 2 has. */
    let topics: Promise<Known[]> | undefined
    const knownTopics = (): Promise<Known[]> => (topics ??= Promise.all([moved(world, [1, 2, 3]), moved(world, [1])]))

    it.each(from(3, 13))('F5, T5: what Produce version %d says at a node that does not lead', async (version) => {
      for (const topic of await knownTopics()) {
        const about = version >= 13 ? { topicId: topic.topicId } : { name: topic.name }
        const records = makeBatch({ timestamp: Date.now() })
        const body = { acks: -1, timeoutMs: 5_000, topicData: [{ ...about, partitionData: [{ index: 0, records }] }] }
        const answer = await ask(world.brokers[0]!, produce, version, body)
        const hinted = version >= 10
        const failure = { index: 0, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, baseOffset: -1, logAppendTimeMs: -1 }
        const nothing = { logStartOffset: -1, recordErrors: [], errorMessage: null }
        const currentLeader = hinted ? { leaderId: 2, leaderEpoch: topic.leaderEpoch } : NOBODY
        expect(answer).toEqual({
          responses: [{ name: '', topicId: ZERO_ID, ...about, partitionResponses: [{ ...failure, ...nothing, currentLeader }] }],
          throttleTimeMs: 0,
          nodeEndpoints: hinted ? [endpoint(world, 2)] : [],
        })
      }
    })

    it.each(from(4, 18))('F5, T5: what Fetch version %d says at a node that does not lead', async (version) => {
      for (const topic of await knownTopics()) {
        const about = version >= 13 ? { topicId: topic.topicId } : { topic: topic.name }
        const { isReplica } = topic
        for (const past of version >= 9 ? [undefined, 0, 1, -1] : [undefined]) {
          const currentLeaderEpoch = past === undefined ? -1 : topic.leaderEpoch - past
          const wish = { partition: 0, partitionMaxBytes: 1_000, ...(version >= 9 && { currentLeaderEpoch }) }
          const answer = await ask(world.brokers[0]!, fetch, version, {
            maxBytes: 1_000,
            topics: [{ ...about, partitions: [wish] }],
          })
          const errorCode = expectedError(version, isReplica, past)
          const hinted =
            version >= 16 && (errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER || errorCode === ErrorCode.FENCED_LEADER_EPOCH)
          const mark = errorCode === ErrorCode.NONE ? 0 : -1
          const partition = {
            partitionIndex: 0,
            errorCode,
            highWatermark: mark,
            lastStableOffset: mark,
            logStartOffset: version >= 5 ? mark : -1,
            divergingEpoch: { epoch: -1, endOffset: -1 },
            currentLeader: hinted ? { leaderId: 2, leaderEpoch: topic.leaderEpoch } : NOBODY,
            snapshotId: { endOffset: -1, epoch: -1 },
            abortedTransactions: null,
            preferredReadReplica: -1,
          }
          expect(answer, `epoch ${currentLeaderEpoch} at ${isReplica ? 'a follower' : 'no replica'}`).toEqual({
            throttleTimeMs: 0,
            errorCode: 0,
            sessionId: 0,
            responses: [{ topic: '', topicId: ZERO_ID, ...about, partitions: [{ ...partition, records: Buffer.alloc(0) }] }],
            nodeEndpoints: hinted ? [endpoint(world, 2)] : [],
          })
        }
      }
    })
  },
  ['embedded-3', 'real-3'],
)

/** `past`: how far the epoch of the request lies behind the leader's. */
function expectedError(version: number, isReplica: boolean, past: number | undefined): number {
  if (!isReplica) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (past === 1) return ErrorCode.FENCED_LEADER_EPOCH
  if (past === -1) return ErrorCode.UNKNOWN_LEADER_EPOCH
  return version >= 11 ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER
}

/** A topic whose one partition went from node 1 to node 2. */
async function moved(world: World, replicas: number[]): Promise<Known> {
  const name = world.freshName()
  const kafka = world.client({ clientId: 'topic-maker' })
  await kafka.admin.createTopics([{ topic: name, assignments: [replicas] }])
  await world.moveLeader(name, 0, 2)
  // a broker tells in metadata what it has not acted on yet
  await sleep(world.target === 'real-3' ? 300 : 0)
  const { topics } = await ask(world.brokers[1]!, metadata, 12, { topics: [{ name }] })
  const { topicId, partitions } = topics[0]!
  expect(partitions[0]).toMatchObject({ errorCode: 0, leaderId: 2 })
  await kafka.close()
  return { name, topicId, leaderEpoch: partitions[0]!.leaderEpoch, isReplica: replicas.length > 1 }
}

function endpoint({ brokers }: World, nodeId: number): object {
  const [host, port] = brokers[nodeId - 1]!.split(':')
  return { nodeId, host, port: Number(port), rack: null }
}
