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
  {
    const n = r.notNull(r.arrayLength(4))
    for (let i = 0; i < n; i++) partitions.push(r.int32())
  }
  return { topic, partitions }
}

function writeTopicPartition(w: Writer, _v: number, m: Draft<TopicPartition>): void {
  const topic = m.topic === undefined ? '' : m.topic
  w.string(topic)
  const partitions = m.partitions === undefined ? [] : m.partitions
  w.arrayLength(partitions.length)
  for (const item of partitions) w.int32(item)
}

export interface ConsumerProtocolAssignment {
  assignedPartitions: TopicPartition[]
  userData: Buffer | null
}

function readConsumerProtocolAssignment(r: Reader, v: number): ConsumerProtocolAssignment {
  const assignedPartitions: TopicPartition[] = []
  {
    const n = r.notNull(r.arrayLength(1))
    for (let i = 0; i < n; i++) assignedPartitions.push(readTopicPartition(r, v))
  }
  const userData: Buffer | null = r.nullableBytes()
  return { assignedPartitions, userData }
}

function writeConsumerProtocolAssignment(w: Writer, v: number, m: Draft<ConsumerProtocolAssignment>): void {
  const assignedPartitions = m.assignedPartitions === undefined ? [] : m.assignedPartitions
  w.arrayLength(assignedPartitions.length)
  for (const item of assignedPartitions) writeTopicPartition(w, v, item)
  const userData = m.userData === undefined ? null : m.userData
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
