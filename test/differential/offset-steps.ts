/** Steps about groups as a whole: offsets committed, read and deleted by members and others, groups described, listed and deleted. */
import fc from 'fast-check'
import { consumerGroupDescribe } from '../../src/shared/protocol/generated/consumer-group-describe.ts'
import { deleteGroups } from '../../src/shared/protocol/generated/delete-groups.ts'
import { describeGroups } from '../../src/shared/protocol/generated/describe-groups.ts'
import { listGroups } from '../../src/shared/protocol/generated/list-groups.ts'
import { offsetCommit } from '../../src/shared/protocol/generated/offset-commit.ts'
import { offsetDelete } from '../../src/shared/protocol/generated/offset-delete.ts'
import { offsetFetch } from '../../src/shared/protocol/generated/offset-fetch.ts'
import { Different } from './pair.ts'
import { anyPartition, anyTopic, anyVersion, kind, type StepKind, shift, since, versionOf } from './step.ts'
import { NOBODY, type World } from './world.ts'

/** Classic groups 0 and 1, a consumer group 2, a group 3 that only commits, and one that nobody has. */
const anyGroup = fc.constantFrom(0, 0, 1, 2, 2, 3, 3, 9)
const who = fc.constantFrom('none', 'none', 'm0', 'm0', 'm1', 's0', 'stranger')

/** Ids and the generation or epoch of whoever that is in this group, as far as is known. */
function member(world: World, group: number | string, name: string) {
  if (name === 'none') return { ids: NOBODY, epoch: -1 }
  const classic = world.classic.get(`${group} ${name}`)
  const consumer = world.consumers.get(`${group} ${name}`)
  if (classic) return { ids: classic.ids, epoch: classic.generation }
  return { ids: [name, name] as const, epoch: consumer?.epoch ?? 1 }
}

const commitStep = kind(
  'commit',
  6,
  fc.record({
    version: anyVersion,
    group: anyGroup,
    who,
    shift,
    instance: fc.constantFrom(null, null, null, 'i0', 'i1'),
    topic: anyTopic,
    partition: anyPartition,
    offset: fc.oneof(fc.nat(20), fc.constant(-1)),
    metadata: fc.constantFrom(null, '', 'note', 'x'.repeat(4_096), 'x'.repeat(4_097)),
    leaderEpoch: fc.constantFrom(-1, 0, 4),
  }),
  async (world, wish) => {
    const version = versionOf(offsetCommit, wish.version)
    const { ids, epoch } = member(world, wish.group, wish.who)
    // A commit of which nothing is left makes a group that a real broker shows some time later.
    const tooLong = epoch + wish.shift < 0 && (wish.metadata?.length ?? 0) > 4_096
    const committedMetadata = tooLong ? 'note' : wish.metadata
    const partition = { partitionIndex: wish.partition, committedOffset: wish.offset, committedMetadata }
    await world.pair.same('committer', offsetCommit, version, (side) => ({
      groupId: world.groupName(wish.group),
      generationIdOrMemberEpoch: epoch + wish.shift,
      memberId: ids[side],
      ...since(version, 7, { groupInstanceId: wish.instance }),
      topics: [
        {
          ...(version >= 10 ? { topicId: world.topicId(wish.topic, side) } : { name: world.topicName(wish.topic) }),
          partitions: [{ ...partition, ...since(version, 6, { committedLeaderEpoch: wish.leaderEpoch }) }],
        },
      ],
    }))
  },
)

const fetchOffsetsStep = kind(
  'fetch offsets',
  4,
  fc.record({
    version: anyVersion,
    group: anyGroup,
    who,
    shift,
    topics: fc.option(fc.array(anyTopic, { maxLength: 2 }), { nil: null }),
    partitions: fc.uniqueArray(anyPartition, { maxLength: 3 }),
    stable: fc.boolean(),
  }),
  async (world, wish) => {
    const version = versionOf(offsetFetch, wish.version)
    const { ids, epoch } = member(world, wish.group, wish.who)
    const groupId = world.groupName(wish.group)
    const topics = wish.topics && [...new Set(wish.topics)]
    await world.pair.same('committer', offsetFetch, version, (side) => {
      const about = topics?.map((topic) => ({
        ...(version >= 10 ? { topicId: world.topicId(topic, side) } : { name: world.topicName(topic) }),
        partitionIndexes: wish.partitions,
      }))
      const stable = since(version, 7, { requireStable: wish.stable })
      if (version < 8) return { groupId, topics: version >= 2 ? (about ?? null) : (about ?? []), ...stable } as never
      const by = version >= 9 && wish.who !== 'none' ? { memberId: ids[side], memberEpoch: epoch + wish.shift } : {}
      return { groups: [{ groupId, topics: about ?? null, ...by }], ...stable }
    })
  },
)

