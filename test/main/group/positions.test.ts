import { describe, expect, test } from 'vitest'
import {
  findPositions,
  type GroupCoordinates,
  type ResetPolicy,
  resetPosition,
  type StartPlace,
  type StartPolicy,
  type StartResult,
} from '../../../src/main/group/positions.ts'
import { KafkaError } from '../../../src/shared/errors.ts'
import type { ListOffsetsRequest } from '../../../src/shared/protocol/generated/list-offsets.ts'
import type { OffsetFetchRequest } from '../../../src/shared/protocol/generated/offset-fetch.ts'
import { failure } from '../../support/fake-cluster.ts'
import { busiestSecond, connected, never, settings } from '../../support/metadata-world.ts'

const LIST_OFFSETS = 2
const OFFSET_FETCH = 9
const NOT_LEADER = 6
const COORDINATOR_LOAD_IN_PROGRESS = 14
const COORDINATOR_NOT_AVAILABLE = 15
const NOT_COORDINATOR = 16
const UNKNOWN_MEMBER_ID = 25
const TOPIC_AUTHORIZATION_FAILED = 29
const GROUP_AUTHORIZATION_FAILED = 30
const UNSTABLE_OFFSET_COMMIT = 88
const UNKNOWN_TOPIC_ID = 100
const STALE_MEMBER_EPOCH = 113

const EARLIEST = -2
const LATEST = -1

type Committed = { offset: number; leaderEpoch?: number; metadata?: string; error?: number }

/** A group at coordinator 2; logs begin at 10 × partition and end at 1000 + partition. */
async function world() {
  const base = await connected()
  const { env, cluster, metadata } = base
  const group = {
    error: 0,
    epoch: 5,
    /** What the broker believes; others are told STALE_MEMBER_EPOCH. */
    brokerEpoch: 5,
    coordinator: 2,
    failed: [] as [number, string][],
    committed: new Map<string, Committed>(),
  }
  const logs = { errors: new Map<string, number>(), young: -1 }
  cluster.handlers.set(OFFSET_FETCH, ({ groups }: OffsetFetchRequest, call) => {
    const [one] = groups
    const stale = one!.memberEpoch !== group.brokerEpoch ? STALE_MEMBER_EPOCH : 0
    const errorCode = call.target !== group.coordinator ? NOT_COORDINATOR : group.error || stale
    const topics = one!.topics!.map(({ name, topicId, partitionIndexes }) => ({
      name,
      topicId,
      partitions: partitionIndexes.map((partitionIndex) => {
        const found = group.committed.get(`${name} ${partitionIndex}`)
        const { offset = -1, leaderEpoch = -1, metadata: text = '', error = 0 } = found ?? {}
        const nothing = error !== 0
        return {
          partitionIndex,
          committedOffset: nothing ? -1 : offset,
          committedLeaderEpoch: leaderEpoch,
          metadata: text,
          errorCode: error,
        }
      }),
    }))
    return { groups: [{ groupId: one!.groupId, errorCode, topics: errorCode === 0 ? topics : [] }] }
  })
  cluster.handlers.set(LIST_OFFSETS, ({ topics, isolationLevel }: ListOffsetsRequest) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }) => ({
        partitionIndex,
        errorCode: logs.errors.get(`${name} ${partitionIndex}`) ?? 0,
        timestamp: -1,
        leaderEpoch: 4,
        offset:
          timestamp === EARLIEST
            ? 10 * partitionIndex
            : timestamp === LATEST
              ? 1000 + partitionIndex - 100 * isolationLevel
              : timestamp <= logs.young
                ? 500
                : -1,
      })),
    })),
  }))
  const coordinates: GroupCoordinates = {
    groupId: 'g',
    memberId: () => 'me',
    memberEpoch: () => group.epoch,
    coordinator: async () => group.coordinator,
    coordinatorFailed: (nodeId, error) => {
      group.failed.push([nodeId, error.code])
    },
  }
  const context = { env, io: cluster, metadata, options: settings }
  const places = async (topic: string, partitions: number, bornLater = false): Promise<StartPlace[]> => {
    cluster.topic(topic, partitions)
    const { topicId } = await env.until(metadata.topic(topic))
    return Array.from({ length: partitions }, (_, partition) => ({ topic, topicId, partition, bornLater }))
  }
  const calls = (apiKey: number) => cluster.calls.filter((call) => call.apiKey === apiKey)
  const abort = new AbortController()
  const policy = (offsetResetPolicy: ResetPolicy): (() => StartPolicy) => {
    return () => ({ offsetResetPolicy, isolationLevel: 'read_committed' })
  }
  const find = (some: readonly StartPlace[], policyOf: (topic: string) => StartPolicy = policy('earliest')) =>
    findPositions(context, some, coordinates, policyOf, { signal: abort.signal })
  const found = (some: readonly StartPlace[], policyOf?: (topic: string) => StartPolicy) =>
    env.until(Promise.all(find(some, policyOf)))
  return { ...base, group, logs, context, coordinates, places, calls, abort, policy, find, found }
}

