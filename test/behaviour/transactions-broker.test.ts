/**
 * T2, IT1, IT3, IT4: transactions as brokers do them, by raw requests that go alike to the embedded broker and to real Kafka. What is
 * answered to wrong requests is compared line by line in `test/main/testing/transactions`.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { describeTransactions } from '../../src/shared/protocol/generated/describe-transactions.ts'
import { endTxn } from '../../src/shared/protocol/generated/end-txn.ts'
import { initProducerId } from '../../src/shared/protocol/generated/init-producer-id.ts'
import { ask } from '../support/raw-calls.ts'
import { type Identity, RawTransactions } from '../support/raw-transactions.ts'
import { allTargets, onBrokers, onEmbedded, type World } from './on-brokers.ts'

const NOT_COORDINATOR = 16
const COORDINATOR_LOAD_IN_PROGRESS = 14

/** Raw requests that end with the test. */
function rawOf(world: World): () => RawTransactions {
  let raw: RawTransactions
  beforeEach(() => {
    raw = new RawTransactions(world.brokers)
  })
  afterEach(() => raw.close())
  return () => raw
}

/** What `ask` notes, once it is this. */
async function eventually(raw: RawTransactions, ask: () => Promise<void>, line: string): Promise<void> {
  const { length } = raw.lines
  for (const until = performance.now() + 20_000; ; await sleep(20)) {
    await ask()
    const last = raw.lines.at(-1)!
    raw.lines.length = length
    if (last === line) return
    if (performance.now() > until) throw new Error(`${last}, not ${line}`)
  }
}

const freshId = (): string => `x-${randomUUID()}`

