// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AddPartitionsToTxnTopic {
  name: string
  partitions: number[]
}

function readAddPartitionsToTxnTopic(r: Reader, v: number): AddPartitionsToTxnTopic {
  const name = v >= 3 ? r.compactString() : r.string()
  const partitions: number[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(4) : r.arrayLength(4)); n > 0; n--) partitions.push(r.int32())
  if (v >= 3) r.skipTags()
  return { name, partitions }
}

function writeAddPartitionsToTxnTopic(w: Writer, v: number, m: Draft<AddPartitionsToTxnTopic>): void {
  const { name = '' } = m
  if (v >= 3) w.compactString(name)
  else w.string(name)
  const { partitions = [] } = m
  if (v >= 3) w.compactArrayLength(partitions.length)
  else w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddPartitionsToTxnTransaction {
  transactionalId: string
  producerId: number
  producerEpoch: number
  verifyOnly: boolean
  topics: AddPartitionsToTxnTopic[]
}

function readAddPartitionsToTxnTransaction(r: Reader, v: number): AddPartitionsToTxnTransaction {
  const transactionalId = r.compactString()
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const verifyOnly = r.boolean()
  const topics: AddPartitionsToTxnTopic[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topics.push(readAddPartitionsToTxnTopic(r, v))
  r.skipTags()
  return { transactionalId, producerId, producerEpoch, verifyOnly, topics }
}

function writeAddPartitionsToTxnTransaction(w: Writer, v: number, m: Draft<AddPartitionsToTxnTransaction>): void {
  const { transactionalId = '' } = m
  w.compactString(transactionalId)
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  const { verifyOnly = false } = m
  w.boolean(verifyOnly)
  const { topics = [] } = m
  w.compactArrayLength(topics.length)
  for (const item of topics) writeAddPartitionsToTxnTopic(w, v, item)
  w.unsignedVarint(0)
}

export interface AddPartitionsToTxnRequest {
  transactions: AddPartitionsToTxnTransaction[]
  v3AndBelowTransactionalId: string
  v3AndBelowProducerId: number
  v3AndBelowProducerEpoch: number
  v3AndBelowTopics: AddPartitionsToTxnTopic[]
}

function readAddPartitionsToTxnRequest(r: Reader, v: number): AddPartitionsToTxnRequest {
  const transactions: AddPartitionsToTxnTransaction[] = []
  if (v >= 4) {
    for (let n = r.notNull(r.compactArrayLength(14)); n > 0; n--) transactions.push(readAddPartitionsToTxnTransaction(r, v))
  }
  const v3AndBelowTransactionalId = v <= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const v3AndBelowProducerId = v <= 3 ? r.int64() : 0
  const v3AndBelowProducerEpoch = v <= 3 ? r.int16() : 0
  const v3AndBelowTopics: AddPartitionsToTxnTopic[] = []
  if (v <= 3) {
    for (let n = r.notNull(v >= 3 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) v3AndBelowTopics.push(readAddPartitionsToTxnTopic(r, v))
  }
  if (v >= 3) r.skipTags()
  return { transactions, v3AndBelowTransactionalId, v3AndBelowProducerId, v3AndBelowProducerEpoch, v3AndBelowTopics }
}

function writeAddPartitionsToTxnRequest(w: Writer, v: number, m: Draft<AddPartitionsToTxnRequest>): void {
  if (v >= 4) {
    const { transactions = [] } = m
    w.compactArrayLength(transactions.length)
    for (const item of transactions) writeAddPartitionsToTxnTransaction(w, v, item)
  } else if (m.transactions !== undefined && m.transactions.length > 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'transactions', v, 4, 32767)
  if (v <= 3) {
    const { v3AndBelowTransactionalId = '' } = m
    if (v >= 3) w.compactString(v3AndBelowTransactionalId)
    else w.string(v3AndBelowTransactionalId)
  } else if (m.v3AndBelowTransactionalId !== undefined && m.v3AndBelowTransactionalId !== '') throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowTransactionalId', v, 0, 3)
  if (v <= 3) {
    const { v3AndBelowProducerId = 0 } = m
    w.int64(v3AndBelowProducerId)
  } else if (m.v3AndBelowProducerId !== undefined && m.v3AndBelowProducerId !== 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowProducerId', v, 0, 3)
  if (v <= 3) {
    const { v3AndBelowProducerEpoch = 0 } = m
    w.int16(v3AndBelowProducerEpoch)
  } else if (m.v3AndBelowProducerEpoch !== undefined && m.v3AndBelowProducerEpoch !== 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowProducerEpoch', v, 0, 3)
  if (v <= 3) {
    const { v3AndBelowTopics = [] } = m
    if (v >= 3) w.compactArrayLength(v3AndBelowTopics.length)
    else w.arrayLength(v3AndBelowTopics.length)
    for (const item of v3AndBelowTopics) writeAddPartitionsToTxnTopic(w, v, item)
  } else if (m.v3AndBelowTopics !== undefined && m.v3AndBelowTopics.length > 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowTopics', v, 0, 3)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddPartitionsToTxnPartitionResult {
  partitionIndex: number
  partitionErrorCode: number
}

function readAddPartitionsToTxnPartitionResult(r: Reader, v: number): AddPartitionsToTxnPartitionResult {
  const partitionIndex = r.int32()
  const partitionErrorCode = r.int16()
  if (v >= 3) r.skipTags()
  return { partitionIndex, partitionErrorCode }
}

function writeAddPartitionsToTxnPartitionResult(w: Writer, v: number, m: Draft<AddPartitionsToTxnPartitionResult>): void {
  const { partitionIndex = 0 } = m
  w.int32(partitionIndex)
  const { partitionErrorCode = 0 } = m
  w.int16(partitionErrorCode)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddPartitionsToTxnTopicResult {
  name: string
  resultsByPartition: AddPartitionsToTxnPartitionResult[]
}

function readAddPartitionsToTxnTopicResult(r: Reader, v: number): AddPartitionsToTxnTopicResult {
  const name = v >= 3 ? r.compactString() : r.string()
  const resultsByPartition: AddPartitionsToTxnPartitionResult[] = []
  for (let n = r.notNull(v >= 3 ? r.compactArrayLength(7) : r.arrayLength(6)); n > 0; n--) resultsByPartition.push(readAddPartitionsToTxnPartitionResult(r, v))
  if (v >= 3) r.skipTags()
  return { name, resultsByPartition }
}

function writeAddPartitionsToTxnTopicResult(w: Writer, v: number, m: Draft<AddPartitionsToTxnTopicResult>): void {
  const { name = '' } = m
  if (v >= 3) w.compactString(name)
  else w.string(name)
  const { resultsByPartition = [] } = m
  if (v >= 3) w.compactArrayLength(resultsByPartition.length)
  else w.arrayLength(resultsByPartition.length)
  for (const item of resultsByPartition) writeAddPartitionsToTxnPartitionResult(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddPartitionsToTxnResult {
  transactionalId: string
  topicResults: AddPartitionsToTxnTopicResult[]
}

function readAddPartitionsToTxnResult(r: Reader, v: number): AddPartitionsToTxnResult {
  const transactionalId = r.compactString()
  const topicResults: AddPartitionsToTxnTopicResult[] = []
  for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) topicResults.push(readAddPartitionsToTxnTopicResult(r, v))
  r.skipTags()
  return { transactionalId, topicResults }
}

function writeAddPartitionsToTxnResult(w: Writer, v: number, m: Draft<AddPartitionsToTxnResult>): void {
  const { transactionalId = '' } = m
  w.compactString(transactionalId)
  const { topicResults = [] } = m
  w.compactArrayLength(topicResults.length)
  for (const item of topicResults) writeAddPartitionsToTxnTopicResult(w, v, item)
  w.unsignedVarint(0)
}

export interface AddPartitionsToTxnResponse {
  throttleTimeMs: number
  errorCode: number
  resultsByTransaction: AddPartitionsToTxnResult[]
  resultsByTopicV3AndBelow: AddPartitionsToTxnTopicResult[]
}

function readAddPartitionsToTxnResponse(r: Reader, v: number): AddPartitionsToTxnResponse {
  const throttleTimeMs = r.int32()
  const errorCode = v >= 4 ? r.int16() : 0
  const resultsByTransaction: AddPartitionsToTxnResult[] = []
  if (v >= 4) {
    for (let n = r.notNull(r.compactArrayLength(3)); n > 0; n--) resultsByTransaction.push(readAddPartitionsToTxnResult(r, v))
  }
  const resultsByTopicV3AndBelow: AddPartitionsToTxnTopicResult[] = []
  if (v <= 3) {
    for (let n = r.notNull(v >= 3 ? r.compactArrayLength(3) : r.arrayLength(6)); n > 0; n--) resultsByTopicV3AndBelow.push(readAddPartitionsToTxnTopicResult(r, v))
  }
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, errorCode, resultsByTransaction, resultsByTopicV3AndBelow }
}

function writeAddPartitionsToTxnResponse(w: Writer, v: number, m: Draft<AddPartitionsToTxnResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  if (v >= 4) {
    const { errorCode = 0 } = m
    w.int16(errorCode)
  }
  if (v >= 4) {
    const { resultsByTransaction = [] } = m
    w.compactArrayLength(resultsByTransaction.length)
    for (const item of resultsByTransaction) writeAddPartitionsToTxnResult(w, v, item)
  } else if (m.resultsByTransaction !== undefined && m.resultsByTransaction.length > 0) throw new UnsupportedField('AddPartitionsToTxnResponse', 'resultsByTransaction', v, 4, 32767)
  if (v <= 3) {
    const { resultsByTopicV3AndBelow = [] } = m
    if (v >= 3) w.compactArrayLength(resultsByTopicV3AndBelow.length)
    else w.arrayLength(resultsByTopicV3AndBelow.length)
    for (const item of resultsByTopicV3AndBelow) writeAddPartitionsToTxnTopicResult(w, v, item)
  } else if (m.resultsByTopicV3AndBelow !== undefined && m.resultsByTopicV3AndBelow.length > 0) throw new UnsupportedField('AddPartitionsToTxnResponse', 'resultsByTopicV3AndBelow', v, 0, 3)
  if (v >= 3) w.unsignedVarint(0)
}

export const addPartitionsToTxn: Api<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> = {
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  encodeRequest: writeAddPartitionsToTxnRequest,
  decodeRequest: readAddPartitionsToTxnRequest,
  encodeResponse: writeAddPartitionsToTxnResponse,
  decodeResponse: readAddPartitionsToTxnResponse,
}
