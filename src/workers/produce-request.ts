/** One Produce request: which batches ride in it, how they are written, and which answer belongs to which of them. */
import type { PartitionProduceResponse, ProduceResponse } from '../shared/protocol/generated/produce.ts'
import type { Batch } from './batch.ts'
import type { Lane } from './lane.ts'

/** A batch in a request; each partition has at most one, as brokers keep no more. */
export interface Passenger {
  lane: Lane
  batch: Batch
}

interface TopicData {
  name: string
  topicId: string
  partitionData: { index: number; records: Uint8Array }[]
}

/** The request's partitions by topic; the batches' bytes are borrowed. */
export function topicDataOf(passengers: readonly Passenger[]): TopicData[] {
  const topics = new Map<string, TopicData>()
  for (const { lane, batch } of passengers) {
    const { topic, topicId, partition } = lane.partition
    let data = topics.get(topic)
    if (!data) topics.set(topic, (data = { name: topic, topicId, partitionData: [] }))
    data.partitionData.push({ index: partition, records: batch.bytes })
  }
  return [...topics.values()]
}

/** The answer for each passenger that got one. From version 13 on brokers name topics by id. */
export function answersOf(passengers: readonly Passenger[], response: ProduceResponse): Map<Passenger, PartitionProduceResponse> {
  const byTopic = new Map<string, Map<number, Passenger>>()
  for (const passenger of passengers) {
    const { topic, topicId, partition } = passenger.lane.partition
    let partitions = byTopic.get(topic)
    if (!partitions) {
      partitions = new Map()
      byTopic.set(topic, partitions)
      byTopic.set(idKey(topicId), partitions)
    }
    partitions.set(partition, passenger)
  }
  const answers = new Map<Passenger, PartitionProduceResponse>()
  for (const { name, topicId, partitionResponses } of response.responses) {
    const partitions = byTopic.get(name === '' ? idKey(topicId) : name)
    for (const answer of partitionResponses) {
      const passenger = partitions?.get(answer.index)
      if (passenger) answers.set(passenger, answer)
    }
  }
  return answers
}

/** Never the name of a topic. */
function idKey(topicId: string): string {
  return `id ${topicId}`
}