const deleteOffsetsStep = kind(
  'delete offsets',
  2,
  fc.record({ group: anyGroup, topic: anyTopic, partition: anyPartition }),
  async (world, { group, topic, partition }) => {
    await world.pair.same('committer', offsetDelete, 0, () => ({
      groupId: world.groupName(group),
      topics: [{ name: world.topicName(topic), partitions: [{ partitionIndex: partition }] }],
    }))
  },
)

const deleteGroupsStep = kind(
  'delete groups',
  1,
  fc.record({ version: anyVersion, groups: fc.array(anyGroup, { minLength: 1, maxLength: 2 }) }),
  async (world, { version, groups }) => {
    await world.pair.same('committer', deleteGroups, versionOf(deleteGroups, version), () => ({
      groupsNames: groups.map((group) => world.groupName(group)),
    }))
  },
)

const describeStep = kind(
  'describe groups',
  2,
  fc.record({
    version: anyVersion,
    groups: fc.array(anyGroup, { minLength: 1, maxLength: 2 }),
    consumer: fc.boolean(),
    operations: fc.boolean(),
  }),
  async (world, { version: pick, groups, consumer, operations }) => {
    const names = [...new Set(groups)].map((group) => world.groupName(group))
    if (consumer) {
      const version = versionOf(consumerGroupDescribe, pick)
      const body = { groupIds: names, includeAuthorizedOperations: operations }
      await seen(world, () => world.pair.same('committer', consumerGroupDescribe, version, () => body))
      return
    }
    const version = versionOf(describeGroups, pick)
    const body = { groups: names, ...since(version, 3, { includeAuthorizedOperations: operations }) }
    await seen(world, () => world.pair.same('committer', describeGroups, version, () => body))
  },
)

const listStep = kind(
  'list groups',
  1,
  fc.record({
    version: anyVersion,
    states: fc.constantFrom([], [], ['Stable'], ['empty'], ['Dead', 'Nonsense']),
    types: fc.constantFrom([], [], ['consumer'], ['CLASSIC'], ['nonsense']),
  }),
  async (world, { version: pick, states, types }) => {
    const version = versionOf(listGroups, pick)
    await seen(world, async () => {
      const answers = await world.must(listGroups, version, () => ({
        ...since(version, 4, { statesFilter: states }),
        ...since(version, 5, { typesFilter: types }),
      }))
      const ours = answers.map(({ errorCode, groups }) => ({
        errorCode,
        groups: groups.filter(({ groupId }) => groupId.startsWith(`${world.prefix}-g`)),
      }))
      world.pair.equal(ours as never, `ListGroups ${version}`)
    })
  },
)

export const offsetSteps: StepKind[] = [commitStep, fetchOffsetsStep, deleteOffsetsStep, deleteGroupsStep, describeStep, listStep]

/**
 * Asks about groups. Of a group that a failed request has made a real broker may tell only when it has written the next record of the
 * same partition, so where the answers differ such records are written and it is asked once more.
 */
async function seen(world: World, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask()
  } catch (error) {
    if (!(error instanceof Different)) throw error
    for (const groupId of world.neighbours([0, 1, 2, 3, 9].map((group) => world.groupName(group)))) {
      const topics = [{ name: world.topicName(0), partitions: [{ partitionIndex: 0, committedOffset: 1 }] }]
      await world.must(offsetCommit, 8, () => ({ groupId, generationIdOrMemberEpoch: -1, topics }))
    }
    await ask()
  }
}

/** The groups, their members and their offsets. */
export async function observeGroups(world: World): Promise<void> {
  const names = [0, 1, 2, 3].map((group) => world.groupName(group))
  await seen(world, () => world.pair.same('admin', describeGroups, 5, () => ({ groups: names })))
  await seen(world, () => world.pair.same('admin', consumerGroupDescribe, 1, () => ({ groupIds: names })))
  await world.pair.same('admin', offsetFetch, 8, () => ({ groups: names.map((groupId) => ({ groupId, topics: null })) }))
}
