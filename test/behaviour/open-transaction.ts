/** A transaction that is made by raw requests and stays open until it is told to end: what isolation levels are about. Needs a broker that has transactions. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { addPartitionsToTxn } from '../../src/shared/protocol/generated/add-partitions-to-txn.ts'
import { endTxn } from '../../src/shared/protocol/generated/end-txn.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { initProducerId } from '../../src/shared/protocol/generated/init-producer-id.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { makeBatch } from '../main/testing/batches.ts'
import { ask, askAny } from '../support/raw-calls.ts'

const TRANSACTIONAL = 0x10

export interface OpenTransaction {
  end(how: 'commit' | 'abort'): Promise<void>
}

/** Writes the values to partition 0 within a transaction. */
export async function openTransaction(brokers: readonly string[], topic: string, values: string[]): Promise<OpenTransaction> {
  const transactionalId = `tx-${randomUUID()}`
  const coordinator = await coordinatorOf(brokers, transactionalId)
  const identity = await again('InitProducerId', () =>
    ask(coordinator, initProducerId, 3, { transactionalId, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }),
  )
  const { producerId, producerEpoch } = identity
  const who = {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
  }
  await again('AddPartitionsToTxn', async () => {
    const body = { ...who, v3AndBelowTopics: [{ name: topic, partitions: [0] }] }
    const { resultsByTopicV3AndBelow } = await ask(coordinator, addPartitionsToTxn, 3, body)
    return { errorCode: resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode }
  })
  const { brokers: nodes, topics } = await askAny(brokers, metadata, 9, { topics: [{ name: topic }] })
  const leader = nodes.find(({ nodeId }) => nodeId === topics[0]!.partitions[0]!.leaderId)!
  const now = Date.now()
  const records = makeBatch({ values, attributes: TRANSACTIONAL, producerId, producerEpoch, baseSequence: 0, timestamp: now })
  await again('Produce', async () => {
    const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
    const body = { transactionalId, acks: -1, timeoutMs: 10_000, topicData }
    const { responses } = await ask(`${leader.host}:${leader.port}`, produce, 9, body)
    return responses[0]!.partitionResponses[0]!
  })
  return {
    async end(how) {
      const body = { transactionalId, producerId, producerEpoch, committed: how === 'commit' }
      await again('EndTxn', () => ask(coordinator, endTxn, 3, body))
    },
  }
}

async function coordinatorOf(brokers: readonly string[], transactionalId: string): Promise<string> {
  const found = await again('FindCoordinator', async () => {
    const { coordinators } = await askAny(brokers, findCoordinator, 4, { keyType: 1, coordinatorKeys: [transactionalId] })
    return coordinators[0]!
  })
  return `${found.host}:${found.port}`
}

/** What is not there yet, such as a coordinator, comes. */
async function again<R extends { errorCode: number }>(what: string, call: () => Promise<R>): Promise<R> {
  for (const until = performance.now() + 20_000; ; await sleep(50)) {
    const answer = await call()
    if (answer.errorCode === 0) return answer
    if (performance.now() > until) throw new Error(`${what}: error ${answer.errorCode}`)
  }
}