onBrokers(
  'transactions of brokers',
  (world) => {
    const rawNow = rawOf(world)

    it('IT4: the feature transaction.version is at level 2', async () => {
      const body = { clientSoftwareName: 'x', clientSoftwareVersion: '1' }
      const { supportedFeatures, finalizedFeatures } = await ask(world.brokers[0]!, apiVersions, 4, body)
      expect(supportedFeatures).toContainEqual({ name: 'transaction.version', minVersion: 0, maxVersion: 2 })
      expect(finalizedFeatures).toContainEqual({ name: 'transaction.version', minVersionLevel: 2, maxVersionLevel: 2 })
    })

    it('IT1, IT4: commit and abort in several partitions, the epoch grows with every transaction', async () => {
      const raw = rawNow()
      const [one, two] = [await world.topic(3), await world.topic(1)]
      const id = freshId()
      let who = await raw.initSoon(id)
      for (const how of ['commit', 'abort', 'commit'] as const) {
        await raw.produce(id, who, one, { partition: 0 })
        await raw.produce(id, who, one, { partition: 1 })
        await raw.produce(id, who, two)
        const next = await raw.endAndSettle(id, who, how)
        expect(next).toEqual({ producerId: who.producerId, epoch: who.epoch + 1 })
        who = next
      }
      raw.lines = []
      await raw.fetch(two, 0, 'committed')
      await raw.listOffset(two, -1, 'uncommitted')
      const [fetched, listed] = raw.lines
      expect(fetched).toMatch(/hw 6 lso 6 aborted \[A@2\]/)
      expect(listed).toBe('list -1 uncommitted: NONE 6')
      const kafka = world.client()
      for (const [topic, partition, count] of [
        [one, 0, 2],
        [one, 1, 2],
        [one, 2, 0],
        [two, 0, 2],
      ] as const) {
        const options = { isolationLevel: 'read_committed', maxWaitMs: 100 } as const
        const [batch] = await kafka.fetch([{ topic, partition, offset: 0 }], options)
        expect(batch!.records).toHaveLength(count)
      }
    })

    it('IT1: offsets of a group count with the commit of the transaction, and never after an abort', async () => {
      const raw = rawNow()
      const topic = await world.topic(1)
      const group = await raw.readyGroup()
      const id = freshId()
      let who = await raw.initSoon(id)
      const end = async (how: 'commit' | 'abort') => {
        who = await raw.endAndSettle(id, who, how)
      }
      await raw.commitOffset(id, who, group, topic, { offset: 5 })
      raw.lines = []
      await raw.offset(group, topic, true)
      await raw.offset(group, topic, false)
      expect(raw.lines).toEqual(["stable offset: NONE UNSTABLE_OFFSET_COMMIT -1 ''", "offset: NONE NONE -1 ''"])
      await end('commit')
      await eventually(raw, () => raw.offset(group, topic, true), "stable offset: NONE NONE 5 'm'")
      await raw.commitOffset(id, who, group, topic, { offset: 9 })
      await end('abort')
      await eventually(raw, () => raw.offset(group, topic, true), "stable offset: NONE NONE 5 'm'")
    })

    it('IT3: a second producer of the same id aborts what the first one left, which is fenced at its next request', async () => {
      const raw = rawNow()
      const topic = await world.topic(1)
      const id = freshId()
      const first = await raw.initSoon(id)
      await raw.produceSoon(id, first, topic)
      raw.lines = []
      await raw.init(id)
      expect(raw.lines).toEqual(['init v5: CONCURRENT_TRANSACTIONS - -1'])
      await raw.settle(id)
      const second = await raw.init(id)
      expect(second).toEqual({ producerId: first.producerId, epoch: first.epoch + 2 })
      raw.lines = []
      await raw.produce(id, first, topic, { baseSequence: 1 })
      await raw.end(id, first, 'commit')
      await raw.init(id, { as: first })
      await raw.produce(id, second, topic)
      await raw.end(id, second, 'commit')
      expect(raw.lines.map((line) => line.split(': ')[1]!.split(' ')[0])).toEqual([
        'INVALID_PRODUCER_EPOCH',
        'PRODUCER_FENCED',
        'PRODUCER_FENCED',
        'NONE',
        'NONE',
      ])
    })

    it('who waits for committed records gets them with the marker and not before', async () => {
      const raw = rawNow()
      const topic = await world.topic(1)
      const id = freshId()
      const who = await raw.initSoon(id)
      const kafka = world.client()
      let got: string[] | undefined
      const waiting = kafka
        .fetch([{ topic, partition: 0, offset: 0 }], { isolationLevel: 'read_committed', maxWaitMs: 20_000, timeoutMs: 60_000 })
        .then(([batch]) => {
          got = batch!.records.map(({ value }) => String(value))
        })
      await sleep(300)
      await raw.produce(id, who, topic, { values: ['a', 'b'] })
      await sleep(700)
      expect(got).toBeUndefined()
      await raw.end(id, who, 'commit')
      await waiting
      expect(got).toEqual(['a', 'b'])
    })

    it('F22: a transaction that takes longer than its timeout is aborted and its producer fenced', async () => {
      const raw = rawNow()
      const topic = await world.topic(1)
      const id = freshId()
      const who = await raw.initSoon(id, { timeoutMs: 500 })
      await raw.produceSoon(id, who, topic)
      for (const until = performance.now() + 20_000; (await raw.state(id)).state !== 'CompleteAbort'; await sleep(50)) {
        if (performance.now() > until) throw new Error('not aborted')
      }
      raw.lines = []
      await raw.end(id, who, 'commit')
      await raw.produce(id, who, topic, { baseSequence: 1 })
      await raw.fetch(topic, 0, 'committed')
      expect(raw.lines[0]).toBe('commit v5: INVALID_TXN_STATE - -1')
      expect(raw.lines[1]).toMatch(/INVALID_PRODUCER_EPOCH/)
      expect(raw.lines[2]).toMatch(/hw 2 lso 2 aborted \[A@0\]/)
      // who it was may go on
      expect(await raw.init(id, { as: who })).toEqual({ producerId: who.producerId, epoch: who.epoch + 1 })
    })

    it('only the coordinator of a transactional id answers for it', async () => {
      const raw = rawNow()
      const id = freshId()
      const who = await raw.initSoon(id)
      const coordinator = await raw.coordinator(id)
      for (const address of world.brokers) {
        const expected = address === coordinator ? 0 : NOT_COORDINATOR
        const body = { transactionalId: id, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }
        const described = await ask(address, describeTransactions, 0, { transactionalIds: [id] })
        expect(described.transactionStates[0]!.errorCode).toBe(expected)
        if (expected === 0) continue
        expect((await ask(address, initProducerId, 5, body)).errorCode).toBe(expected)
        const ended = await ask(address, endTxn, 5, { transactionalId: id, producerEpoch: 0, producerId: who.producerId })
        expect(ended.errorCode).toBe(expected)
      }
    })
  },
  allTargets,
)

