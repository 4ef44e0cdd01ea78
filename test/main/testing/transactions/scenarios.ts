/** What the parity test does to both brokers: a row for each theme, right and wrong requests of all versions mixed. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnv } from '../../../../src/shared/node-env.ts'
import { encodeRequestFrame } from '../../../../src/shared/protocol/frame.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { deleteGroups } from '../../../../src/shared/protocol/generated/delete-groups.ts'
import { deleteTopics } from '../../../../src/shared/protocol/generated/delete-topics.ts'
import { describeProducers } from '../../../../src/shared/protocol/generated/describe-producers.ts'
import { initProducerId } from '../../../../src/shared/protocol/generated/init-producer-id.ts'
import { joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../../../src/shared/protocol/generated/leave-group.ts'
import { listTransactions } from '../../../../src/shared/protocol/generated/list-transactions.ts'
import { offsetDelete } from '../../../../src/shared/protocol/generated/offset-delete.ts'
import { produce } from '../../../../src/shared/protocol/generated/produce.ts'
import { syncGroup } from '../../../../src/shared/protocol/generated/sync-group.ts'
import { Writer } from '../../../../src/shared/protocol/writer.ts'
import { type Identity, nobody, type RawTransactions } from '../../../support/raw-transactions.ts'
import { makeBatch } from '../batches.ts'
import { RawClient } from '../client.ts'

export interface Scenario {
  name: string
  /** At which levels of transaction.version it is worth a look; 2 unless told. */
  levels?: readonly (0 | 1 | 2)[]
  /** `topic` is a new one with three partitions. */
  run(raw: RawTransactions, topic: string, another: (configs?: Record<string, string>) => Promise<string>): Promise<void>
}

const freshId = (): string => `x-${randomUUID()}`
const freshGroup = (): string => `g-${randomUUID()}`
const older = ({ producerId, epoch }: Identity): Identity => ({ producerId, epoch: epoch - 1 })
const newer = ({ producerId, epoch }: Identity): Identity => ({ producerId, epoch: epoch + 1 })
const stranger = ({ epoch }: Identity): Identity => ({ producerId: 987_654, epoch })
const hows = ['commit', 'abort'] as const

/** A transaction of the old way, with one record. */
async function oldWay(raw: RawTransactions, id: string, who: Identity, topic: string, how: 'commit' | 'abort', sequence = 0) {
  await raw.add(id, who, { [topic]: [0] })
  await raw.produce(id, who, topic, { version: 11, baseSequence: sequence })
  await raw.endAndSettle(id, who, how, 4)
}

/** A transaction of the new way, with one record. */
async function newWay(
  raw: RawTransactions,
  id: string,
  who: Identity,
  topic: string,
  how: 'commit' | 'abort',
): Promise<Identity> {
  await raw.produce(id, who, topic, { version: 12 })
  return raw.endAndSettle(id, who, how)
}

/** KIP-939's version of InitProducerId, which asks for two-phase commit. */
async function twoPhase(raw: RawTransactions, transactionalId: string): Promise<void> {
  const writer = new Writer()
  encodeRequestFrame(writer, initProducerId, 5, 1, 'x', { transactionalId, transactionTimeoutMs: 9_000 })
  const frame = writer.finish()
  frame.writeInt16BE(6, 6)
  const client = await RawClient.open(nodeEnv(), await raw.coordinator(transactionalId))
  client.expectRaw(1, initProducerId, 5)
  client.send(frame)
  const answer = await client.raw(1).then(
    () => 'answered',
    () => 'closed',
  )
  client.close()
  raw.note(`init v6: ${answer}`)
}

/** One by Produce as it was before KIP-890, one by version 12. */
function rows(name: string, run: (raw: RawTransactions, topic: string, version: number) => Promise<void>): Scenario[] {
  return [
    { name: `${name}, the old way`, levels: [0, 1, 2], run: (raw, topic) => run(raw, topic, 11) },
    { name: `${name}, the new way`, levels: [1, 2], run: (raw, topic) => run(raw, topic, 12) },
  ]
}

