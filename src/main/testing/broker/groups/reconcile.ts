/**
 * What a member is told to have next (KIP-848): it gives up first, then its epoch moves on, then it gets what nobody else holds any
 * more. Pure; knows neither groups nor requests.
 */
import type { HeldPartitions, PartitionSets, TopicPartitions } from './assignment.ts'
import { NOTHING_HELD } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'

export interface Reconciliation {
  targetEpoch: number
  target: PartitionSets
  /** What the member says it has; null: it does not say. */
  owned: readonly TopicPartitions[] | null
  subscriptionChanged: boolean
  /** The topics that the member is subscribed to and that are there. */
  subscribedTopicIds: ReadonlySet<string>
  /** Whether another member holds the partition, or has not given it up yet. */
  heldByOther: (topicId: string, partition: number) => boolean
}

/** The member as it is from now on; the same object when nothing changes. */
export function reconcile(member: ConsumerMember, facts: Reconciliation): ConsumerMember {
  switch (member.state) {
    case 'stable':
      if (member.epoch !== facts.targetEpoch) return advance(member, facts)
      return facts.subscriptionChanged ? dropUnsubscribed(member, facts) : member
    case 'unrevoked':
      if (!stillOwns(member.revoking, facts.owned)) return advance(member, facts)
      return facts.subscriptionChanged ? dropUnsubscribed(member, facts) : member
    case 'unreleased':
      return advance(member, facts)
  }
}

/** Whether the member still has any of these; it does until it says otherwise. */
function stillOwns(partitions: HeldPartitions, owned: readonly TopicPartitions[] | null): boolean {
  if (partitions.size === 0) return false
  if (owned === null) return true
  return owned.some((topic) => topic.partitions.some((index) => partitions.get(topic.topicId)?.has(index)))
}

/** Takes away the topics that the member no longer subscribes to, before there is a new target. */
function dropUnsubscribed(member: ConsumerMember, { subscribedTopicIds, owned }: Reconciliation): ConsumerMember {
  const dropped = [...member.assigned].filter(([topicId]) => !subscribedTopicIds.has(topicId))
  if (dropped.length === 0) return member
  const assigned = new Map([...member.assigned].filter(([topicId]) => subscribedTopicIds.has(topicId)))
  const revoking = new Map(member.revoking)
  for (const [topicId, epochs] of dropped) revoking.set(topicId, new Map([...(revoking.get(topicId) ?? []), ...epochs]))
  const next = { ...member, previousEpoch: member.epoch, assigned }
  return stillOwns(revoking, owned) ? { ...next, state: 'unrevoked', revoking } : next
}

interface Split {
  keep: Map<string, ReadonlyMap<number, number>>
  revoke: Map<string, ReadonlyMap<number, number>>
  /** Wanted and free. */
  add: [topicId: string, partition: number][]
  /** Wanted, but another member has it. */
  blocked: boolean
}

function advance(member: ConsumerMember, facts: Reconciliation): ConsumerMember {
  const { keep, revoke, add, blocked } = split(member, facts)
  if (stillOwns(revoke, facts.owned)) {
    return { ...member, state: 'unrevoked', previousEpoch: member.epoch, assigned: keep, revoking: revoke }
  }
  const assigned = new Map(keep)
  for (const [topicId, partition] of add) {
    assigned.set(topicId, new Map([...(assigned.get(topicId) ?? []), [partition, facts.targetEpoch]]))
  }
  return {
    ...member,
    state: blocked ? 'unreleased' : 'stable',
    epoch: facts.targetEpoch,
    previousEpoch: member.epoch,
    assigned,
    revoking: NOTHING_HELD,
  }
}

function split(member: ConsumerMember, { target, subscribedTopicIds, heldByOther }: Reconciliation): Split {
  const result: Split = { keep: new Map(), revoke: new Map(), add: [], blocked: false }
  for (const topicId of new Set([...target.keys(), ...member.assigned.keys()])) {
    const wanted = (subscribedTopicIds.has(topicId) ? target.get(topicId) : undefined) ?? new Set<number>()
    const has = member.assigned.get(topicId) ?? new Map<number, number>()
    const keep = [...has].filter(([partition]) => wanted.has(partition))
    const revoke = [...has].filter(([partition]) => !wanted.has(partition))
    if (keep.length > 0) result.keep.set(topicId, new Map(keep))
    if (revoke.length > 0) result.revoke.set(topicId, new Map(revoke))
    for (const partition of wanted) {
      if (has.has(partition)) continue
      if (heldByOther(topicId, partition)) result.blocked = true
      else result.add.push([topicId, partition])
    }
  }
  return result
}