const at = (result: StartResult) => (result.ok ? result.offset : result.error.code)

describe('positions', () => {
  test('C9: begin at what was committed, with its leader epoch and its metadata', async () => {
    const { group, places, found, calls } = await world()
    const some = await places('a', 3)
    group.committed.set('a 0', { offset: 0, leaderEpoch: 3, metadata: 'why' })
    group.committed.set('a 2', { offset: 77 })
    const results = await found(some)
    expect(results).toEqual([
      { ok: true, offset: 0, leaderEpoch: 3, committed: { metadata: 'why' } },
      { ok: true, offset: 10, leaderEpoch: 4, committed: undefined },
      { ok: true, offset: 77, leaderEpoch: -1, committed: { metadata: '' } },
    ])
    expect(calls(OFFSET_FETCH)).toMatchObject([
      {
        target: 2,
        body: {
          requireStable: true,
          groups: [
            {
              groupId: 'g',
              memberId: 'me',
              memberEpoch: 5,
              topics: [{ name: 'a', topicId: some[0]!.topicId, partitionIndexes: [0, 1, 2] }],
            },
          ],
        },
      },
    ])
  })

  test.each([
    ['earliest', [0, 10]],
    ['latest', [900, 901]],
    ['error', ['NO_OFFSET', 'NO_OFFSET']],
  ] as const)('C5: nothing committed and offsetResetPolicy %s', async (policyName, expected) => {
    const { places, policy, found } = await world()
    const results = await found(await places('a', 2), policy(policyName))
    expect(results.map(at)).toEqual(expected)
    if (policyName !== 'error') return
    expect(results[0]).toMatchObject({ error: { context: { topic: 'a', partition: 0 } } })
    expect((results[0] as { error: KafkaError }).error.message).toContain("set the policy to 'earliest'")
  })

  test('C5: by duration: the first record that is young enough, the end when none is (KIP-1106)', async () => {
    const { env, logs, places, policy, found, calls } = await world()
    const some = await places('a', 1)
    logs.young = env.wallClock()
    expect((await found(some, policy({ byDuration: 60_000 }))).map(at)).toEqual([500])
    const asked = calls(LIST_OFFSETS)[0]!.body.topics[0].partitions[0].timestamp
    expect(env.wallClock() - 60_000 - asked).toBeLessThan(10)
    logs.young = 0
    expect((await found(some, policy({ byDuration: 60_000 }))).map(at)).toEqual([900])
    // longer than there has been time
    expect((await found(some, policy({ byDuration: Number.MAX_SAFE_INTEGER }))).map(at)).toEqual([500])
  })

  test('C5: the end of a partition is where its isolation level says', async () => {
    const { places, found } = await world()
    const results = await found([...(await places('a', 1)), ...(await places('b', 1))], (topic) => ({
      offsetResetPolicy: 'latest',
      isolationLevel: topic === 'a' ? 'read_committed' : 'read_uncommitted',
    }))
    expect(results.map(at)).toEqual([900, 1000])
  })

  test('F9: a partition that was born after the subscription begins at its beginning with latest', async () => {
    const { places, policy, found } = await world()
    const [old, other] = await places('a', 2)
    expect((await found([old!, { ...other!, bornLater: true }], policy('latest'))).map(at)).toEqual([900, 10])
  })
})

