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

export interface ConsumerProtocolAssignment {
  assignedPartitions: TopicPartition[]
  userData: Buffer | null
}

function readConsumerProtocolAssignment(r: Reader, v: number): ConsumerProtocolAssignment {
  const assignedPartitions: TopicPartition[] = []
  for (let n = r.notNull(r.arrayLength(6)); n > 0; n--) assignedPartitions.push(readTopicPartition(r, v))
  const userData: Buffer | null = r.nullableBytes()
  return { assignedPartitions, userData }
}

function writeConsumerProtocolAssignment(w: Writer, v: number, m: Draft<ConsumerProtocolAssignment>): void {
  const { assignedPartitions = [] } = m
  w.arrayLength(assignedPartitions.length)
  for (const item of assignedPartitions) writeTopicPartition(w, v, item)
  const { userData = null } = m
  w.nullableBytes(userData)
}

export const consumerProtocolAssignment: Message<ConsumerProtocolAssignment> = {
  name: 'ConsumerProtocolAssignment',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 32767,
  encode: writeConsumerProtocolAssignment,
  decode: readConsumerProtocolAssignment,
}
