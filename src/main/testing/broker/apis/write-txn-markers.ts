/** WriteTxnMarkers 1–2: what coordinators send to leaders, and tools that end a transaction by hand (KIP-664). */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type WriteTxnMarkersRequest,
  type WriteTxnMarkersResponse,
  writeTxnMarkers,
} from '../../../../shared/protocol/generated/write-txn-markers.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Marker } from '../transactions/marker.ts'
import { writeMarker } from '../transactions/markers.ts'

type MarkerResult = NonNullable<Draft<WriteTxnMarkersResponse>['markers']>[number]

export const writeTxnMarkersHandler: Handler<WriteTxnMarkersRequest, WriteTxnMarkersResponse> = {
  api: writeTxnMarkers,
  handle({ markers }, context) {
    // Kafka fails to make the batch, and so the whole request.
    const impossible = markers.some(({ producerId, producerEpoch }) => producerId < 0 || producerEpoch < 0)
    const byProducer = new Map<number, Map<string, Map<number, number>>>()
    for (const { producerId, producerEpoch, transactionResult, coordinatorEpoch, transactionVersion, topics } of markers) {
      const marker = {
        producerId,
        epoch: producerEpoch,
        commit: transactionResult,
        coordinatorEpoch,
        version: transactionVersion,
      }
      const byTopic = byProducer.get(producerId) ?? new Map<string, Map<number, number>>()
      byProducer.set(producerId, byTopic)
      for (const { name, partitionIndexes } of topics) {
        const errors = byTopic.get(name) ?? new Map<number, number>()
        byTopic.set(name, errors)
        for (const index of partitionIndexes) {
          errors.set(index, impossible ? ErrorCode.UNKNOWN_SERVER_ERROR : write(name, index, marker, context))
        }
      }
    }
    return { markers: Array.from(byProducer, ([producerId, byTopic]): MarkerResult => ({ producerId, topics: listed(byTopic) })) }
  },
}

function write(topic: string, index: number, marker: Marker, { cluster, node, faults }: RequestContext): number {
  const fault = faults.failureOf(topic, index)
  if (fault && !fault.afterAppend) return fault.error ?? 0
  const partition = cluster.partition(topic, index)
  if (partition === undefined || !partition.replicas.includes(node.id)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  if (partition.leader !== node.id) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  const errorCode = writeMarker(cluster, partition, marker)
  return fault?.error ?? errorCode
}

function listed(byTopic: ReadonlyMap<string, ReadonlyMap<number, number>>): NonNullable<MarkerResult['topics']> {
  return Array.from(byTopic, ([name, errors]) => ({
    name,
    partitions: Array.from(errors, ([partitionIndex, errorCode]) => ({ partitionIndex, errorCode })),
  }))
}