describe('F49, IC2: what goes wrong is tried again and never taken for "nothing is committed"', () => {
  test.each([
    ['COORDINATOR_LOAD_IN_PROGRESS', COORDINATOR_LOAD_IN_PROGRESS],
    ['STALE_MEMBER_EPOCH', STALE_MEMBER_EPOCH],
    ['UNKNOWN_MEMBER_ID', UNKNOWN_MEMBER_ID],
    ['COORDINATOR_NOT_AVAILABLE', COORDINATOR_NOT_AVAILABLE],
  ])('%s of the group', async (_, error) => {
    const { env, group, places, policy, find, calls } = await world()
    const some = await places('a', 1)
    group.committed.set('a 0', { offset: 42 })
    group.error = error
    const results = Promise.all(find(some, policy('latest')))
    await env.advance(20_000)
    expect(calls(OFFSET_FETCH).length).toBeGreaterThan(10)
    expect(busiestSecond(calls(OFFSET_FETCH))).toBeLessThanOrEqual(6)
    expect(calls(LIST_OFFSETS)).toEqual([])
    group.error = 0
    expect((await env.until(results)).map(at)).toEqual([42])
  })

  test('STALE_MEMBER_EPOCH: asks at once when the member has heard of the new epoch, else waits for it', async () => {
    const { env, group, places, find, calls } = await world()
    const some = await places('a', 1)
    group.committed.set('a 0', { offset: 42 })
    group.brokerEpoch = 6
    const results = Promise.all(find(some))
    await env.advance(3_000)
    group.epoch = 6
    expect((await env.until(results)).map(at)).toEqual([42])
    expect(calls(OFFSET_FETCH).at(-1)!.body.groups[0].memberEpoch).toBe(6)
  })

  test('UNSTABLE_OFFSET_COMMIT and topics the coordinator has not heard of hold up their partition alone', async () => {
    const { env, group, places, policy, find, calls } = await world()
    const some = await places('a', 4)
    group.committed.set('a 0', { offset: 1 })
    group.committed.set('a 1', { offset: 2, error: UNSTABLE_OFFSET_COMMIT })
    group.committed.set('a 2', { offset: 3, error: UNKNOWN_TOPIC_ID })
    const results = find(some, policy('latest'))
    expect(at(await env.until(results[0]!))).toBe(1)
    expect(at(await env.until(results[3]!))).toBe(903)
    await env.advance(5_000)
    expect(calls(OFFSET_FETCH).at(-1)!.body.groups[0].topics[0].partitionIndexes).toEqual([1, 2])
    group.committed.set('a 1', { offset: 2 })
    group.committed.set('a 2', { offset: 3 })
    expect((await env.until(Promise.all(results))).map(at)).toEqual([1, 2, 3, 903])
  })

  test.each(['CONNECTION_LOST', 'TIMEOUT', 'NO_BROKER'] as const)('%s: the coordinator is looked for anew', async (code) => {
    const { env, cluster, group, places, find } = await world()
    const some = await places('a', 1)
    group.committed.set('a 0', { offset: 42 })
    let failures = 3
    cluster.before = ({ apiKey }) => {
      if (apiKey === OFFSET_FETCH && failures-- > 0) throw failure(code)
    }
    expect((await env.until(Promise.all(find(some)))).map(at)).toEqual([42])
    expect(group.failed).toEqual(new Array(3).fill([2, code]))
  })

  test('F8: NOT_COORDINATOR: goes to the new one', async () => {
    const { group, places, coordinates, found, calls } = await world()
    const some = await places('a', 1)
    group.committed.set('a 0', { offset: 42 })
    let known = 3
    coordinates.coordinator = async () => known
    coordinates.coordinatorFailed = () => void (known = 2)
    expect((await found(some)).map(at)).toEqual([42])
    expect(calls(OFFSET_FETCH).map(({ target }) => target)).toEqual([3, 2])
  })

  test('a partition that the coordinator leaves out of its answer is asked for again', async () => {
    const { env, cluster, group, places, policy, find } = await world()
    const some = await places('a', 2)
    group.committed.set('a 1', { offset: 42 })
    const honest = cluster.handlers.get(OFFSET_FETCH)!
    cluster.handlers.set(OFFSET_FETCH, () => ({ groups: [{ groupId: 'g', errorCode: 0, topics: [] }] }))
    const results = Promise.all(find(some, policy('earliest')))
    await env.advance(2_000)
    cluster.handlers.set(OFFSET_FETCH, () => ({ groups: [] }))
    await env.advance(2_000)
    cluster.handlers.set(OFFSET_FETCH, honest)
    expect((await env.until(results)).map(at)).toEqual([0, 42])
  })

  test('ListOffsets: a leader that moves, and one that is missing, which holds up nobody else', async () => {
    const { env, cluster, logs, metadata, places, policy, find } = await world()
    const [moving] = await places('a', 1)
    cluster.topic('b', [
      { leader: 1, epoch: 0 },
      { leader: -1, epoch: 0 },
    ])
    const { topicId } = await env.until(metadata.topic('b'))
    const others = [0, 1].map((partition) => ({ topic: 'b', topicId, partition, bornLater: false }))
    logs.errors.set('a 0', NOT_LEADER)
    const results = find([moving!, ...others], policy('earliest'))
    expect(at(await env.until(results[1]!))).toBe(0)
    await env.advance(3_000)
    logs.errors.clear()
    expect(at(await env.until(results[0]!))).toBe(0)
    await env.advance(40_000)
    cluster.topics.get('b')!.partitions[1] = { leader: 3, epoch: 1 }
    expect(at(await env.until(results[2]!))).toBe(10)
  })

  test('a leader that never answers holds up its own partitions alone', async () => {
    const { env, cluster, abort, places, policy, find } = await world()
    cluster.before = ({ apiKey, target }) => (apiKey === LIST_OFFSETS && target === 2 ? never : undefined)
    const results = find(await places('a', 3), policy('earliest'))
    expect(at(await env.until(results[0]!))).toBe(0)
    expect(at(await env.until(results[2]!))).toBe(20)
    abort.abort()
    expect(at(await env.until(results[1]!))).toBe('ABORTED')
  })
})

