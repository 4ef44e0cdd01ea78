/**
 * The server-side assignors `uniform` and `range` (KIP-848): who is to have which partitions. Pure. `uniform` keeps what members
 * have and evens out their numbers; `range` gives each member neighbouring partitions, the same ones of topics of one size.
 */
import type { PartitionSets } from './assignment.ts'
import { inHashOrder } from './java-hash.ts'

export interface AssignableMember {
  readonly id: string
  readonly instanceId: string | null
  /** The topics that it is subscribed to and that are there. */
  readonly topicIds: ReadonlySet<string>
  /** What it was to have so far. */
  readonly current: PartitionSets
}

export interface AssignableGroup {
  readonly members: readonly AssignableMember[]
  /** Everybody is subscribed to the same in the same way. */
  readonly homogeneous: boolean
  readonly partitionsOf: (topicId: string) => number
}

export type Assignor = (group: AssignableGroup) => Map<string, PartitionSets>

export const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', (group: AssignableGroup) => (group.homogeneous ? uniformAlike(group) : uniformMixed(group))],
  ['range', range],
])

export const DEFAULT_ASSIGNOR = 'uniform'

type Sets = Map<string, Set<number>>

function add(sets: Sets, topicId: string, partition: number): void {
  const partitions = sets.get(topicId)
  if (partitions) partitions.add(partition)
  else sets.set(topicId, new Set([partition]))
}

function remove(sets: Sets, topicId: string, partition: number): void {
  const partitions = sets.get(topicId)
  partitions?.delete(partition)
  if (partitions?.size === 0) sets.delete(topicId)
}

function inOrder(members: readonly AssignableMember[]): AssignableMember[] {
  const byId = new Map(members.map((member) => [member.id, member]))
  return inHashOrder(byId.keys()).map((id) => byId.get(id)!)
}

/** What members have and may keep: of topics that are there and that they are subscribed to. In ascending order of partitions. */
function kept({ topicIds, current }: AssignableMember): Sets {
  const entries = [...current].filter(([topicId]) => topicIds.has(topicId))
  return new Map(entries.map(([topicId, partitions]) => [topicId, new Set([...partitions].sort((a, b) => a - b))]))
}

/** All are subscribed to the same: each gets the same number or one more; the ones more go to those who have most. */
function uniformAlike(group: AssignableGroup): Map<string, PartitionSets> {
  const members = inOrder(group.members)
  const topicIds = members[0]?.topicIds ?? new Set<string>()
  const taken = new Set<string>()
  for (const { current } of members)
    for (const [topicId, set] of current) for (const index of set) taken.add(`${topicId} ${index}`)
  const free: [string, number][] = []
  let total = 0
  for (const topicId of topicIds) {
    const count = group.partitionsOf(topicId)
    total += count
    for (let index = 0; index < count; index++) if (!taken.has(`${topicId} ${index}`)) free.push([topicId, index])
  }
  const least = Math.floor(total / members.length)
  let extras = total % members.length
  const result = new Map<string, Sets>()
  const unfilled: { sets: Sets; room: number }[] = []
  members.forEach((member, position) => {
    const sets = kept(member)
    result.set(member.id, sets)
    let withExtra = extras > 0
    let room = least + (withExtra ? 1 : 0)
    for (const [topicId, partitions] of [...sets]) {
      for (const index of [...partitions]) {
        if (room > 0) room--
        else {
          remove(sets, topicId, index)
          free.push([topicId, index])
        }
      }
    }
    // Whoever would have to be given the extra one leaves it to those behind, as long as there are more of them than extras.
    if (room > 0 && withExtra && members.length - position > extras) {
      room--
      withExtra = false
    }
    if (room > 0) unfilled.push({ sets, room })
    if (withExtra) extras--
  })
  let next = 0
  for (const { sets, room } of unfilled) {
    for (const [topicId, index] of free.slice(next, next + room)) add(sets, topicId, index)
    next += room
  }
  return result
}

