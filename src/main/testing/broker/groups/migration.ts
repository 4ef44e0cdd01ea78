/**
 * Groups change their type (`group.consumer.migration.policy` is `bidirectional` in Kafka): a classic group of consumers becomes a
 * consumer group when somebody joins by the new protocol, and goes back when the last such member has gone.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { MalformedFrame } from '../../../../shared/protocol/reader.ts'
import { Refusal } from '../refusal.ts'
import { heldAt, type PartitionSets } from './assignment.ts'
import { ClassicGroup } from './classic-group.ts'
import { ClassicMember, NO_ASSIGNMENT } from './classic-member.ts'
import type { ClassicRebalancing } from './classic-rebalance.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, newConsumerMember } from './consumer-member.ts'
import {
  CONSUMER_PROTOCOL,
  decodeAssignment,
  decodeSubscription,
  embeddedVersion,
  encodeAssignment,
} from './consumer-protocol.ts'
import type { GroupStore } from './store.ts'

export class Migration {
  readonly #store: GroupStore
  readonly #rebalancing: ClassicRebalancing

  constructor(store: GroupStore, rebalancing: ClassicRebalancing) {
    this.#store = store
    this.#rebalancing = rebalancing
  }

  /** The consumer group that takes a classic group's place, for the caller to install. Throws a {@link Refusal}. */
  upgrade(group: ClassicGroup): ConsumerGroup {
    if (group.isEmpty) return this.#store.newConsumerGroup(group.id)
    const cannot = (why: string): Refusal =>
      new Refusal(ErrorCode.GROUP_ID_NOT_FOUND, `Cannot upgrade classic group ${group.id} to consumer group because ${why}.`)
    if (!group.usesConsumerProtocol) throw cannot('the group does not use the consumer embedded protocol')
    if (group.members.size > this.#store.settings.maxSize) {
      throw cannot('the group size exceeds the consumer group maximum size')
    }
    this.#rebalancing.abandon(group, ErrorCode.REBALANCE_IN_PROGRESS)
    // Kafka trips over a group that never had a generation.
    if (group.protocolName === undefined) throw new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR)
    const upgraded = this.#store.newConsumerGroup(group.id)
    upgraded.epoch = upgraded.assignmentEpoch = group.generation
    try {
      for (const member of group.members.values()) {
        const assigned = this.#assignedTo(member)
        if (assigned === undefined) {
          throw cannot('an unsupported custom assignor is in use')
        }
        upgraded.members.set(member.id, upgradedMember(member, group, assigned))
        upgraded.targets.set(member.id, assigned)
      }
    } catch (error) {
      if (error instanceof MalformedFrame) throw cannot('the embedded consumer protocol is malformed')
      throw error
    }
    upgraded.topicsHash = upgraded.hashTopics()
    return upgraded
  }

  /** Whether the group became a classic one because only classic members stay when these leave. */
  downgradeWithout(group: ConsumerGroup, leaving: readonly ConsumerMember[]): boolean {
    const staying = [...group.members.values()].filter((member) => !leaving.includes(member))
    if (staying.length === 0 || !this.#mayBeClassic(staying)) return false
    const downgraded = this.#downgrade(group, staying)
    this.#rebalancing.prepare(downgraded)
    return true
  }

  /** Whether only classic members stay when a static member of the new protocol is replaced by a classic one. */
  isDowngradedBy(group: ConsumerGroup, replaced: ConsumerMember | undefined): boolean {
    if (replaced === undefined || replaced.classic !== undefined) return false
    const others = [...group.members.values()].filter((member) => member !== replaced)
    return others.every(({ classic }) => classic !== undefined) && group.members.size <= this.#store.settings.maxSize
  }

  /** Puts a classic group in the place of a consumer group whose members all speak the classic protocol now. */
  downgrade(group: ConsumerGroup, rebalances: boolean): void {
    const downgraded = this.#downgrade(group, [...group.members.values()])
    if (rebalances) this.#rebalancing.prepare(downgraded)
  }

  #mayBeClassic(members: readonly ConsumerMember[]): boolean {
    return members.every(({ classic }) => classic !== undefined) && members.length <= this.#store.settings.maxSize
  }

  #downgrade(group: ConsumerGroup, members: readonly ConsumerMember[]): ClassicGroup {
    const { cluster, groups } = this.#store
    const downgraded = new ClassicGroup(cluster, group.id)
    downgraded.generation = group.epoch
    for (const member of members) downgraded.add(downgradedMember(member), CONSUMER_PROTOCOL)
    downgraded.protocolName = downgraded.selectProtocol()
    downgraded.state = downgraded.previousState = 'Stable'
    downgraded.findTopics()
    for (const member of downgraded.members.values()) {
      const version = versionOf(member.metadata(downgraded.protocolName ?? ''))
      member.assignment = encodeAssignment(this.namedPartitions(group.targetOf(member.id)), version)
    }
    this.#store.drop(group)
    groups.set(group.id, downgraded)
    downgraded.save()
    for (const member of downgraded.members.values()) this.#rebalancing.startSession(downgraded, member)
    return downgraded
  }

  /** With names for ids, without topics that are gone. */
  namedPartitions(partitions: PartitionSets): { topic: string; partitions: number[] }[] {
    return Array.from(partitions).flatMap(([topicId, indexes]) => {
      const topic = this.#store.cluster.topics.byId(topicId)
      return topic ? [{ topic: topic.name, partitions: [...indexes].sort((a, b) => a - b) }] : []
    })
  }

  /** What a classic leader assigned; undefined when it added something that only its own assignor understands. */
  #assignedTo({ assignment }: ClassicMember): PartitionSets | undefined {
    if (assignment.length === 0) return new Map()
    const { assignedPartitions, userData } = decodeAssignment(assignment)
    if (userData !== null && userData.length > 0) return undefined
    return new Map(
      assignedPartitions.flatMap(({ topic, partitions }): [string, Set<number>][] => {
        const found = this.#store.cluster.topics.get(topic)
        return found && partitions.length > 0 ? [[found.id, new Set(partitions)]] : []
      }),
    )
  }
}

/** Version 0 for those whose bytes say none: only they will read the answer. */
function versionOf(metadata: Uint8Array): number {
  try {
    return embeddedVersion(metadata)
  } catch (error) {
    if (error instanceof MalformedFrame) return 0
    throw error
  }
}

function upgradedMember(member: ClassicMember, group: ClassicGroup, assigned: PartitionSets): ConsumerMember {
  const { topics, rackId } = decodeSubscription(member.metadata(group.protocolName ?? ''))
  return {
    ...newConsumerMember(member.id),
    epoch: group.generation,
    previousEpoch: group.generation,
    instanceId: member.instanceId,
    rackId: rackId || null,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    clientId: member.clientId,
    clientHost: member.clientHost,
    topicNames: new Set(topics),
    assigned: heldAt(assigned, group.generation),
    classic: { sessionTimeoutMs: member.sessionTimeoutMs, protocols: member.protocols },
  }
}

function downgradedMember(member: ConsumerMember): ClassicMember {
  const { id, instanceId, clientId, clientHost, rebalanceTimeoutMs, classic } = member
  return new ClassicMember({
    ...{ id, instanceId, clientId, clientHost, rebalanceTimeoutMs },
    sessionTimeoutMs: classic?.sessionTimeoutMs ?? 0,
    protocols: classic?.protocols ?? [],
    assignment: NO_ASSIGNMENT,
  })
}
