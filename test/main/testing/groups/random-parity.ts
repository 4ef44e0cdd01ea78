/** Members of a consumer group do one thing after the other, chosen by chance, some of it wrong, and both brokers answer alike. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Draft } from '../../../../src/shared/protocol/api.ts'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import {
  type ConsumerGroupHeartbeatRequest,
  consumerGroupHeartbeat,
} from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { offsetCommit } from '../../../../src/shared/protocol/generated/offset-commit.ts'
import { offsetFetch } from '../../../../src/shared/protocol/generated/offset-fetch.ts'
import type { BothGroups, Side } from './both.ts'

const MEMBERS = ['m0', 'm1', 'm2', 's0', 's1']
const PARTITIONS = 5

const member = fc.constantFrom(...MEMBERS)
/** What a member says that it has: all that it was told to have, what it had before, or nothing at all. */
const claims = fc.constantFrom('told', 'told', 'told', 'before', 'silent', 'nothing')
const shift = fc.constantFrom(0, 0, 0, 0, -1, 1)

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('join' as const), who: member, other: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant('beat' as const), who: member, claims, shift }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('resubscribe' as const), who: member, other: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leave' as const), who: member, forAWhile: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('commit' as const), who: member, partition: fc.nat(PARTITIONS), shift }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fetch' as const), who: member, shift }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Known {
  epoch: number
  told: number[]
  before: number[]
}

class Play {
  readonly #both: BothGroups
  readonly #topics: string[]
  readonly #group = `g-${randomUUID()}`
  readonly #known = new Map<string, Known>()

  constructor(both: BothGroups, topics: string[]) {
    this.#both = both
    this.#topics = topics
  }

  async run(steps: Step[]): Promise<void> {
    for (const one of steps) await this.#do(one)
    await this.#both.same('admin', consumerGroupDescribe, 1, { groupIds: [this.#group] })
  }

  #do(one: Step): Promise<unknown> {
    const known = this.#known.get(one.who) ?? { epoch: 1, told: [], before: [] }
    switch (one.does) {
      case 'join':
        return this.#beat(one.who, 0, [], { rebalanceTimeoutMs: 60_000, subscribedTopicNames: this.#wanted(one.other) })
      case 'beat': {
        const owned = { told: known.told, before: known.before, nothing: [], silent: null }[one.claims]!
        return this.#beat(one.who, known.epoch + one.shift, one.claims === 'silent' ? null : owned)
      }
      case 'resubscribe':
        return this.#beat(one.who, known.epoch, null, { subscribedTopicNames: this.#wanted(one.other) })
      case 'leave':
        return this.#beat(one.who, one.forAWhile ? -2 : -1, null)
      case 'commit':
        return this.#both.same('committer', offsetCommit, 9, {
          ...{ groupId: this.#group, memberId: one.who, generationIdOrMemberEpoch: known.epoch + one.shift },
          topics: [{ name: this.#topics[0]!, partitions: [{ partitionIndex: one.partition, committedOffset: known.epoch }] }],
        })
      case 'fetch':
        return this.#both.same('fetcher', offsetFetch, 9, {
          groups: [{ groupId: this.#group, memberId: one.who, memberEpoch: known.epoch + one.shift, topics: null }],
        })
    }
  }

  /** One topic, or one that has nothing to give besides. */
  #wanted(other: boolean): string[] {
    return other ? [this.#topics[0]!, 'not-there'] : [this.#topics[0]!]
  }

  async #beat(who: string, epoch: number, owned: number[] | null, fields: Draft<ConsumerGroupHeartbeatRequest> = {}) {
    const answer = await this.#both.same(who, consumerGroupHeartbeat, 1, (side: Side) => ({
      groupId: this.#group,
      memberId: who,
      memberEpoch: epoch,
      instanceId: who.startsWith('s') ? `instance of ${who}` : null,
      topicPartitions: owned && (owned.length > 0 ? [{ topicId: side.id(this.#topics[0]!), partitions: owned }] : []),
      ...fields,
    }))
    if (answer.errorCode !== 0) return
    const known = this.#known.get(who) ?? { epoch: 1, told: [], before: [] }
    if (answer.memberEpoch > 0) known.epoch = answer.memberEpoch
    if (answer.assignment) {
      known.before = known.told
      known.told = answer.assignment.topicPartitions.flatMap(({ partitions }) => partitions)
    }
    this.#known.set(who, known)
  }
}

export function randomParity(given: () => BothGroups): void {
  describe('by chance', () => {
    test('members do right and wrong', { timeout: 120_000 }, async () => {
      const both = given()
      const topics = [await both.topic(PARTITIONS)]
      const steps = fc.array(step, { minLength: 5, maxLength: 25 })
      await fc.assert(
        fc.asyncProperty(steps, (steps) => new Play(both, topics).run(steps)),
        { numRuns: 40, interruptAfterTimeLimit: 60_000 },
      )
    })
  })
}
