/** Transactions on a virtual clock: timeouts, coordinators that come and go, what is in the log after a loss. */
import { describe, expect, test } from 'vitest'
import type { ProducerIdentity } from '../../../../src/main/testing/broker/transactions/transaction.ts'
import { brokerError } from '../../../../src/shared/protocol/errors.ts'
import { endTxn } from '../../../../src/shared/protocol/generated/end-txn.ts'
import { initProducerId } from '../../../../src/shared/protocol/generated/init-producer-id.ts'
import { listOffsets } from '../../../../src/shared/protocol/generated/list-offsets.ts'
import { produce } from '../../../../src/shared/protocol/generated/produce.ts'
import { makeBatch } from '../batches.ts'
import type { RawClient } from '../client.ts'
import { Fixture, type FixtureOptions, fetchFrom } from '../fixture.ts'

const ID = 'x'
const TRANSACTIONAL = 0x10
const READ_COMMITTED = 1

/** A cluster with one transactional producer. */
class World {
  readonly fixture: Fixture
  who: ProducerIdentity = { producerId: -1, epoch: -1 }
  readonly #clients = new Map<number, RawClient>()

  constructor(fixture: Fixture) {
    this.fixture = fixture
  }

  static async start(options: FixtureOptions = {}): Promise<World> {
    const world = new World(await Fixture.start(options))
    world.fixture.cluster.transactions.findPartition(ID)
    return world
  }

  get transactions() {
    return this.fixture.cluster.transactions
  }

  get state(): string {
    return this.transactions.get(ID)!.state
  }

  get marks(): [highWatermark: number, lastStableOffset: number] {
    const { highWatermark, lastStableOffset } = this.fixture.cluster.logFacts('t', 0)
    return [highWatermark, lastStableOffset]
  }

  async client(node: number): Promise<RawClient> {
    const client = this.#clients.get(node) ?? (await this.fixture.client(node))
    this.#clients.set(node, client)
    return client
  }

  coordinator(): Promise<RawClient> {
    return this.client(this.transactions.nodeOf(ID)!)
  }

  async init(timeoutMs = 1_000): Promise<string> {
    const body = { transactionalId: ID, transactionTimeoutMs: timeoutMs, producerId: -1, producerEpoch: -1 }
    const answer = await this.fixture.after((await this.coordinator()).call(initProducerId, 5, body))
    if (answer.errorCode === 0) this.who = { producerId: answer.producerId, epoch: answer.producerEpoch }
    return brokerError(answer.errorCode).name
  }

  async produce(sequence = 0, ms = 0): Promise<string> {
    const records = makeBatch({
      attributes: TRANSACTIONAL,
      producerId: this.who.producerId,
      producerEpoch: this.who.epoch,
      baseSequence: sequence,
    })
    const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
    const { leader } = this.fixture.cluster.partition('t', 0)!
    const body = { transactionalId: ID, acks: -1, timeoutMs: 1000, topicData }
    const answer = await this.fixture.after((await this.client(leader)).call(produce, 12, body), ms)
    return brokerError(answer.responses[0]!.partitionResponses[0]!.errorCode).name
  }

  async end(how: 'commit' | 'abort'): Promise<string> {
    const { producerId, epoch } = this.who
    const body = { transactionalId: ID, producerId, producerEpoch: epoch, committed: how === 'commit' }
    const answer = await this.fixture.after((await this.coordinator()).call(endTxn, 5, body))
    if (answer.errorCode === 0) this.who = { producerId: answer.producerId, epoch: answer.producerEpoch }
    return brokerError(answer.errorCode).name
  }

  async latest(): Promise<number> {
    const body = { replicaId: -1, isolationLevel: 1, topics: [{ name: 't', partitions: [{ timestamp: -1 }] }] }
    const { leader } = this.fixture.cluster.partition('t', 0)!
    const answer = await this.fixture.after((await this.client(leader)).call(listOffsets, 8, body))
    return answer.topics[0]!.partitions[0]!.offset
  }
}

