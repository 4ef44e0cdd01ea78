/**
 * What classic consumers say inside JoinGroup and SyncGroup: subscriptions and assignments, each with a version in front. Throws
 * MalformedFrame on bytes that are none.
 */
import type { Message } from '../../../../shared/protocol/api.ts'
import {
  type ConsumerProtocolAssignment,
  consumerProtocolAssignment,
} from '../../../../shared/protocol/generated/consumer-protocol-assignment.ts'
import {
  type ConsumerProtocolSubscription,
  consumerProtocolSubscription,
} from '../../../../shared/protocol/generated/consumer-protocol-subscription.ts'
import { MalformedFrame, Reader } from '../../../../shared/protocol/reader.ts'
import { Writer } from '../../../../shared/protocol/writer.ts'

/** The protocol type of classic groups of consumers. */
export const CONSUMER_PROTOCOL = 'consumer'

/** The version to answer somebody who came with this; later versions read like the latest known one. */
export function embeddedVersion(bytes: Uint8Array): number {
  const version = new Reader(bytes).int16()
  if (version < 0) throw new MalformedFrame(`the consumer protocol has no version ${version}`)
  return Math.min(version, consumerProtocolSubscription.maxVersion)
}

function decode<T>(message: Message<T>, bytes: Uint8Array, version = embeddedVersion(bytes)): T {
  return message.decode(new Reader(bytes, 2), version)
}

export function decodeSubscription(bytes: Uint8Array): ConsumerProtocolSubscription {
  return decode(consumerProtocolSubscription, bytes)
}

/** The topics alone, which stand at the same place in every version. */
export function subscribedTopics(bytes: Uint8Array): string[] {
  embeddedVersion(bytes)
  return decode(consumerProtocolSubscription, bytes, 0).topics
}

export function decodeAssignment(bytes: Uint8Array): ConsumerProtocolAssignment {
  return decode(consumerProtocolAssignment, bytes)
}

export function encodeAssignment(assignedPartitions: ConsumerProtocolAssignment['assignedPartitions'], version: number): Buffer {
  const writer = new Writer()
  writer.int16(version)
  consumerProtocolAssignment.encode(writer, version, { assignedPartitions, userData: null })
  return writer.finish()
}
