/** Steps of transactional producers, right, wrong and fenced: begin, add partitions and offsets, write, commit offsets, end; and what is told of them. */
import fc from 'fast-check'
import { addOffsetsToTxn } from '../../src/shared/protocol/generated/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../src/shared/protocol/generated/add-partitions-to-txn.ts'
import { describeProducers } from '../../src/shared/protocol/generated/describe-producers.ts'
import {
  type DescribeTransactionsResponse,
  describeTransactions,
} from '../../src/shared/protocol/generated/describe-transactions.ts'
import { endTxn } from '../../src/shared/protocol/generated/end-txn.ts'
import { initProducerId } from '../../src/shared/protocol/generated/init-producer-id.ts'
import { listOffsets } from '../../src/shared/protocol/generated/list-offsets.ts'
import { listTransactions } from '../../src/shared/protocol/generated/list-transactions.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { txnOffsetCommit } from '../../src/shared/protocol/generated/txn-offset-commit.ts'
import { makeBatch } from '../main/testing/batches.ts'
import { withId } from './record-steps.ts'
import { anyTopic, anyVersion, kind, type StepKind, since, versionOf } from './step.ts'
import type { Transaction, World } from './world.ts'

/** Transactional ids in a sequence, one that nobody uses among them. */
const IDS = [0, 1, 2]
const CONCURRENT_TRANSACTIONS = 51
const who = fc.constantFrom(0, 0, 0, 0, 1, 1)
const shift = fc.constantFrom(0, 0, 0, 0, 0, 0, -1, 1)
const partition = fc.constantFrom(0, 0, 0, 1, 1, 9)
const anyGroup = fc.constantFrom(3, 3, 0, 2)

const ATTRIBUTE_TRANSACTIONAL = 16

function adopt(world: World, one: Transaction, ids: readonly [number, number], epoch: number): void {
  // an id may go on with its producer id
  if (ids[0] !== one.ids[0] || ids[1] !== one.ids[1]) world.pair.learn(`${one.id} of ${world.pair.requests}`, ids)
  Object.assign(one, { ids, epoch })
  one.sequences.clear()
}

const beginStep = kind(
  'begin',
  5,
  fc.record({
    version: anyVersion,
    who,
    timeoutMs: fc.constantFrom(60_000, 60_000, 60_000, 60_000, 0, -1, 900_001),
    given: fc.constantFrom('none', 'none', 'none', 'own', 'own', 'old', 'unknown'),
  }),
  async (world, { version: pick, who, timeoutMs, given }) => {
    const version = versionOf(initProducerId, pick)
    const one = world.transaction(who)
    const body = (side: 0 | 1) => ({
      transactionalId: one.id,
      transactionTimeoutMs: timeoutMs,
      ...(version >= 3 &&
        given !== 'none' && {
          producerId: given === 'unknown' ? 987_654_321 : one.ids[side]!,
          producerEpoch: one.epoch - (given === 'old' ? 1 : 0),
        }),
    })
    const answers = await world.retried(initProducerId, version, body, ({ errorCode }) => errorCode === CONCURRENT_TRANSACTIONS)
    const [real, embedded] = answers
    if (real.errorCode === 0 && embedded.errorCode === 0)
      adopt(world, one, [real.producerId, embedded.producerId], real.producerEpoch)
    world.pair.equal(answers, `InitProducerId ${version}`)
  },
)

const addStep = kind(
  'add partitions',
  5,
  fc.record({
    version: anyVersion,
    who,
    shift,
    topic: anyTopic,
    partitions: fc.uniqueArray(partition, { minLength: 1, maxLength: 2 }),
    verify: fc.boolean(),
  }),
  async (world, { version: pick, who, shift, topic, partitions, verify }) => {
    const version = versionOf(addPartitionsToTxn, pick)
    const one = world.transaction(who)
    const topics = [{ name: world.topicName(topic), partitions }]
    await world.pair.same('transactions', addPartitionsToTxn, version, (side) => {
      const by = { producerId: one.ids[side]!, producerEpoch: one.epoch + shift }
      if (version >= 4) return { transactions: [{ transactionalId: one.id, ...by, verifyOnly: verify, topics }] }
      return {
        v3AndBelowTransactionalId: one.id,
        v3AndBelowProducerId: by.producerId,
        v3AndBelowProducerEpoch: by.producerEpoch,
        v3AndBelowTopics: topics,
      }
    })
  },
)

const writeStep = kind(
  'transactional produce',
  9,
  fc.record({
    version: fc.oneof(anyVersion, fc.constantFrom(8, 9, 10)),
    who,
    shift,
    topic: anyTopic,
    partition,
    records: fc.integer({ min: 1, max: 3 }),
    sequence: fc.constantFrom('next', 'next', 'next', 'next', 'again', 'gap'),
    named: fc.constantFrom('own', 'own', 'own', 'own', 'own', 'other'),
  }),
  async (world, wish) => {
    const { who, topic, partition, records } = wish
    const version = versionOf(produce, wish.version)
    const one = world.transaction(who)
    const key = `${topic}-${partition}`
    const known = one.sequences.get(key) ?? { next: 0, last: 0, count: records }
    const again = wish.sequence === 'again'
    const count = again ? known.count : records
    const baseSequence = { next: known.next, again: known.last, gap: known.next + 2 }[wish.sequence]!
    const batch = makeBatch({
      values: Array.from({ length: count }, (_, i) => `${one.id} ${i}`),
      timestamp: world.clock,
      attributes: ATTRIBUTE_TRANSACTIONAL,
      producerId: 0,
      producerEpoch: one.epoch + wish.shift,
      baseSequence,
    })
    const answers = await world.pair.same('writer', produce, version, (side) => ({
      transactionalId: wish.named === 'own' ? one.id : world.transaction(2).id,
      acks: -1,
      timeoutMs: 5_000,
      topicData: [
        {
          ...(version >= 13 ? { topicId: world.topicId(topic, side) } : { name: world.topicName(topic) }),
          partitionData: [{ index: partition, records: withId(batch, one.ids[side]!) }],
        },
      ],
    }))
    const answer = answers?.[0].responses[0]?.partitionResponses[0]
    if (answer?.errorCode === 0 && !again) one.sequences.set(key, { next: baseSequence + count, last: baseSequence, count })
  },
)