onEmbedded('transactions of brokers', 3, (world) => {
  const rawNow = rawOf(world)

  /** A transaction with a record and an offset. */
  async function open(raw: RawTransactions): Promise<{ id: string; who: Identity; topic: string; group: string }> {
    const topic = await world.topic(3)
    const id = freshId()
    const group = `g-${randomUUID()}`
    const who = await raw.initSoon(id)
    for (const partition of [0, 1, 2]) await raw.produceSoon(id, who, topic, { partition })
    await raw.commitOffset(id, who, group, topic)
    return { id, who, topic, group }
  }

  it('IT1: the coordinator dies in the middle of a transaction; the next one ends it', async () => {
    const raw = rawNow()
    const { id, who, topic, group } = await open(raw)
    const dead = await world.broker.transactionCoordinator(id)
    await world.broker.kill(dead)
    try {
      raw.forget()
      expect(await world.broker.transactionCoordinator(id)).not.toBe(dead)
      raw.lines = []
      await raw.describe(id)
      expect(raw.lines[0]).toMatch(/^NONE Ongoing A 0/)
      await raw.endAndSettle(id, who, 'commit')
      await eventually(raw, () => raw.offset(group, topic, true), "stable offset: NONE NONE 7 'm'")
      for (const partition of [0, 1, 2]) {
        const { highWatermark, lastStableOffset } = await world.broker.log(topic, partition)
        expect([highWatermark, lastStableOffset]).toEqual([2, 2])
      }
    } finally {
      await world.broker.revive(dead)
    }
  })

  it('a coordinator that was moved loads first', async () => {
    const raw = rawNow()
    const { id, who } = await open(raw)
    const old = await world.broker.transactionCoordinator(id)
    const next = (old % 3) + 1
    await world.broker.moveTransactionCoordinator(id, next, { loadingMs: 700 })
    const describeAt = async (node: number) => {
      const answer = await ask(world.brokers[node - 1]!, describeTransactions, 0, { transactionalIds: [id] })
      return answer.transactionStates[0]!.errorCode
    }
    expect(await describeAt(old)).toBe(NOT_COORDINATOR)
    expect(await describeAt(next)).toBe(COORDINATOR_LOAD_IN_PROGRESS)
    await sleep(900)
    expect(await describeAt(next)).toBe(0)
    raw.forget()
    await raw.endAndSettle(id, who, 'abort')
    await expect(world.broker.moveTransactionCoordinator(id, next, { loadingMs: -1 })).rejects.toThrow(/loadingMs/)
    await expect(world.broker.moveTransactionCoordinator(id, 9)).rejects.toThrow(/no node 9/)
  })

  it('IT1: a transaction ends only when the partition that lost its leader has one again', async () => {
    const raw = rawNow()
    const id = freshId()
    const topic = world.freshName()
    // only on one node, which does not coordinate
    const who = await raw.initSoon(id)
    const lonely = ((await world.broker.transactionCoordinator(id)) % 3) + 1
    await world.client().admin.createTopics([{ topic, assignments: [[lonely]] }])
    await raw.produce(id, who, topic)
    await world.broker.kill(lonely)
    raw.forget()
    await raw.end(id, who, 'commit')
    await sleep(300)
    expect((await raw.state(id)).state).toBe('PrepareCommit')
    raw.lines = []
    await raw.init(id)
    expect(raw.lines).toEqual(['init v5: CONCURRENT_TRANSACTIONS - -1'])
    await world.broker.revive(lonely)
    await raw.settle(id)
    expect((await world.broker.log(topic, 0)).lastStableOffset).toBe(2)
  })
})