describe('what ends a search', () => {
  test('the signal, whatever it waits for', async () => {
    const { env, cluster, abort, group, places, find } = await world()
    const some = await places('a', 2)
    group.error = COORDINATOR_LOAD_IN_PROGRESS
    const retrying = Promise.all(find(some))
    await env.advance(1_000)
    cluster.before = () => never
    const hanging = Promise.all(find(some))
    await env.advance(1_000)
    const before = cluster.calls.length
    abort.abort()
    expect((await env.until(retrying)).map(at)).toEqual(['ABORTED', 'ABORTED'])
    expect((await env.until(hanging)).map(at)).toEqual(['ABORTED', 'ABORTED'])
    expect((await env.until(Promise.all(find(some)))).map(at)).toEqual(['ABORTED', 'ABORTED'])
    await env.advance(10_000)
    expect(cluster.calls.length).toBe(before)
  })

  test('F39: no right to the group ends all, no right to a topic ends its partitions alone', async () => {
    const { group, logs, places, policy, found } = await world()
    const some = [...(await places('a', 1)), ...(await places('b', 1)), ...(await places('c', 1))]
    group.committed.set('a 0', { offset: 1 })
    group.committed.set('b 0', { offset: 1, error: TOPIC_AUTHORIZATION_FAILED })
    logs.errors.set('c 0', TOPIC_AUTHORIZATION_FAILED)
    const results = await found(some, policy('latest'))
    expect(results.map(at)).toEqual([1, 'BROKER_ERROR', 'BROKER_ERROR'])
    for (const result of results.slice(1))
      expect(result).toMatchObject({ error: { context: { brokerError: 'TOPIC_AUTHORIZATION_FAILED', partition: 0 } } })
    group.error = GROUP_AUTHORIZATION_FAILED
    for (const [i, result] of (await found(some)).entries()) {
      const { topic } = some[i]!
      expect(result).toMatchObject({ error: { context: { brokerError: 'GROUP_AUTHORIZATION_FAILED', topic } } })
    }
  })

  test('F10: a topic that was created again: nothing is looked for in the new one', async () => {
    const { env, cluster, metadata, places, policy, found, calls } = await world()
    const some = await places('a', 1)
    cluster.topic('a', 1)
    metadata.stale(['a'], 'the test says so')
    await env.advance(1_000)
    expect(await found(some, policy('earliest'))).toMatchObject([
      { ok: false, error: { code: 'UNKNOWN_TOPIC', context: { topic: 'a' } } },
    ])
    expect(calls(LIST_OFFSETS)).toEqual([])
  })
})

describe('resetPosition', () => {
  const outOfRange = new KafkaError('OFFSET_OUT_OF_RANGE', 'gone', { offset: 5 })
  const truncated = new KafkaError('LOG_TRUNCATED', 'lost', { offset: 55 })

  test.each([
    ['earliest', 10],
    ['latest', 901],
    [{ byDuration: 1 }, 901],
  ] as const)('OFFSET_OUT_OF_RANGE with %o', async (offsetResetPolicy, expected) => {
    const { env, context, places, abort } = await world()
    const place = (await places('a', 2))[1]!
    const policy = { offsetResetPolicy, isolationLevel: 'read_committed' } as const
    expect(await env.until(resetPosition(context, place, policy, outOfRange, abort))).toEqual({
      ok: true,
      offset: expected,
      leaderEpoch: 4,
      committed: undefined,
    })
  })

  test("policy 'error' gives the reason back", async () => {
    const { env, context, places, abort, cluster } = await world()
    const [place] = await places('a', 1)
    cluster.calls.length = 0
    for (const reason of [outOfRange, truncated]) {
      const policy = { offsetResetPolicy: 'error', isolationLevel: 'read_committed' } as const
      expect(await env.until(resetPosition(context, place!, policy, reason, abort))).toEqual({ ok: false, error: reason })
    }
    expect(cluster.calls).toEqual([])
  })

  test('F7: a truncated log is read on from where it diverges', async () => {
    const { env, context, places, abort } = await world()
    const [place] = await places('a', 1)
    const policy = { offsetResetPolicy: 'latest', isolationLevel: 'read_committed' } as const
    expect(at(await env.until(resetPosition(context, place!, policy, truncated, abort)))).toBe(55)
  })

  test('tries again until it is aborted', async () => {
    const { env, context, places, logs, abort } = await world()
    const [place] = await places('a', 1)
    logs.errors.set('a 0', NOT_LEADER)
    const policy = { offsetResetPolicy: 'earliest', isolationLevel: 'read_committed' } as const
    const result = resetPosition(context, place!, policy, outOfRange, abort)
    await env.advance(60_000)
    abort.abort()
    expect(at(await env.until(result))).toBe('ABORTED')
  })
})