describe('the timeout of a transaction', () => {
  test('F22 begins with the first partition and ends it to the millisecond', async () => {
    const world = await World.start()
    await world.init(1_000)
    await world.fixture.env.advance(5_000)
    expect(await world.produce()).toBe('NONE')
    await world.fixture.env.advance(500)
    expect(await world.produce(1)).toBe('NONE')
    await world.fixture.env.advance(500)
    expect([world.state, world.marks]).toEqual(['Ongoing', [2, 0]])
    await world.fixture.env.advance(1)
    expect([world.state, world.marks]).toEqual(['CompleteAbort', [3, 3]])
    expect(world.transactions.get(ID)!.epoch).toBe(1)
    expect(await world.produce(2)).toBe('INVALID_PRODUCER_EPOCH')
    expect(await world.end('commit')).toBe('INVALID_TXN_STATE')
  })

  test('is over with the transaction', async () => {
    const world = await World.start()
    await world.init(1_000)
    await world.produce()
    await world.end('commit')
    await world.fixture.env.advance(10_000)
    expect([world.state, world.transactions.get(ID)!.epoch]).toEqual(['CompleteCommit', 1])
    expect(await world.produce()).toBe('NONE')
    await world.fixture.env.advance(900)
    expect(world.state).toBe('Ongoing')
  })

  test('goes on at the next coordinator; nobody counts it while there is none', async () => {
    const world = await World.start({ nodes: 2, topics: [{ topic: 't', partitions: 1, replicationFactor: 2 }] })
    await world.init(1_000)
    await world.produce()
    await world.fixture.env.advance(600)
    world.fixture.cluster.moveTransactionCoordinator(ID, (world.transactions.nodeOf(ID)! % 2) + 1, 0)
    await world.fixture.env.advance(400)
    expect(world.state).toBe('Ongoing')
    await world.fixture.env.advance(1)
    expect(world.state).toBe('CompleteAbort')
    await world.init(1_000)
    await world.produce()
    for (const node of [1, 2]) world.fixture.cluster.kill(node)
    await world.fixture.env.advance(5_000)
    expect(world.state).toBe('Ongoing')
    await world.fixture.cluster.revive(1)
    await world.fixture.cluster.revive(2)
    await world.fixture.env.advance(1)
    expect([world.state, world.fixture.bugs]).toEqual(['CompleteAbort', []])
  })

  test('waits until the coordinator can write', async () => {
    const world = await World.start({ nodes: 3, topics: [{ topic: 't', partitions: 1, replicationFactor: 3 }] })
    await world.init(1_000)
    await world.produce()
    const node = world.transactions.nodeOf(ID)!
    const others = [1, 2, 3].filter((id) => id !== node)
    for (const other of others) world.fixture.cluster.kill(other)
    // as Kafka does with min.insync.replicas of 2
    expect(await world.end('commit')).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await world.init()).toBe('COORDINATOR_NOT_AVAILABLE')
    await world.fixture.env.advance(5_000)
    expect(world.state).toBe('Ongoing')
    await world.fixture.cluster.revive(others[0]!)
    await world.fixture.env.advance(50)
    expect([world.state, world.fixture.bugs]).toEqual(['CompleteAbort', []])
  })
})

describe('markers', () => {
  test('wait for enough replicas in sync; readers wait for the marker to be replicated', async () => {
    const world = await World.start({
      nodes: 3,
      topics: [{ topic: 't', partitions: 1, replicationFactor: 3, configs: new Map([['min.insync.replicas', '3']]) }],
    })
    await world.init(60_000)
    await world.produce()
    const { leader } = world.fixture.cluster.partition('t', 0)!
    const idle = [1, 2, 3].find((node) => node !== leader && node !== world.transactions.nodeOf(ID))!
    world.fixture.cluster.kill(idle)
    expect(await world.end('commit')).toBe('NONE')
    await world.fixture.env.advance(1_000)
    expect([world.state, world.marks]).toEqual(['PrepareCommit', [1, 0]])
    expect(await world.latest()).toBe(0)
    await world.fixture.cluster.revive(idle)
    await world.fixture.env.advance(50)
    expect([world.state, world.marks]).toEqual(['CompleteCommit', [2, 2]])
    expect(await world.latest()).toBe(2)
  })

  test('nobody waits for those of a topic that is gone', async () => {
    const world = await World.start()
    await world.init()
    await world.produce()
    world.fixture.cluster.topics.delete(world.fixture.cluster.topics.get('t')!)
    await world.end('commit')
    await world.fixture.env.advance(1)
    expect(world.state).toBe('CompleteCommit')
  })

  test('a Produce request that comes too early waits for 100 ms at most', async () => {
    const world = await World.start({ transactions: { markerDelayMs: 150 } })
    await world.init()
    await world.produce()
    await world.end('commit')
    expect(await world.produce(0, 100)).toBe('CONCURRENT_TRANSACTIONS')
    expect(await world.produce(0, 60)).toBe('NONE')
    expect(world.marks).toEqual([3, 2])
  })
})

