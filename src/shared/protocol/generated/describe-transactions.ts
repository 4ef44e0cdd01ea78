// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DescribeTransactionsRequest {
  transactionalIds: string[]
}

function readDescribeTransactionsRequest(r: Reader, _v: number): DescribeTransactionsRequest {
  const transactionalIds: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) transactionalIds.push(r.compactString())
  r.skipTags()
  return { transactionalIds }
}

function writeDescribeTransactionsRequest(w: Writer, _v: number, m: Draft<DescribeTransactionsRequest>): void {
  const { transactionalIds = [] } = m
  w.compactArrayLength(transactionalIds.length)
  for (const item of transactionalIds) w.compactString(item)
  w.unsignedVarint(0)
}

export interface TopicData {
  topic: string
  partitions: number[]
}

function readTopicData(r: Reader, _v: number): TopicData {
  const topic = r.compactString()
  const partitions: number[] = []
  for (let n = r.notNull(r.compactArrayLength(4)); n > 0; n--) partitions.push(r.int32())
  r.skipTags()
  return { topic, partitions }
}

function writeTopicData(w: Writer, _v: number, m: Draft<TopicData>): void {
  const { topic = '' } = m
  w.compactString(topic)
  const { partitions = [] } = m
  w.compactArrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  w.unsignedVarint(0)
}

export interface TransactionState {
  errorCode: number
  transactionalId: string
  transactionState: string
  transactionTimeoutMs: number
  transactionStartTimeMs: number
  producerId: number
  producerEpoch: number
  topics: TopicData[]
}

function readTransactionState(r: Reader, v: number): TransactionState {
  const errorCode = r.int16()
  const transactionalId = r.compactString()
  const transactionState = r.compactString()
  const transactionTimeoutMs = r.int32()
  const transactionStartTimeMs = r.int64()
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const topics: TopicData[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readTopicData(r, v))
  r.skipTags()
  return {
    errorCode,
    transactionalId,
    transactionState,
    transactionTimeoutMs,
    transactionStartTimeMs,
    producerId,
    producerEpoch,
    topics,
  }
}

function writeTransactionState(w: Writer, v: number, m: Draft<TransactionState>): void {
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { transactionalId = '' } = m
  w.compactString(transactionalId)
  const { transactionState = '' } = m
  w.compactString(transactionState)
  const { transactionTimeoutMs = 0 } = m
  w.int32(transactionTimeoutMs)
  const { transactionStartTimeMs = 0 } = m
  w.int64(transactionStartTimeMs)
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeTopicData(w, v, item)
  w.unsignedVarint(0)
}

export interface DescribeTransactionsResponse {
  throttleTimeMs: number
  transactionStates: TransactionState[]
}

function readDescribeTransactionsResponse(r: Reader, v: number): DescribeTransactionsResponse {
  const throttleTimeMs = r.int32()
  const transactionStates: TransactionState[] = []
  for (let n = r.notNull(r.compactArrayLength(28)); n > 0; n--) transactionStates.push(readTransactionState(r, v))
  r.skipTags()
  return { throttleTimeMs, transactionStates }
}

function writeDescribeTransactionsResponse(w: Writer, v: number, m: Draft<DescribeTransactionsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { transactionStates = [] } = m
  w.compactArrayLength(transactionStates.length)
  for (const item of transactionStates) writeTransactionState(w, v, item)
  w.unsignedVarint(0)
}

export const describeTransactions: Api<DescribeTransactionsRequest, DescribeTransactionsResponse> = {
  key: 65,
  name: 'DescribeTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeDescribeTransactionsRequest,
  decodeRequest: readDescribeTransactionsRequest,
  encodeResponse: writeDescribeTransactionsResponse,
  decodeResponse: readDescribeTransactionsResponse,
}
