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
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(4) : r.arrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  if (v >= 3) r.skipTags()
  return { name, partitions }
}

function writeAddPartitionsToTxnTopic(w: Writer, v: number, m: Draft<AddPartitionsToTxnTopic>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 3) { w.compactString(name) } else { w.string(name) }
  const partitions = m.partitions === undefined ? [] : m.partitions
  if (v >= 3) { w.compactArrayLength(partitions.length) } else { w.arrayLength(partitions.length) }
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
  const transactionalId: string = v >= 4 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const producerId: number = v >= 4 ? r.int64() : 0
  const producerEpoch: number = v >= 4 ? r.int16() : 0
  const verifyOnly: boolean = v >= 4 ? r.boolean() : false
  const topics: AddPartitionsToTxnTopic[] = []
  if (v >= 4) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push(readAddPartitionsToTxnTopic(r, v))
  }
  if (v >= 3) r.skipTags()
  return { transactionalId, producerId, producerEpoch, verifyOnly, topics }
}

function writeAddPartitionsToTxnTransaction(w: Writer, v: number, m: Draft<AddPartitionsToTxnTransaction>): void {
  if (v >= 4) {
    const transactionalId = m.transactionalId === undefined ? '' : m.transactionalId
    if (v >= 3) { w.compactString(transactionalId) } else { w.string(transactionalId) }
  }
  if ((v < 4) && m.transactionalId !== undefined && m.transactionalId !== '') throw new UnsupportedField('AddPartitionsToTxnRequest', 'transactionalId', v, 4)
  if (v >= 4) {
    const producerId = m.producerId === undefined ? 0 : m.producerId
    w.int64(producerId)
  }
  if ((v < 4) && m.producerId !== undefined && m.producerId !== 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'producerId', v, 4)
  if (v >= 4) {
    const producerEpoch = m.producerEpoch === undefined ? 0 : m.producerEpoch
    w.int16(producerEpoch)
  }
  if ((v < 4) && m.producerEpoch !== undefined && m.producerEpoch !== 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'producerEpoch', v, 4)
  if (v >= 4) {
    const verifyOnly = m.verifyOnly === undefined ? false : m.verifyOnly
    w.boolean(verifyOnly)
  }
  if ((v < 4) && m.verifyOnly !== undefined && m.verifyOnly !== false) throw new UnsupportedField('AddPartitionsToTxnRequest', 'verifyOnly', v, 4)
  if (v >= 4) {
    const topics = m.topics === undefined ? [] : m.topics
    if (v >= 3) { w.compactArrayLength(topics.length) } else { w.arrayLength(topics.length) }
    for (const item of topics) writeAddPartitionsToTxnTopic(w, v, item)
  }
  if ((v < 4) && m.topics !== undefined && m.topics.length > 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'topics', v, 4)
  if (v >= 3) w.unsignedVarint(0)
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
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) transactions.push(readAddPartitionsToTxnTransaction(r, v))
  }
  const v3AndBelowTransactionalId: string = v <= 3 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const v3AndBelowProducerId: number = v <= 3 ? r.int64() : 0
  const v3AndBelowProducerEpoch: number = v <= 3 ? r.int16() : 0
  const v3AndBelowTopics: AddPartitionsToTxnTopic[] = []
  if (v <= 3) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) v3AndBelowTopics.push(readAddPartitionsToTxnTopic(r, v))
  }
  if (v >= 3) r.skipTags()
  return { transactions, v3AndBelowTransactionalId, v3AndBelowProducerId, v3AndBelowProducerEpoch, v3AndBelowTopics }
}

function writeAddPartitionsToTxnRequest(w: Writer, v: number, m: Draft<AddPartitionsToTxnRequest>): void {
  if (v >= 4) {
    const transactions = m.transactions === undefined ? [] : m.transactions
    if (v >= 3) { w.compactArrayLength(transactions.length) } else { w.arrayLength(transactions.length) }
    for (const item of transactions) writeAddPartitionsToTxnTransaction(w, v, item)
  }
  if ((v < 4) && m.transactions !== undefined && m.transactions.length > 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'transactions', v, 4)
  if (v <= 3) {
    const v3AndBelowTransactionalId = m.v3AndBelowTransactionalId === undefined ? '' : m.v3AndBelowTransactionalId
    if (v >= 3) { w.compactString(v3AndBelowTransactionalId) } else { w.string(v3AndBelowTransactionalId) }
  }
  if ((v > 3) && m.v3AndBelowTransactionalId !== undefined && m.v3AndBelowTransactionalId !== '') throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowTransactionalId', v, 0)
  if (v <= 3) {
    const v3AndBelowProducerId = m.v3AndBelowProducerId === undefined ? 0 : m.v3AndBelowProducerId
    w.int64(v3AndBelowProducerId)
  }
  if ((v > 3) && m.v3AndBelowProducerId !== undefined && m.v3AndBelowProducerId !== 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowProducerId', v, 0)
  if (v <= 3) {
    const v3AndBelowProducerEpoch = m.v3AndBelowProducerEpoch === undefined ? 0 : m.v3AndBelowProducerEpoch
    w.int16(v3AndBelowProducerEpoch)
  }
  if ((v > 3) && m.v3AndBelowProducerEpoch !== undefined && m.v3AndBelowProducerEpoch !== 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowProducerEpoch', v, 0)
  if (v <= 3) {
    const v3AndBelowTopics = m.v3AndBelowTopics === undefined ? [] : m.v3AndBelowTopics
    if (v >= 3) { w.compactArrayLength(v3AndBelowTopics.length) } else { w.arrayLength(v3AndBelowTopics.length) }
    for (const item of v3AndBelowTopics) writeAddPartitionsToTxnTopic(w, v, item)
  }
  if ((v > 3) && m.v3AndBelowTopics !== undefined && m.v3AndBelowTopics.length > 0) throw new UnsupportedField('AddPartitionsToTxnRequest', 'v3AndBelowTopics', v, 0)
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
  const partitionIndex = m.partitionIndex === undefined ? 0 : m.partitionIndex
  w.int32(partitionIndex)
  const partitionErrorCode = m.partitionErrorCode === undefined ? 0 : m.partitionErrorCode
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
  {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) resultsByPartition.push(readAddPartitionsToTxnPartitionResult(r, v))
  }
  if (v >= 3) r.skipTags()
  return { name, resultsByPartition }
}

function writeAddPartitionsToTxnTopicResult(w: Writer, v: number, m: Draft<AddPartitionsToTxnTopicResult>): void {
  const name = m.name === undefined ? '' : m.name
  if (v >= 3) { w.compactString(name) } else { w.string(name) }
  const resultsByPartition = m.resultsByPartition === undefined ? [] : m.resultsByPartition
  if (v >= 3) { w.compactArrayLength(resultsByPartition.length) } else { w.arrayLength(resultsByPartition.length) }
  for (const item of resultsByPartition) writeAddPartitionsToTxnPartitionResult(w, v, item)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddPartitionsToTxnResult {
  transactionalId: string
  topicResults: AddPartitionsToTxnTopicResult[]
}

function readAddPartitionsToTxnResult(r: Reader, v: number): AddPartitionsToTxnResult {
  const transactionalId: string = v >= 4 ? (v >= 3 ? r.compactString() : r.string()) : ''
  const topicResults: AddPartitionsToTxnTopicResult[] = []
  if (v >= 4) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) topicResults.push(readAddPartitionsToTxnTopicResult(r, v))
  }
  if (v >= 3) r.skipTags()
  return { transactionalId, topicResults }
}

