/** Steps of members of the classic protocol, dynamic and static, right and wrong: JoinGroup, SyncGroup, Heartbeat, LeaveGroup. */
import fc from 'fast-check'
import { consumerProtocolSubscription } from '../../src/shared/protocol/generated/consumer-protocol-subscription.ts'
import { heartbeat } from '../../src/shared/protocol/generated/heartbeat.ts'
import { joinGroup } from '../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../src/shared/protocol/generated/leave-group.ts'
import { syncGroup } from '../../src/shared/protocol/generated/sync-group.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import { anyVersion, kind, type StepKind, shift, since, versionOf } from './step.ts'
import { type ClassicMember, NOBODY, type World } from './world.ts'

/** Mostly groups of classic members, sometimes the one of the consumer protocol. */
const anyGroup = fc.constantFrom(0, 0, 0, 0, 1, 1, '')
const wrongGroup = fc.oneof({ weight: 9, arbitrary: anyGroup }, { weight: 1, arbitrary: fc.constantFrom(2, 3, 9) })
/** Dynamic members and static ones. */
const anyMember = fc.constantFrom('m0', 'm0', 'm1', 'm2', 's0', 's0', 's1')

const instanceOf = (name: string): string | null => (name.startsWith('s') ? `i${name.slice(1)}` : null)

function memberOf(world: World, group: number | string, name: string): ClassicMember {
  const key = `${group} ${name}`
  let member = world.classic.get(key)
  if (member === undefined) world.classic.set(key, (member = { ids: NOBODY, generation: -1, all: undefined }))
  return member
}

function subscription(topics: string[]): Buffer {
  const w = new Writer()
  w.int16(1)
  consumerProtocolSubscription.encode(w, 1, { topics, userData: null, ownedPartitions: [] })
  return Buffer.concat(w.chunks())
}

const joinStep = kind(
  'join',
  8,
  fc.record({
    version: anyVersion,
    group: anyGroup,
    who: anyMember,
    id: fc.constantFrom('own', 'own', 'own', 'own', 'none', 'stranger'),
    session: fc.constantFrom(30_000, 30_000, 30_000, 30_000, 999, 1_800_001),
    type: fc.constantFrom('consumer', 'consumer', 'consumer', 'other', ''),
    protocols: fc.constantFrom(['a'], ['a'], ['a', 'b'], ['b', 'a'], ['b'], []),
    metadata: fc.constantFrom(1, 1, 2, 'rubbish'),
  }),
  async (world, wish) => {
    const { group, who } = wish
    const actor = `${group} ${who}`
    if (world.pair.isWaiting(actor)) return
    const version = versionOf(joinGroup, wish.version)
    const member = memberOf(world, group, who)
    const id = { own: member.ids, none: NOBODY, stranger: ['stranger', 'stranger'] as const }[wish.id]!
    const topics = world.topics.slice(0, Number(wish.metadata) || 0).map(({ name }) => name)
    const metadata = wish.metadata === 'rubbish' ? Buffer.from('?') : subscription(topics)
    await world.pair.mayWait(
      actor,
      joinGroup,
      version,
      (side) => ({
        groupId: world.groupName(group),
        sessionTimeoutMs: wish.session,
        memberId: id[side],
        protocolType: wish.type,
        protocols: wish.protocols.map((name) => ({ name, metadata })),
        ...since(version, 1, { rebalanceTimeoutMs: 60_000 }),
        ...since(version, 5, { groupInstanceId: instanceOf(who) }),
      }),
      ([real, embedded]) => {
        if (real.memberId !== '' && real.memberId !== 'stranger' && embedded.memberId !== '') {
          member.ids = [real.memberId, embedded.memberId]
          world.pair.learn(`${actor} of ${world.pair.requests}`, member.ids)
        }
        if (real.errorCode !== 0) return
        member.generation = real.generationId
        member.all = real.members.length > 0 ? [ids(real.members), ids(embedded.members)] : undefined
      },
    )
  },
)

const ids = (members: { memberId: string }[]) => members.map(({ memberId }) => memberId)

const syncStep = kind(
  'sync',
  7,
  fc.record({
    version: anyVersion,
    group: anyGroup,
    who: anyMember,
    shift,
    type: fc.constantFrom('own', 'own', 'own', 'other'),
    instance: fc.constantFrom('own', 'own', 'own', 'other'),
  }),
  async (world, wish) => {
    const { group, who } = wish
    const actor = `${group} ${who} sync`
    if (world.pair.isWaiting(actor)) return
    const version = versionOf(syncGroup, wish.version)
    const member = memberOf(world, group, who)
    const instance = wish.instance === 'own' ? instanceOf(who) : 'i9'
    await world.pair.mayWait(
      actor,
      syncGroup,
      version,
      (side) => ({
        groupId: world.groupName(group),
        generationId: member.generation + wish.shift,
        memberId: member.ids[side],
        assignments: (member.all?.[side] ?? []).map((memberId) => ({ memberId, assignment: Buffer.from('some') })),
        ...since(version, 3, { groupInstanceId: instance }),
        ...since(
          version,
          5,
          wish.type === 'own' ? { protocolType: null, protocolName: null } : { protocolType: 'other', protocolName: 'a' },
        ),
      }),
      () => {},
    )
  },
)

const beatStep = kind(
  'heartbeat',
  5,
  fc.record({
    version: anyVersion,
    group: wrongGroup,
    who: anyMember,
    shift,
    instance: fc.constantFrom('own', 'own', 'own', 'other'),
  }),
  async (world, { version: pick, group, who, shift, instance }) => {
    const version = versionOf(heartbeat, pick)
    const member = memberOf(world, group, who)
    await world.pair.same('beats', heartbeat, version, (side) => ({
      groupId: world.groupName(group),
      generationId: member.generation + shift,
      memberId: member.ids[side],
      ...since(version, 3, { groupInstanceId: instance === 'own' ? instanceOf(who) : 'i1' }),
    }))
  },
)

const leaveStep = kind(
  'leave',
  2,
  fc.record({
    version: anyVersion,
    group: wrongGroup,
    who: fc.array(anyMember, { minLength: 1, maxLength: 2 }),
    by: fc.constantFrom('id', 'both', 'both', 'instance', 'other'),
  }),
  async (world, { version: pick, group, who, by }) => {
    const version = versionOf(leaveGroup, pick)
    const groupId = world.groupName(group)
    const of = (name: string, side: 0 | 1) => {
      const memberId = memberOf(world, group, name).ids[side]
      const groupInstanceId = { id: null, both: instanceOf(name), instance: instanceOf(name), other: 'i9' }[by]!
      return { memberId: by === 'instance' ? '' : memberId, groupInstanceId }
    }
    await world.pair.same('beats', leaveGroup, version, (side) =>
      version < 3 ? { groupId, memberId: of(who[0]!, side).memberId } : { groupId, members: who.map((name) => of(name, side)) },
    )
  },
)

export const classicSteps: StepKind[] = [joinStep, syncStep, beatStep, leaveStep]