export const scenarios: Scenario[] = [
  {
    name: 'InitProducerId',
    async run(raw) {
      const id = freshId()
      const first = await raw.initSoon(id)
      for (const version of [0, 1, 2, 3, 4, 5]) await raw.init(id, { version })
      for (const timeoutMs of [0, -1, 900_000, 900_001]) await raw.init(id, { timeoutMs })
      await raw.init('', { version: 5 })
      await raw.init('', { version: 5, timeoutMs: 0 })
      await raw.init(id, { as: { producerId: first.producerId, epoch: -1 } })
      await raw.init(id, { as: { producerId: -1, epoch: 3 } })
      const last = await raw.init(id)
      // KIP-360: the same producer goes on, also when it asks again
      const bumped = await raw.init(id, { as: last })
      await raw.init(id, { as: last })
      await raw.init(id, { as: bumped })
      await raw.init(id, { as: last })
      for (const version of [3, 4]) {
        await raw.init(id, { as: first, version })
        await raw.init(id, { as: stranger(bumped), version })
        await raw.init(id, { as: newer(newer(newer(bumped))), version })
      }
      await raw.init(freshId(), { as: { producerId: 77, epoch: 5 } })
      await raw.describe(id)
      await raw.describe(freshId())
      await raw.describe('nobody')
      await twoPhase(raw, id)
    },
  },
  ...rows('a new producer aborts what the old one left', async (raw, topic, version) => {
    const id = freshId()
    const who = await raw.initSoon(id)
    if (version < 12) await raw.add(id, who, { [topic]: [0] })
    await raw.produce(id, who, topic, { version })
    await raw.init(id)
    await raw.settle(id)
    await raw.describe(id)
    await raw.init(id, { as: who })
    const next = await raw.init(id)
    await raw.init(id, { as: next })
    for (const epoch of [2, 3, 5]) await raw.end(id, who, 'commit', epoch)
    await raw.end(id, who, 'abort', 5)
    for (const produced of [9, 10, 11, 12]) await raw.produce(id, who, topic, { version: produced, baseSequence: 1 })
    await raw.add(id, who, { [topic]: [0] })
    await raw.addOffsets(id, who, freshGroup())
    await raw.commitOffset(id, who, freshGroup(), topic)
    await raw.producers(topic)
    await raw.fetch(topic, 0, 'committed')
  }),
  {
    name: 'AddPartitionsToTxn',
    async run(raw, topic) {
      const id = freshId()
      const who = await raw.initSoon(id)
      for (const version of [0, 1, 2, 3]) {
        await raw.add(freshId(), who, { [topic]: [0] }, version).catch(() => raw.note('closed'))
        await raw.add(id, stranger(who), { [topic]: [0] }, version)
        await raw.add(id, older(who), { [topic]: [0] }, version)
        await raw.add(id, newer(who), { [topic]: [0] }, version)
        await raw.add(id, who, { [topic]: [0], nothere: [0] }, version)
        await raw.add(id, who, { [topic]: [1, 9] }, version)
        await raw.describe(id, { [topic]: 't' })
      }
      await raw.add('', who, { [topic]: [0] })
      await raw.add(id, who, { __consumer_offsets: [0], [topic]: [0] })
      await raw.add(id, who, { __transaction_state: [0] })
      await raw.add(id, who, {})
      await raw.describe(id, { [topic]: 't' })
      await raw.add(id, who, { [topic]: [1, 0] })
      await raw.add(id, who, { [topic]: [0] })
      await raw.add(id, who, { [topic]: [2] })
      await raw.describe(id, { [topic]: 't' })
      await raw.endAndSettle(id, who, 'abort', 4)
      await raw.describe(id, { [topic]: 't' })
    },
  },
  {
    name: 'AddPartitionsToTxn as brokers send it',
    async run(raw, topic) {
      const [a, b] = [freshId(), freshId()]
      const [first, second] = [await raw.initSoon(a), await raw.initSoon(b)]
      const address = await raw.coordinator(a)
      for (const version of [4, 5]) {
        const verify = (id: string, who: Identity, partitions: number[]) => ({
          id,
          who,
          topics: { [topic]: partitions },
          verifyOnly: true,
        })
        await raw.addBatch(address, [verify(a, first, [0]), verify(b, second, [0])], version)
        await raw.addBatch(address, [{ id: a, who: first, topics: { [topic]: [0] } }, verify(b, second, [1])], version)
        await raw.addBatch(address, [verify(a, first, [0, 1])], version)
        for (const who of [older(first), newer(first), stranger(first)]) {
          await raw.addBatch(address, [verify(a, who, [0])], version)
          await raw.addBatch(address, [{ id: a, who, topics: { [topic]: [0] } }], version)
        }
        await raw.addBatch(address, [verify(freshId(), first, [0])], version)
        await raw.addBatch(address, [verify(a, first, [9])], version)
        await raw.addBatch(address, [verify('', first, [0])], version)
        await raw.addBatch(address, [{ id: a, who: first, topics: { __transaction_state: [0] } }], version)
        await raw.describe(a, { [topic]: 't' })
      }
    },
  },
  {
    name: 'Produce of transactions, before its partition is known and after',
    async run(raw, topic) {
      for (const version of [3, 8, 9, 10, 11, 12, 13]) {
        const id = freshId()
        const who = await raw.initSoon(id)
        await raw.produce(id, who, topic, { version })
        await raw.produce(id, stranger(who), topic, { version })
        await raw.produce(id, newer(who), topic, { version })
        await raw.produce(freshId(), who, topic, { version })
        await raw.produce(id, who, topic, { version, transactionalId: null })
        await raw.produce('', who, topic, { version })
        await raw.add(id, who, { [topic]: [0] })
        await raw.produce(id, who, topic, { version, baseSequence: 3 })
        await raw.produce(id, who, topic, { version, baseSequence: 0, values: ['a', 'b'] })
        await raw.produce(id, who, topic, { version, baseSequence: 0, values: ['a', 'b'] })
        await raw.produce(id, who, topic, { version, baseSequence: 2 })
        await raw.produce(id, who, topic, { version, baseSequence: 4 })
        await raw.produce(id, who, topic, { version, baseSequence: 3, transactional: false })
        await raw.produce(id, who, topic, { version, baseSequence: 3, transactional: false, transactionalId: null })
        await raw.produce(id, who, topic, { version, partition: 1, baseSequence: 0 })
        await raw.describe(id, { [topic]: 't' })
        await raw.producers(topic)
        await raw.endAndSettle(id, who, 'abort', version >= 12 ? 5 : 4)
        await raw.produce(id, who, topic, { version, baseSequence: 3 })
        await raw.produce(id, newer(who), topic, { version, baseSequence: 3 })
        await raw.produce(id, newer(who), topic, { version, baseSequence: 0 })
        await raw.producers(topic)
      }
      await raw.fetch(topic, 0, 'committed')
      await raw.fetch(topic, 0, 'uncommitted')
    },
  },
  {
    name: 'sequences from transaction to transaction',
    levels: [1, 2],
    async run(raw, topic) {
      const id = freshId()
      let who = await raw.initSoon(id)
      await oldWay(raw, id, who, topic, 'commit', 0)
      await oldWay(raw, id, who, topic, 'abort', 1)
      await raw.produce(id, who, topic, { version: 12, baseSequence: 1 })
      await raw.produce(id, who, topic, { version: 12, baseSequence: 5 })
      await raw.produce(id, who, topic, { version: 12, baseSequence: 2 })
      who = await raw.endAndSettle(id, who, 'commit')
      await raw.produce(id, who, topic, { version: 12, baseSequence: 3 })
      await raw.produce(id, who, topic, { version: 12, baseSequence: 0 })
      await raw.produce(id, who, topic, { version: 12, baseSequence: 1 })
      who = await raw.endAndSettle(id, who, 'abort')
      who = await newWay(raw, id, who, topic, 'commit')
      // a producer without transactions, of the same id
      await raw.produce(id, who, topic, { transactional: false, transactionalId: null })
      await raw.produce(id, who, topic, { baseSequence: 1 })
      await raw.produce(id, who, topic, { baseSequence: 2, transactional: false })
      await raw.producers(topic)
      await raw.endAndSettle(id, who, 'abort')
      await raw.producers(topic)
      await raw.fetch(topic, 0, 'committed')
    },
  },
  {
    name: 'EndTxn of all versions in all states',
    async run(raw, topic) {
      const states: [string, (id: string, who: Identity) => Promise<Identity>][] = [
        ['empty', async (_, who) => who],
        ['ongoing', (id, who) => raw.add(id, who, { [topic]: [0] }).then(() => who)],
        ['committed', (id, who) => oldWay(raw, id, who, topic, 'commit').then(() => who)],
        ['aborted', (id, who) => oldWay(raw, id, who, topic, 'abort').then(() => who)],
        ['committed anew', (id, who) => newWay(raw, id, who, topic, 'commit')],
        ['aborted anew', (id, who) => newWay(raw, id, who, topic, 'abort')],
      ]
      for (const [name, prepare] of states) {
        for (const version of [0, 1, 2, 4, 5]) {
          for (const how of hows) {
            for (const which of [newer, stranger, older, (who: Identity) => who]) {
              const id = freshId()
              // from epoch 1 on, so that there is an older one
              await raw.initSoon(id)
              const who = await prepare(id, await raw.initSoon(id))
              raw.note(`${name} ${which.name}`)
              await raw.end(id, which(who), how, version)
              await raw.settle(id)
              await raw.describe(id, { [topic]: 't' })
            }
          }
        }
      }
      for (const version of [1, 2, 5]) await raw.end(freshId(), nobody, 'commit', version)
      await raw.end('', nobody, 'commit', 5)
    },
  },
  {
    name: 'EndTxn again and again',
    levels: [1, 2],
    async run(raw, topic) {
      const id = freshId()
      const who = await raw.initSoon(id)
      await raw.produce(id, who, topic)
      const next = await raw.endAndSettle(id, who, 'commit')
      for (const how of hows) await raw.end(id, who, how)
      await raw.end(id, next, 'commit')
      const later = await raw.endAndSettle(id, next, 'abort')
      const last = await raw.endAndSettle(id, later, 'abort')
      await raw.end(id, later, 'abort')
      await raw.end(id, next, 'abort')
      await raw.describe(id)
      await raw.init(id, { as: later })
      await raw.init(id, { as: last })
      await raw.describe(id)
    },
  },
  {
    name: 'offsets in transactions',
    async run(raw, topic) {
      for (const version of [0, 1, 2, 3, 4, 5]) {
        const id = freshId()
        const group = freshGroup()
        const who = await raw.initSoon(id)
        const endVersion = version >= 5 ? 5 : 4
        await raw.commitOffset(id, who, group, topic, { version })
        for (const wrong of [stranger(who), newer(who)]) await raw.commitOffset(id, wrong, group, topic, { version })
        await raw.commitOffset(freshId(), who, group, topic, { version })
        await raw.commitOffset(id, who, '', topic, { version })
        await raw.commitOffset(id, who, group, 'nothere', { version })
        await raw.commitOffset(id, who, group, topic, { version, partition: 9 })
        await raw.addOffsets(id, who, group)
        await raw.commitOffset(id, who, group, topic, { version, offset: 5 })
        await raw.commitOffset(id, who, group, topic, { version, metadata: 'x'.repeat(4097) })
        for (const stable of [false, true]) {
          await raw.offset(group, topic, stable)
          await raw.offset(group, null, stable)
        }
        await raw.describe(id)
        const next = await raw.endAndSettle(id, who, 'commit', endVersion)
        await waitStable(raw, group, topic)
        await raw.offset(group, topic, true)
        await raw.addOffsets(id, next, group)
        await raw.commitOffset(id, next, group, topic, { version, offset: 9 })
        await raw.offset(group, topic, true)
        await raw.offset(group, null, true)
        await raw.offset(group, null, false)
        await raw.endAndSettle(id, next, 'abort', endVersion)
        await waitStable(raw, group, topic)
        await raw.offset(group, topic, true)
        await raw.commitOffset(id, next, group, topic, { version, offset: 11 })
        await raw.offset(group, topic, true)
      }
    },
  },
  {
    name: 'offsets of members of a consumer group',
    async run(raw, topic) {
      const id = freshId()
      const group = freshGroup()
      const memberId = randomUUID()
      const who = await raw.initSoon(id)
      await raw.commitOffset(id, who, group, topic, { generationId: 3, memberId })
      const body = { groupId: group, memberId, memberEpoch: 0, rebalanceTimeoutMs: 9_000, subscribedTopicNames: [topic] }
      const address = await raw.groupCoordinator(group)
      const { memberEpoch } = await raw.ask(address, consumerGroupHeartbeat, 1, { ...body, topicPartitions: [] })
      raw.note(`member at ${memberEpoch}`)
      for (const version of [0, 2, 3, 4, 5]) await raw.commitOffset(id, who, group, topic, { version })
      for (const version of [3, 5]) {
        for (const generationId of [-1, 0, memberEpoch - 1, memberEpoch, memberEpoch + 1]) {
          await raw.commitOffset(id, who, group, topic, { version, generationId, memberId })
          await raw.commitOffset(id, who, group, topic, { version, generationId, memberId: 'stranger' })
          await raw.commitOffset(id, who, group, topic, { version, generationId })
          await raw.commitOffset(id, who, group, topic, { version, generationId, memberId, groupInstanceId: 'i' })
        }
      }
      await raw.endAndSettle(id, who, 'commit')
    },
  },
  {
    name: 'offsets of members of a classic group',
    async run(raw, topic) {
      const id = freshId()
      const group = freshGroup()
      const who = await raw.initSoon(id)
      const address = await raw.groupCoordinator(group)
      const protocols = [{ name: 'range', metadata: Buffer.alloc(8) }]
      const timeouts = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 }
      const body = { groupId: group, memberId: '', groupInstanceId: 'i', protocolType: 'consumer', protocols, ...timeouts }
      const { memberId, generationId: present } = await raw.ask(address, joinGroup, 5, body)
      const everything = async () => {
        for (const version of [0, 2, 3, 4, 5]) await raw.commitOffset(id, who, group, topic, { version })
        for (const version of [3, 5]) {
          for (const generationId of [-1, present - 1, present, present + 1]) {
            await raw.commitOffset(id, who, group, topic, { version, generationId, memberId })
            await raw.commitOffset(id, who, group, topic, { version, generationId, memberId: 'stranger' })
            await raw.commitOffset(id, who, group, topic, { version, generationId })
            await raw.commitOffset(id, who, group, topic, { version, generationId, memberId, groupInstanceId: 'i' })
            await raw.commitOffset(id, who, group, topic, { version, generationId, memberId: 'm', groupInstanceId: 'i' })
            await raw.commitOffset(id, who, group, topic, { version, generationId, memberId, groupInstanceId: 'j' })
          }
        }
      }
      raw.note('while it is assigned')
      await everything()
      const assignments = [{ memberId, assignment: Buffer.alloc(4) }]
      await raw.ask(address, syncGroup, 3, { groupId: group, generationId: present, memberId, groupInstanceId: 'i', assignments })
      raw.note('when it is stable')
      await everything()
      await raw.ask(address, leaveGroup, 3, { groupId: group, members: [{ memberId, groupInstanceId: 'i' }] })
      raw.note('when it is empty')
      await everything()
      await raw.endAndSettle(id, who, 'commit')
    },
  },
  {
    name: 'offsets in a transaction and outside of it',
    async run(raw, topic) {
      const id = freshId()
      const group = freshGroup()
      let who = await raw.initSoon(id)
      await raw.commitPlainly(group, topic, 1)
      await raw.commitOffset(id, who, group, topic, { offset: 2 })
      await raw.commitPlainly(group, topic, 3)
      await raw.offset(group, topic, false)
      await raw.offset(group, topic, true)
      who = await raw.endAndSettle(id, who, 'commit')
      await waitStable(raw, group, topic)
      await raw.offset(group, topic, true)
      await raw.commitPlainly(group, topic, 4)
      await raw.commitOffset(id, who, group, topic, { offset: 5 })
      who = await raw.endAndSettle(id, who, 'commit')
      await waitStable(raw, group, topic)
      await raw.offset(group, topic, true)
    },
  },
  {
    name: 'AddOffsetsToTxn',
    async run(raw) {
      const id = freshId()
      const who = await raw.initSoon(id)
      const group = freshGroup()
      for (const version of [0, 1, 2, 3, 4]) {
        for (const wrong of [stranger(who), newer(who)]) await raw.addOffsets(id, wrong, group, version)
        await raw.addOffsets(freshId(), who, group, version)
      }
      await raw.addOffsets('', who, group)
      await raw.addOffsets(id, who, '')
      await raw.addOffsets(id, who, group, 0)
      await raw.describe(id)
      await raw.endAndSettle(id, who, 'commit', 4)
      await raw.describe(id)
    },
  },
  {
    name: 'WriteTxnMarkers by hand',
    async run(raw, topic) {
      const id = freshId()
      await raw.initSoon(id)
      const who = await raw.initSoon(id)
      await raw.produce(id, who, topic)
      await raw.mark('nothere', who, 'abort', { at: await raw.leader(topic) })
      await raw.mark(topic, who, 'abort', { partition: 9, at: await raw.leader(topic) })
      await raw.mark(topic, { ...who, epoch: -1 }, 'abort')
      await raw.mark(topic, nobody, 'commit')
      await raw.mark(topic, older(who), 'abort', { version: 1 })
      await raw.mark(topic, older(who), 'abort')
      for (const transactionVersion of [0, 1, 2]) await raw.mark(topic, older(who), 'abort', { transactionVersion })
      await raw.mark(topic, who, 'abort', { transactionVersion: 2 })
      await raw.fetch(topic, 0, 'committed')
      await raw.mark(topic, who, 'abort', { coordinatorEpoch: 5, version: 1 })
      await raw.producers(topic)
      await raw.fetch(topic, 0, 'committed')
      await raw.mark(topic, who, 'commit', { coordinatorEpoch: 4 })
      await raw.mark(topic, who, 'commit', { coordinatorEpoch: 5 })
      await raw.mark(topic, newer(who), 'commit', { coordinatorEpoch: 6, transactionVersion: 2 })
      await raw.mark(topic, newer(who), 'commit', { coordinatorEpoch: 6, transactionVersion: 2 })
      await raw.mark(topic, { producerId: 4_000_000, epoch: 3 }, 'commit', { transactionVersion: 2 })
      await raw.producers(topic)
      await raw.fetch(topic, 0, 'committed')
      await raw.fetch(topic, 0, 'uncommitted')
      await raw.describe(id, { [topic]: 't' })
    },
  },
  {
    name: 'what readers get',
    async run(raw, topic) {
      const ids = [freshId(), freshId(), freshId()]
      const who: Identity[] = []
      for (const id of ids) who.push(await raw.initSoon(id))
      const look = async () => {
        for (const isolation of ['committed', 'uncommitted'] as const) {
          for (const from of [0, 1, 2, 4, 6, 9]) await raw.fetch(topic, from, isolation)
          await raw.fetch(topic, 0, isolation, 100)
          await raw.fetch(topic, 2, isolation, 100)
          await raw.listOffset(topic, -1, isolation)
          await raw.listOffset(topic, -2, isolation)
          await raw.listOffset(topic, -3, isolation)
          for (const at of [1, 3, 5, 100]) await raw.listOffset(topic, Date.now() + at * 10_000, isolation, `at ${at}`)
        }
      }
      let at = 0
      const write = (which: number, sequence = 0) =>
        raw.produce(ids[which]!, who[which]!, topic, { timestamp: Date.now() + ++at * 10_000, baseSequence: sequence })
      await look()
      await write(0)
      await write(1)
      await write(0, 1)
      await look()
      who[1] = await raw.endAndSettle(ids[1]!, who[1]!, 'abort')
      await look()
      await write(2)
      await write(1)
      who[0] = await raw.endAndSettle(ids[0]!, who[0]!, 'abort')
      await look()
      who[2] = await raw.endAndSettle(ids[2]!, who[2]!, 'commit')
      who[1] = await raw.endAndSettle(ids[1]!, who[1]!, 'abort')
      await look()
    },
  },
  ...rows('a transaction that takes too long', async (raw, topic, version) => {
    const id = freshId()
    const group = freshGroup()
    const who = await raw.initSoon(id, { timeoutMs: 300 })
    await raw.describe(id)
    if (version < 12) await raw.add(id, who, { [topic]: [0] })
    await raw.produce(id, who, topic, { version })
    for (let state = ''; state !== 'CompleteAbort'; await sleep(20)) state = (await raw.state(id)).state
    await raw.describe(id)
    await raw.fetch(topic, 0, 'committed')
    await raw.produce(id, who, topic, { version, baseSequence: 1 })
    await raw.add(id, who, { [topic]: [0] }, 1)
    await raw.commitOffset(id, who, group, topic, { version: version < 12 ? 4 : 5 })
    for (const endVersion of [1, 4, 5]) await raw.end(id, who, 'commit', endVersion)
    await raw.end(id, who, 'abort', 5)
    await raw.producers(topic)
    await raw.init(id, { as: who })
    await raw.init(id, { as: who })
    await raw.init(id)
  }),
  {
    name: 'the new way at level 0',
    levels: [0],
    async run(raw, topic) {
      const next = async () => {
        const id = freshId()
        return { id, who: await raw.initSoon(id) }
      }
      const first = await next()
      await raw.produce(first.id, first.who, topic)
      const second = await next()
      await raw.commitOffset(second.id, second.who, freshGroup(), topic)
      const third = await next()
      await raw.end(third.id, third.who, 'abort')
      const fourth = await next()
      await raw.add(fourth.id, fourth.who, { [topic]: [0] })
      await raw.produce(fourth.id, fourth.who, topic)
      await raw.end(fourth.id, fourth.who, 'commit')
    },
  },
  {
    name: 'a topic that stamps on append',
    async run(raw, _, another) {
      const id = freshId()
      const who = await raw.initSoon(id)
      const topic = await another({ 'message.timestamp.type': 'LogAppendTime' })
      await raw.produce(id, who, topic)
      // each with a time of its own: of equal ones the first is the latest
      await sleep(5)
      await raw.produce(id, who, topic, { baseSequence: 1 })
      await sleep(5)
      await raw.endAndSettle(id, who, 'abort')
      await raw.fetch(topic, 0, 'uncommitted')
      await raw.fetch(topic, 0, 'committed')
      await raw.producers(topic)
      await raw.listOffset(topic, -3, 'committed')
    },
  },
  {
    name: 'a topic that is deleted while a transaction is open',
    async run(raw, topic, another) {
      const id = freshId()
      const group = freshGroup()
      const who = await raw.initSoon(id)
      const gone = await another()
      await raw.produce(id, who, topic)
      await raw.produce(id, who, gone)
      await raw.commitOffset(id, who, group, gone)
      await raw.commitOffset(id, who, group, topic)
      await raw.ask(await raw.leader(topic), deleteTopics, 6, { timeoutMs: 10_000, topics: [{ name: gone }] })
      await sleep(300)
      await raw.offset(group, gone, true)
      await raw.endAndSettle(id, who, 'commit')
      await waitStable(raw, group, topic)
      await raw.describe(id, { [topic]: 't', [gone]: 'gone' })
      await raw.offset(group, topic, true)
      await raw.offset(group, gone, true)
      await raw.fetch(topic, 0, 'committed')
    },
  },
  {
    name: 'one request of two producers, or of none',
    async run(raw, topic) {
      const id = freshId()
      const who = await raw.initSoon(id)
      const batch = (producer: Identity, transactional = true) =>
        makeBatch({
          attributes: transactional ? 0x10 : 0,
          timestamp: Date.now(),
          baseSequence: producer === nobody ? -1 : 0,
          producerId: producer.producerId,
          producerEpoch: producer.epoch,
        })
      const send = async (...batches: Buffer[]) => {
        const topicData = [{ name: topic, partitionData: batches.map((records, index) => ({ index, records })) }]
        const body = { transactionalId: id, acks: -1, timeoutMs: 9_000, topicData }
        const { responses } = await raw.ask(await raw.leader(topic), produce, 12, body)
        const partitions = responses[0]!.partitionResponses.sort((a, b) => a.index - b.index)
        raw.note(`produce: ${partitions.map(({ errorCode, baseOffset }) => `${errorCode} ${baseOffset}`).join(', ')}`)
      }
      await send(batch(who), batch(newer(who)))
      await send(batch(who), batch(stranger(who)))
      await send(batch(nobody))
      await raw.describe(id, { [topic]: 't' })
      await send(batch(nobody, false), batch(who))
      await raw.describe(id, { [topic]: 't' })
      await raw.fetch(topic, 0, 'committed')
      await raw.end(id, who, 'abort')
    },
  },
  {
    name: 'what is pending is deleted',
    async run(raw, topic) {
      const id = freshId()
      let who = await raw.initSoon(id)
      const [one, two] = [freshGroup(), freshGroup()]
      for (const group of [one, two]) await raw.commitOffset(id, who, group, topic)
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0 }] }]
      const deleted = await raw.ask(await raw.groupCoordinator(one), offsetDelete, 0, { groupId: one, topics })
      raw.note(`offset deleted: ${deleted.errorCode} ${deleted.topics[0]!.partitions[0]!.errorCode}`)
      const dropped = await raw.ask(await raw.groupCoordinator(two), deleteGroups, 2, { groupsNames: [two] })
      raw.note(`group deleted: ${dropped.results[0]!.errorCode}`)
      for (const group of [one, two]) await raw.offset(group, topic, true)
      who = await raw.endAndSettle(id, who, 'commit')
      await sleep(200)
      for (const group of [one, two]) await raw.offset(group, topic, true)
    },
  },
  {
    name: 'ListTransactions and DescribeProducers',
    async run(raw, topic) {
      const ids = ['a', 'b', 'c'].map((name) => `${name}-${topic}`)
      for (const id of ids) raw.letter((await raw.initSoon(id)).producerId)
      const first = (await raw.state(ids[0]!)).producerId
      await raw.produce(ids[0]!, { producerId: first, epoch: 0 }, topic)
      const list = async (version: number, filters: object) => {
        const answer = await raw.ask(await raw.leader(topic), listTransactions, version, filters)
        const told = answer.transactionStates.filter(({ transactionalId }) => ids.includes(transactionalId))
        const lines = told.map((one) => `${one.transactionalId[0]} ${one.transactionState} ${raw.letter(one.producerId)}`)
        raw.note(
          `${JSON.stringify(filters).replaceAll(topic, 't')}: ${answer.errorCode} [${answer.unknownStateFilters.sort()}] ${lines.sort()}`,
        )
      }
      for (const version of [0, 1, 2]) await list(version, {})
      await list(0, { stateFilters: ['Ongoing'] })
      await list(0, { stateFilters: ['Empty', 'Dead', 'PrepareEpochFence', 'nonsense', 'ongoing'] })
      await list(0, { stateFilters: ['nonsense'] })
      const answer = await raw.ask(await raw.leader(topic), listTransactions, 0, { producerIdFilters: [first] })
      raw.note(`by producer: ${answer.transactionStates.map(({ transactionalId }) => transactionalId[0])}`)
      await list(1, { durationFilter: 3_600_000 })
      await list(1, { durationFilter: 0, stateFilters: ['Ongoing'] })
      await list(2, { transactionalIdPattern: `[ab]-${topic}` })
      await list(2, { transactionalIdPattern: 'b' })
      await list(2, { transactionalIdPattern: '' })
      await list(2, { transactionalIdPattern: '[' })
      const asked = [
        { name: topic, partitionIndexes: [0, 1, 9] },
        { name: 'nothere', partitionIndexes: [0] },
        { name: 'not a name', partitionIndexes: [0] },
      ]
      const told = await raw.ask(await raw.leader(topic), describeProducers, 0, { topics: asked })
      for (const { partitions } of told.topics) {
        const each = partitions.map(({ partitionIndex, errorCode, activeProducers }) => {
          return `${partitionIndex} ${errorCode} ${activeProducers.length}`
        })
        raw.note(`producers: ${each.sort()}`)
      }
      await raw.end(ids[0]!, { producerId: first, epoch: 0 }, 'abort')
    },
  },
]

/** Markers for offsets come a moment after the transaction is described as complete. */
async function waitStable(raw: RawTransactions, group: string, topic: string): Promise<void> {
  const { length } = raw.lines
  for (;;) {
    await raw.offset(group, topic, true)
    const line = raw.lines.at(-1)!
    raw.lines.length = length
    if (!line.includes('UNSTABLE')) return
    await sleep(10)
  }
}