interface Load {
  sets: Sets
  count: number
}

/** At most so often the topics are gone through to even out; members with overlapping subscriptions converge fast. */
const MAX_ROUNDS = 16

/** Members are subscribed to different topics: free partitions go to the least loaded subscriber, then loads are evened out. */
function uniformMixed(group: AssignableGroup): Map<string, PartitionSets> {
  const members = inOrder(group.members)
  const loads = new Map<string, Load>()
  const subscribers = new Map<string, Load[]>()
  const owners = new Map<string, Load>()
  for (const member of members) {
    const sets = kept(member)
    const load: Load = { sets, count: 0 }
    loads.set(member.id, load)
    for (const topicId of member.topicIds) subscribers.set(topicId, [...(subscribers.get(topicId) ?? []), load])
    for (const [topicId, partitions] of sets) {
      for (const index of partitions) {
        owners.set(`${topicId} ${index}`, load)
        load.count++
      }
    }
  }
  const topics = Array.from(subscribers, ([topicId, who]) => ({ topicId, who, partitions: group.partitionsOf(topicId) }))
  topics.sort(
    (a, b) =>
      b.partitions / b.who.length - a.partitions / a.who.length ||
      a.who.length - b.who.length ||
      (a.topicId < b.topicId ? -1 : 1),
  )
  for (const { topicId, who, partitions } of topics) {
    const candidates = byLoad(who)
    for (let index = 0; index < partitions; index++) {
      if (!owners.has(`${topicId} ${index}`)) give(leastOf(candidates), topicId, index)
    }
  }
  for (let round = 0, moved = true; moved && round < MAX_ROUNDS; round++) {
    moved = false
    for (const { topicId, who } of topics) moved = evenOut(topicId, byLoad(who)) || moved
  }
  return new Map(Array.from(loads, ([id, { sets }]) => [id, sets]))
}

/** The least loaded first; among those who come to have the same, that order decides. */
function byLoad(loads: readonly Load[]): Load[] {
  return [...loads].sort((a, b) => a.count - b.count)
}

function give(load: Load, topicId: string, partition: number): void {
  add(load.sets, topicId, partition)
  load.count++
}

function leastOf(loads: readonly Load[]): Load {
  return loads.reduce((least, load) => (load.count < least.count ? load : least))
}

/** Moves a topic's partitions from its most to its least loaded subscribers. Says whether it moved any. */
function evenOut(topicId: string, who: readonly Load[]): boolean {
  for (let moved = false; ; moved = true) {
    const givers = who.filter(({ sets }) => sets.has(topicId))
    if (givers.length === 0) return moved
    const most = givers.reduce((max, load) => (load.count >= max.count ? load : max))
    const least = leastOf(who)
    if (most.count - least.count <= 1) return moved
    const partition = Math.max(...most.sets.get(topicId)!)
    remove(most.sets, topicId, partition)
    most.count--
    give(least, topicId, partition)
  }
}

/** Static members first, by instance id, then the others by member id: so ranges stay where they are when members come back. */
function range(group: AssignableGroup): Map<string, PartitionSets> {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  const members = [...group.members].sort((a, b) => {
    if (a.instanceId !== null && b.instanceId !== null) return text(a.instanceId, b.instanceId)
    if (a.instanceId !== null) return -1
    return b.instanceId !== null ? 1 : text(a.id, b.id)
  })
  const result = new Map<string, Sets>(members.map(({ id }) => [id, new Map()]))
  for (const topicId of new Set(members.flatMap((member) => [...member.topicIds]))) {
    const who = members.filter((member) => member.topicIds.has(topicId))
    const count = group.partitionsOf(topicId)
    const least = Math.floor(count / who.length)
    const extras = count % who.length
    let next = 0
    who.forEach(({ id }, position) => {
      for (const end = next + least + (position < extras ? 1 : 0); next < end; next++) add(result.get(id)!, topicId, next)
    })
  }
  return result
}