const addOffsetsStep = kind(
  'add offsets',
  3,
  fc.record({ version: anyVersion, who, shift, group: anyGroup }),
  async (world, { version, who, shift, group }) => {
    const one = world.transaction(who)
    await world.pair.same('transactions', addOffsetsToTxn, versionOf(addOffsetsToTxn, version), (side) => ({
      transactionalId: one.id,
      producerId: one.ids[side]!,
      producerEpoch: one.epoch + shift,
      groupId: world.groupName(group),
    }))
  },
)

const commitStep = kind(
  'transactional commit',
  4,
  fc.record({
    version: anyVersion,
    who,
    shift,
    group: anyGroup,
    topic: anyTopic,
    partition,
    offset: fc.nat(50),
    member: fc.constantFrom('none', 'none', 'none', 'stranger'),
  }),
  async (world, { version: pick, who, shift, group, topic, partition, offset, member }) => {
    const version = versionOf(txnOffsetCommit, pick)
    const one = world.transaction(who)
    await world.pair.same('committer', txnOffsetCommit, version, (side) => ({
      transactionalId: one.id,
      groupId: world.groupName(group),
      producerId: one.ids[side]!,
      producerEpoch: one.epoch + shift,
      ...since(version, 3, member === 'none' ? { generationId: -1, memberId: '' } : { generationId: 1, memberId: member }),
      topics: [
        {
          name: world.topicName(topic),
          partitions: [{ partitionIndex: partition, committedOffset: offset, committedMetadata: 'm' }],
        },
      ],
    }))
  },
)

const endStep = kind(
  'end',
  6,
  fc.record({ version: fc.oneof(anyVersion, fc.constant(5)), who, shift, committed: fc.boolean() }),
  async (world, { version: pick, who, shift, committed }) => {
    const version = versionOf(endTxn, pick)
    const one = world.transaction(who)
    const body = (side: 0 | 1) => ({
      transactionalId: one.id,
      producerId: one.ids[side]!,
      producerEpoch: one.epoch + shift,
      committed,
    })
    const answers = await world.retried(endTxn, version, body, ({ errorCode }) => errorCode === CONCURRENT_TRANSACTIONS)
    const [real, embedded] = answers
    if (version >= 5 && real.errorCode === 0 && embedded.errorCode === 0 && real.producerEpoch >= 0)
      adopt(world, one, [real.producerId, embedded.producerId], real.producerEpoch)
    world.pair.equal(answers, `EndTxn ${version}`)
  },
)

const listStep = kind(
  'list transactions',
  1,
  fc.record({
    version: anyVersion,
    states: fc.constantFrom([], [], ['Ongoing'], ['CompleteCommit', 'CompleteAbort'], ['Empty', 'Nonsense']),
    who: fc.option(who, { nil: undefined }),
    pattern: fc.constantFrom(null, null, '.*x0', '('),
  }),
  async (world, { version: pick, states, who, pattern }) => {
    const version = versionOf(listTransactions, pick)
    const answers = await world.must(listTransactions, version, (side) => ({
      stateFilters: states,
      producerIdFilters: who === undefined ? [] : [world.transaction(who).ids[side]!],
      ...since(version, 1, { durationFilter: -1 }),
      ...since(version, 2, { transactionalIdPattern: pattern }),
    }))
    const ours = answers.map(({ transactionStates, ...head }) => ({
      ...head,
      transactionStates: transactionStates.filter(({ transactionalId }) => transactionalId.startsWith(world.prefix)),
    }))
    world.pair.equal(ours as never, `ListTransactions ${version}`)
  },
)

export const transactionSteps: StepKind[] = [beginStep, addStep, writeStep, addOffsetsStep, commitStep, endStep, listStep]

/** Of how many partitions the topic for offsets has is each broker's own affair, and so in which one a group is. */
const withoutGroups = ({ topic, partitions }: { topic: string; partitions: number[] }) => {
  return topic === '__consumer_offsets' ? { topic } : { topic, partitions }
}

/** Waits for the markers of transactions that are ending, then: the transactions, who writes where, and what is stable. */
export async function observeTransactions(world: World): Promise<void> {
  const transactionalIds = IDS.map((n) => world.transaction(n).id)
  await world.until('no transaction is ending', async () => {
    const answers = await world.must(describeTransactions, 0, () => ({ transactionalIds }))
    return answers.map(({ transactionStates }) =>
      transactionStates.every(({ transactionState }) => !transactionState.startsWith('Prepare')),
    )
  })
  const shown = ({ transactionStates }: DescribeTransactionsResponse) =>
    transactionStates.map(({ topics, ...one }) => ({ ...one, topics: topics.map(withoutGroups) }))
  await world.pair.same('admin', describeTransactions, 0, () => ({ transactionalIds }), shown)
  for (const { name, partitions, deleted } of world.topics) {
    if (deleted) continue
    const partitionIndexes = Array.from({ length: partitions }, (_, index) => index)
    await world.pair.same('admin', describeProducers, 0, () => ({ topics: [{ name, partitionIndexes }] }))
    const wanted = partitionIndexes.map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
    await world.pair.same('admin', listOffsets, 7, () => ({
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ name, partitions: wanted }],
    }))
  }
}