describe('options of transactions', () => {
  onEmbedded(
    'an embedded broker that is slow with markers',
    3,
    (world) => {
      const rawNow = rawOf(world)

      it('IT1: what was decided is carried out by the next coordinator, when the one that decided has died', async () => {
        const raw = rawNow()
        const topic = await world.topic(3)
        const id = freshId()
        const group = `g-${randomUUID()}`
        const who = await raw.initSoon(id)
        for (const partition of [0, 1, 2]) await raw.produce(id, who, topic, { partition })
        await raw.commitOffset(id, who, group, topic)
        await raw.end(id, who, 'commit')
        const dead = await world.broker.transactionCoordinator(id)
        await world.broker.kill(dead)
        raw.forget()
        expect((await raw.state(id)).state).toBe('PrepareCommit')
        expect((await world.broker.log(topic, 0)).lastStableOffset).toBe(0)
        await raw.settle(id)
        expect((await raw.state(id)).state).toBe('CompleteCommit')
        for (const partition of [0, 1, 2]) {
          const { highWatermark, lastStableOffset } = await world.broker.log(topic, partition)
          expect([highWatermark, lastStableOffset]).toEqual([2, 2])
        }
        raw.lines = []
        await raw.offset(group, topic, true)
        expect(raw.lines).toEqual(["stable offset: NONE NONE 7 'm'"])
        await world.broker.revive(dead)
      })
    },
    { transactions: { markerDelayMs: 500 } },
  )

  onEmbedded(
    'an embedded broker with options',
    1,
    (world) => {
      const rawNow = rawOf(world)

      it('markerDelayMs: the id is busy between the end and the markers', async () => {
        const raw = rawNow()
        const topic = await world.topic(1)
        const id = freshId()
        const who = await raw.initSoon(id)
        await raw.produce(id, who, topic)
        const next = await raw.end(id, who, 'commit')
        raw.lines = []
        await raw.produce(id, next, topic)
        await raw.produce(id, next, topic, { version: 11 })
        await raw.add(id, next, { [topic]: [0] })
        await raw.init(id)
        await raw.end(id, next, 'abort')
        expect(raw.lines.map((line) => line.split(/: |-0 /)[1]!.split(' ')[0])).toEqual([
          'CONCURRENT_TRANSACTIONS',
          // what older clients repeat the request for
          'NOT_ENOUGH_REPLICAS',
          't',
          'CONCURRENT_TRANSACTIONS',
          'CONCURRENT_TRANSACTIONS',
        ])
        expect((await world.broker.log(topic, 0)).highWatermark).toBe(1)
        await raw.settle(id)
        expect((await world.broker.log(topic, 0)).highWatermark).toBe(2)
      })

      it('a Produce request that comes a moment too early waits for the markers', async () => {
        const raw = rawNow()
        const topic = await world.topic(1)
        const id = freshId()
        const who = await raw.initSoon(id)
        await raw.produce(id, who, topic)
        const next = await raw.end(id, who, 'commit')
        await sleep(650)
        raw.lines = []
        await raw.produce(id, next, topic)
        expect(raw.lines).toEqual(['produce v12: NONE 2 0'])
      })

      it('maxTimeoutMs: the longest timeout that is granted', async () => {
        const raw = rawNow()
        const id = freshId()
        await raw.initSoon(id, { timeoutMs: 60_000 })
        raw.lines = []
        await raw.init(id, { timeoutMs: 60_001 })
        expect(raw.lines).toEqual(['init v5: INVALID_TRANSACTION_TIMEOUT - -1'])
      })
    },
    { transactions: { markerDelayMs: 700, maxTimeoutMs: 60_000 } },
  )

  for (const transactionVersion of [0, 1] as const) {
    onEmbedded(
      `an embedded broker with transactionVersion ${transactionVersion}`,
      1,
      (world) => {
        it('says so, or nothing when it is 0', async () => {
          const body = { clientSoftwareName: 'x', clientSoftwareVersion: '1' }
          const { finalizedFeatures } = await ask(world.brokers[0]!, apiVersions, 4, body)
          const level = finalizedFeatures.find(({ name }) => name === 'transaction.version')?.maxVersionLevel
          expect(level).toBe(transactionVersion || undefined)
        })
      },
      { transactionVersion },
    )
  }
})
