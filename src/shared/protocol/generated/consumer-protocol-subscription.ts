// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TopicPartition {
  topic: string
  partitions: number[]
}

function readTopicPartition(r: Reader, v: number): TopicPartition {
  const topic: string = v >= 1 ? (r.string()) : ''
  const partitions: number[] = []
  if (v >= 1) {
    const n = r.notNull(r.arrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  return { topic, partitions }
}

function writeTopicPartition(w: Writer, v: number, m: Draft<TopicPartition>): void {
  if (v >= 1) {
    const topic = m.topic === undefined ? '' : m.topic
    w.string(topic)
  }
  if ((v < 1) && m.topic !== undefined && m.topic !== '') throw new UnsupportedField('ConsumerProtocolSubscription', 'topic', v, 1)
  if (v >= 1) {
    const partitions = m.partitions === undefined ? [] : m.partitions
    w.arrayLength(partitions.length)
    for (const item of partitions) w.int32(item)
  }
  if ((v < 1) && m.partitions !== undefined && m.partitions.length > 0) throw new UnsupportedField('ConsumerProtocolSubscription', 'partitions', v, 1)
}

export interface ConsumerProtocolSubscription {
  topics: string[]
  userData: Buffer | null
  ownedPartitions: TopicPartition[]
  generationId: number
  rackId: string | null
}

function readConsumerProtocolSubscription(r: Reader, v: number): ConsumerProtocolSubscription {
  const topics: string[] = []
  {
    const n = r.notNull(r.arrayLength(1))
    for (let i = 0; i < n; i++) topics.push((r.string()))
  }
  const userData: Buffer | null = r.nullableBytes()
  const ownedPartitions: TopicPartition[] = []
  if (v >= 1) {
    const n = r.notNull(r.arrayLength(1))
    for (let i = 0; i < n; i++) ownedPartitions.push(readTopicPartition(r, v))
  }
  const generationId: number = v >= 2 ? r.int32() : -1
  const rackId: string | null = v >= 3 ? v >= 3 ? (r.nullableString()) : (r.string()) : null
  return { topics, userData, ownedPartitions, generationId, rackId }
}

function writeConsumerProtocolSubscription(w: Writer, v: number, m: Draft<ConsumerProtocolSubscription>): void {
  const topics = m.topics === undefined ? [] : m.topics
  w.arrayLength(topics.length)
  for (const item of topics) w.string(item)
  const userData = m.userData === undefined ? null : m.userData
  w.nullableBytes(userData)
  if (v >= 1) {
    const ownedPartitions = m.ownedPartitions === undefined ? [] : m.ownedPartitions
    w.arrayLength(ownedPartitions.length)
    for (const item of ownedPartitions) writeTopicPartition(w, v, item)
  }
  if (v >= 2) {
    const generationId = m.generationId === undefined ? -1 : m.generationId
    w.int32(generationId)
  }
  if (v >= 3) {
    const rackId = m.rackId === undefined ? null : m.rackId
    if (v >= 3) { w.nullableString(rackId) } else { w.string(rackId!) }
  }
}

export const consumerProtocolSubscription: Message<ConsumerProtocolSubscription> = {
  name: 'ConsumerProtocolSubscription',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 32767,
  encode: writeConsumerProtocolSubscription,
  decode: readConsumerProtocolSubscription,
}
