/**
 * AddPartitionsToTxn 0–5: puts partitions into a transaction (KIP-98). From version 4 on brokers ask each other, for several
 * transactions at a time, and may only verify (KIP-890).
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
  type AddPartitionsToTxnTopic,
  type AddPartitionsToTxnTransaction,
  addPartitionsToTxn,
} from '../../../../shared/protocol/generated/add-partitions-to-txn.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Partition } from '../partition.ts'
import { isInternal } from '../topic-name.ts'
import { atTransactions, fencedAs } from './at-transactions.ts'

type TopicResult = NonNullable<Draft<AddPartitionsToTxnResponse>['resultsByTopicV3AndBelow']>[number]

const FENCED_SINCE = 2
/** Those of brokers; clients do not send them. */
const BATCHED_SINCE = 4

export const addPartitionsToTxnHandler: Handler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> = {
  api: addPartitionsToTxn,
  handle(request, context) {
    if (context.version < BATCHED_SINCE) {
      const only = {
        transactionalId: request.v3AndBelowTransactionalId,
        producerId: request.v3AndBelowProducerId,
        producerEpoch: request.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: request.v3AndBelowTopics,
      }
      return { resultsByTopicV3AndBelow: add(only, context) }
    }
    const resultsByTransaction = request.transactions.map((transaction) => {
      return { transactionalId: transaction.transactionalId, topicResults: add(transaction, context) }
    })
    return { resultsByTransaction }
  },
}

function add(wanted: AddPartitionsToTxnTransaction, context: RequestContext): TopicResult[] {
  const { transactionalId, producerEpoch: epoch, producerId, verifyOnly, topics } = wanted
  const found: Partition[] = []
  const errors = new Map<string, number>()
  for (const { name, partitions } of topics) {
    for (const index of new Set(partitions)) {
      const partition = context.cluster.partition(name, index)
      // Clients have no business with the brokers' own topics.
      if (context.version < BATCHED_SINCE && isInternal(name))
        errors.set(keyOf(name, index), ErrorCode.TOPIC_AUTHORIZATION_FAILED)
      else if (partition === undefined) errors.set(keyOf(name, index), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
      else found.push(partition)
    }
  }
  // One that cannot be added keeps all others out.
  if (errors.size > 0) return results(topics, (key) => errors.get(key) ?? ErrorCode.OPERATION_NOT_ATTEMPTED)
  const failed = (errorCode: number): TopicResult[] => {
    return results(topics, () => fencedAs(errorCode, context.version, FENCED_SINCE))
  }
  return atTransactions(context, transactionalId, failed, (coordinator) => {
    const producer = { producerId, epoch }
    if (verifyOnly) {
      const missing = coordinator.notIn(transactionalId, producer, found)
      const outside = new Set(missing.map(({ topic, index }) => keyOf(topic.name, index)))
      return results(topics, (key) => (outside.has(key) ? ErrorCode.TRANSACTION_ABORTABLE : ErrorCode.NONE))
    }
    coordinator.add(transactionalId, producer, found, context.version < BATCHED_SINCE ? 0 : 2)
    return results(topics, () => ErrorCode.NONE)
  })
}

const keyOf = (topic: string, index: number): string => `${topic} ${index}`

function results(topics: readonly AddPartitionsToTxnTopic[], errorOf: (key: string) => number): TopicResult[] {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: Array.from(new Set(partitions), (partitionIndex) => {
      return { partitionIndex, partitionErrorCode: errorOf(keyOf(name, partitionIndex)) }
    }),
  }))
}