function writeAddPartitionsToTxnResult(w: Writer, v: number, m: Draft<AddPartitionsToTxnResult>): void {
  if (v >= 4) {
    const transactionalId = m.transactionalId === undefined ? '' : m.transactionalId
    if (v >= 3) { w.compactString(transactionalId) } else { w.string(transactionalId) }
  }
  if ((v < 4) && m.transactionalId !== undefined && m.transactionalId !== '') throw new UnsupportedField('AddPartitionsToTxnResponse', 'transactionalId', v, 4)
  if (v >= 4) {
    const topicResults = m.topicResults === undefined ? [] : m.topicResults
    if (v >= 3) { w.compactArrayLength(topicResults.length) } else { w.arrayLength(topicResults.length) }
    for (const item of topicResults) writeAddPartitionsToTxnTopicResult(w, v, item)
  }
  if ((v < 4) && m.topicResults !== undefined && m.topicResults.length > 0) throw new UnsupportedField('AddPartitionsToTxnResponse', 'topicResults', v, 4)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddPartitionsToTxnResponse {
  throttleTimeMs: number
  errorCode: number
  resultsByTransaction: AddPartitionsToTxnResult[]
  resultsByTopicV3AndBelow: AddPartitionsToTxnTopicResult[]
}

function readAddPartitionsToTxnResponse(r: Reader, v: number): AddPartitionsToTxnResponse {
  const throttleTimeMs = r.int32()
  const errorCode: number = v >= 4 ? r.int16() : 0
  const resultsByTransaction: AddPartitionsToTxnResult[] = []
  if (v >= 4) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) resultsByTransaction.push(readAddPartitionsToTxnResult(r, v))
  }
  const resultsByTopicV3AndBelow: AddPartitionsToTxnTopicResult[] = []
  if (v <= 3) {
    const n = r.notNull(v >= 3 ? r.compactArrayLength(1) : r.arrayLength(1))
    for (let i = 0; i < n; i++) resultsByTopicV3AndBelow.push(readAddPartitionsToTxnTopicResult(r, v))
  }
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, errorCode, resultsByTransaction, resultsByTopicV3AndBelow }
}

function writeAddPartitionsToTxnResponse(w: Writer, v: number, m: Draft<AddPartitionsToTxnResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  if (v >= 4) {
    const errorCode = m.errorCode === undefined ? 0 : m.errorCode
    w.int16(errorCode)
  }
  if (v >= 4) {
    const resultsByTransaction = m.resultsByTransaction === undefined ? [] : m.resultsByTransaction
    if (v >= 3) { w.compactArrayLength(resultsByTransaction.length) } else { w.arrayLength(resultsByTransaction.length) }
    for (const item of resultsByTransaction) writeAddPartitionsToTxnResult(w, v, item)
  }
  if ((v < 4) && m.resultsByTransaction !== undefined && m.resultsByTransaction.length > 0) throw new UnsupportedField('AddPartitionsToTxnResponse', 'resultsByTransaction', v, 4)
  if (v <= 3) {
    const resultsByTopicV3AndBelow = m.resultsByTopicV3AndBelow === undefined ? [] : m.resultsByTopicV3AndBelow
    if (v >= 3) { w.compactArrayLength(resultsByTopicV3AndBelow.length) } else { w.arrayLength(resultsByTopicV3AndBelow.length) }
    for (const item of resultsByTopicV3AndBelow) writeAddPartitionsToTxnTopicResult(w, v, item)
  }
  if ((v > 3) && m.resultsByTopicV3AndBelow !== undefined && m.resultsByTopicV3AndBelow.length > 0) throw new UnsupportedField('AddPartitionsToTxnResponse', 'resultsByTopicV3AndBelow', v, 0)
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