describe('what is in the log', () => {
  test('tells the transactions anew when its end is lost', async () => {
    const world = await World.start({ nodes: 2, topics: [{ topic: 't', partitions: 1, replicationFactor: 2 }] })
    await world.init(60_000)
    await world.produce()
    await world.end('abort')
    await world.fixture.env.advance(1)
    await world.produce()
    await world.end('commit')
    await world.fixture.env.advance(1)
    expect(world.marks).toEqual([4, 4])
    world.fixture.cluster.loseRecords('t', 0, 3)
    expect(world.marks).toEqual([3, 2])
    const { leader } = world.fixture.cluster.partition('t', 0)!
    const client = await world.client(leader)
    const wish = [{ topicId: world.fixture.id(), offset: 0 }]
    const answer = await world.fixture.after(fetchFrom(client, wish, { isolationLevel: READ_COMMITTED }))
    const { abortedTransactions, lastStableOffset } = answer.responses[0]!.partitions[0]!
    expect([abortedTransactions, lastStableOffset]).toEqual([[{ producerId: world.who.producerId, firstOffset: 0 }], 2])
    world.fixture.cluster.loseRecords('t', 0, 0)
    expect(world.marks).toEqual([0, 0])
  })

  test('an open transaction keeps its producer known, however long it is silent', async () => {
    const world = await World.start({ producerIdExpirationMs: 1_000 })
    await world.init(900_000)
    await world.produce()
    await world.fixture.env.advance(5_000)
    expect(await world.produce(0)).toBe('NONE')
    expect(world.marks).toEqual([1, 0])
    expect(await world.produce(2)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(await world.produce(1)).toBe('NONE')
  })

  test('a long poll of committed records counts only what it may read', async () => {
    const world = await World.start()
    await world.init(60_000)
    const reader = await world.fixture.client()
    const wish = [{ topicId: world.fixture.id(), offset: 0 }]
    const poll = fetchFrom(reader, wish, { isolationLevel: READ_COMMITTED, maxWaitMs: 5_000 })
    await world.produce()
    // others write too
    await world.fixture.produce(await world.client(1), {}, { version: 12 })
    expect(await world.fixture.isPending(poll, 100)).toBe(true)
    await world.end('commit')
    const answer = await world.fixture.after(poll, 1)
    expect(answer.responses[0]!.partitions[0]).toMatchObject({ highWatermark: 3, lastStableOffset: 3 })
  })
})

describe('T3 the fault desk and transactions', () => {
  test('EndTxn fails, before or after it took effect', async () => {
    const world = await World.start()
    await world.init(60_000)
    await world.produce()
    const rule = { kind: 'fail', apiKey: endTxn.key, times: 1, error: 7 } as const
    world.fixture.cluster.desk.add(rule)
    expect(await world.end('commit')).toBe('REQUEST_TIMED_OUT')
    expect(world.state).toBe('Ongoing')
    world.fixture.cluster.desk.add({ ...rule, afterAppend: true })
    expect(await world.end('commit')).toBe('REQUEST_TIMED_OUT')
    await world.fixture.env.advance(1)
    expect(world.state).toBe('CompleteCommit')
    // the same request again is told what it missed
    expect(await world.end('commit')).toBe('NONE')
    expect(world.who.epoch).toBe(1)
  })

  test('Produce fails before the append: the partition is not in the transaction', async () => {
    const world = await World.start()
    await world.init(60_000)
    const rule = { kind: 'fail', apiKey: produce.key, times: 1, error: 6, topic: 't', partition: 0 } as const
    world.fixture.cluster.desk.add(rule)
    expect(await world.produce()).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(world.state).toBe('Empty')
    world.fixture.cluster.desk.add({ ...rule, afterAppend: true })
    expect(await world.produce()).toBe('NOT_LEADER_OR_FOLLOWER')
    expect([world.state, world.marks]).toEqual(['Ongoing', [1, 0]])
  })
})
