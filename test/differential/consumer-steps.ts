/** Steps of members of the consumer protocol (KIP-848), static ones too: ConsumerGroupHeartbeat, right and wrong. */
import fc from 'fast-check'
import { consumerGroupHeartbeat } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { kind, type StepKind, shift, since } from './step.ts'
import type { ConsumerMember, World } from './world.ts'

const anyMember = fc.constantFrom('m0', 'm0', 'm1', 'm2', 's0', 's1')
const anyGroup = fc.oneof({ weight: 12, arbitrary: fc.constant(2) }, { weight: 1, arbitrary: fc.constantFrom(3, 9, '') })

const instanceOf = (name: string): string | null => (name.startsWith('s') ? `i${name.slice(1)}` : null)

const fields = fc.record({
  /** Undefined: as before. */
  // Of more than one topic the ids, which brokers make by chance, say who gets what.
  topics: fc.option(fc.uniqueArray(fc.constantFrom(0, 0, 'unknown' as const), { maxLength: 2 }), { nil: undefined }),
  regex: fc.constantFrom(undefined, undefined, undefined, undefined, '', '(', 'none.*'),
  assignor: fc.constantFrom(undefined, undefined, undefined, 'range', 'uniform', 'chance', ''),
  rebalanceMs: fc.constantFrom(undefined, 60_000, 0),
  rack: fc.constantFrom(undefined, undefined, '', 'r1'),
})

const joinStep = kind(
  'consumer join',
  3,
  fc.record({
    version: fc.nat(1),
    group: anyGroup,
    who: anyMember,
    fields,
    instance: fc.constantFrom('own', 'own', 'own', 'own', 'other', ''),
  }),
  async (world, { version, group, who, fields, instance }) => {
    await beat(
      world,
      version,
      group,
      who,
      0,
      [],
      { ...fields, rebalanceMs: fields.rebalanceMs ?? 60_000, topics: fields.topics ?? [0] },
      instance,
    )
  },
)

const beatStep = kind(
  'consumer beat',
  7,
  fc.record({
    version: fc.nat(1),
    group: anyGroup,
    who: anyMember,
    shift,
    claims: fc.constantFrom('told', 'told', 'told', 'before', 'silent', 'nothing', 'stranger'),
    fields: fc.option(fields, { freq: 4, nil: undefined }),
  }),
  async (world, { version, group, who, shift, claims, fields }) => {
    const member = memberOf(world, group, who)
    const owned = {
      told: member.told,
      before: member.before,
      nothing: [],
      silent: null,
      stranger: [{ topic: 99, partitions: [0] }],
    }[claims]!
    await beat(world, version, group, who, member.epoch + shift, owned, fields ?? {}, 'own')
  },
)

const leaveStep = kind(
  'consumer leave',
  1,
  fc.record({
    group: anyGroup,
    who: anyMember,
    epoch: fc.constantFrom(-1, -1, -2, -2, -3),
    instance: fc.constantFrom('own', 'own', 'other'),
  }),
  async (world, { group, who, epoch, instance }) => {
    await beat(world, 1, group, who, epoch, null, {}, instance)
  },
)

type Fields = Partial<typeof fields extends fc.Arbitrary<infer T> ? T : never>

function memberOf(world: World, group: number | string, who: string): ConsumerMember {
  return world.consumers.get(`${group} ${who}`) ?? { epoch: 1, told: [], before: [] }
}

async function beat(
  world: World,
  version: number,
  group: number | string,
  who: string,
  memberEpoch: number,
  owned: ConsumerMember['told'] | null,
  { topics, regex, assignor, rebalanceMs, rack }: Fields,
  instance: string,
): Promise<void> {
  const topicId = (topic: number, side: 0 | 1) => (topic === 99 ? world.topicId('unknown', side) : world.topicId(topic, side))
  const answers = await world.pair.same(`consumer ${who}`, consumerGroupHeartbeat, version, (side) => ({
    groupId: world.groupName(group),
    memberId: who,
    memberEpoch,
    instanceId: instance === 'own' ? instanceOf(who) : instance === '' ? '' : 'i1',
    topicPartitions: owned?.map(({ topic, partitions }) => ({ topicId: topicId(topic, side), partitions })),
    ...(topics && { subscribedTopicNames: topics.map((topic) => world.topicName(topic)) }),
    ...since(version, 1, regex === undefined ? {} : { subscribedTopicRegex: regex }),
    ...(assignor !== undefined && { serverAssignor: assignor }),
    ...(rebalanceMs !== undefined && { rebalanceTimeoutMs: rebalanceMs }),
    ...(rack !== undefined && { rackId: rack }),
  }))
  const answer = answers?.[0]
  if (answer?.errorCode !== 0) return
  const member = { ...memberOf(world, group, who) }
  if (answer.memberEpoch > 0) member.epoch = answer.memberEpoch
  if (answer.assignment) {
    member.before = member.told
    member.told = answer.assignment.topicPartitions.map(({ topicId, partitions }) => {
      return { topic: world.topics.findIndex(({ ids }) => ids[0] === topicId), partitions }
    })
  }
  world.consumers.set(`${group} ${who}`, member)
}

export const consumerSteps: StepKind[] = [joinStep, beatStep, leaveStep]
