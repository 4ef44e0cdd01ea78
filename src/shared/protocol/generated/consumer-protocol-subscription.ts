// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface TopicPartition {
  topic: string
  partitions: number[]
}

function readTopicPartition(r: Reader, _v: number): TopicPartition {
  const topic = r.string()
  const partitions: number[] = []
  for (let n = r.notNull(r.arrayLength(4)); n > 0; n--) partitions.push(r.int32())
  return { topic, partitions }
}

function writeTopicPartition(w: Writer, _v: number, m: Draft<TopicPartition>): void {
  const { topic = '' } = m
  w.string(topic)
  const { partitions = [] } = m
  w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
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
  for (let n = r.notNull(r.arrayLength(2)); n > 0; n--) topics.push(r.string())
  const userData: Buffer | null = r.nullableBytes()
  const ownedPartitions: TopicPartition[] = []
  if (v >= 1) {
    for (let n = r.notNull(r.arrayLength(6)); n > 0; n--) ownedPartitions.push(readTopicPartition(r, v))
  }
  const generationId = v >= 2 ? r.int32() : -1
  const rackId: string | null = v >= 3 ? r.nullableString() : null
  return { topics, userData, ownedPartitions, generationId, rackId }
}

function writeConsumerProtocolSubscription(w: Writer, v: number, m: Draft<ConsumerProtocolSubscription>): void {
  const { topics = [] } = m
  w.arrayLength(topics.length)
  for (const item of topics) w.string(item)
  const { userData = null } = m
  w.nullableBytes(userData)
  if (v >= 1) {
    const { ownedPartitions = [] } = m
    w.arrayLength(ownedPartitions.length)
    for (const item of ownedPartitions) writeTopicPartition(w, v, item)
  }
  if (v >= 2) {
    const { generationId = -1 } = m
    w.int32(generationId)
  }
  if (v >= 3) {
    const { rackId = null } = m
    w.nullableString(rackId)
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
