/** The reading half of the I/O core against an embedded cluster, in simulated time. */
import { describe, expect, it } from 'vitest'
import type { ReadAnswer } from '../../src/main/credits.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { type FetchResponse, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { changed } from '../simulation/wire.ts'
import { endWorlds, named, ReadWorld } from '../support/read-world.ts'

endWorlds()

describe('C7: fetchers', () => {
  it('P2: one Fetch carries every partition of a fetcher, and each fetcher has a connection of its own', async () => {
    const world = await ReadWorld.start()
    const groups = [world.fetchers.number('a', 'read_committed'), world.fetchers.number('b', 'read_committed')]
    const reads = groups.flatMap((fetcher) => [0, 1, 2].map((partition) => world.read(partition, 0, { fetcher, maxWaitMs: 100 })))
    await world.run(Promise.all(reads))
    expect(world.seen.map(named)).toEqual(new Array(2).fill([0, 1, 2].map((partition) => [partition, 0])))
    expect(new Set(world.seen.map(({ connection }) => connection)).size).toBe(2)
    expect(world.seen.map(({ request }) => request.isolationLevel)).toEqual([1, 1])
    expect(world.connectionsTo(1)).toBe(2)
  })

  it('F11: the long poll of one does not hold up another', async () => {
    const world = await ReadWorld.start()
    const [slow, quick] = ['slow', 'quick'].map((name) => world.fetchers.number(name, 'read_uncommitted'))
    const waiting = world.read(0, 0, { fetcher: slow!, patient: false, maxWaitMs: 30_000 })
    await world.pass(100)
    world.append(1, ['news'])
    const started = world.env.now()
    const { values, at } = await world.run(world.read(1, 0, { fetcher: quick! }))
    expect(values).toEqual(['news'])
    expect(at - started).toBeLessThan(20)
    world.append(0, ['late'])
    expect((await world.run(waiting)).values).toEqual(['late'])
  })

  it('each has a fetch session of its own: what one asks for the other does not forget', async () => {
    const world = await ReadWorld.start()
    const [a, b] = ['a', 'b'].map((name) => world.fetchers.number(name, 'read_uncommitted'))
    for (let i = 0; i < 3; i++) {
      await world.run(
        Promise.all([world.read(0, 0, { fetcher: a!, maxWaitMs: 10 }), world.read(1, 0, { fetcher: b!, maxWaitMs: 10 })]),
      )
    }
    const sessions = new Set(world.seen.map(({ request }) => request.sessionId))
    // 0 for the first request of each
    expect(sessions.size).toBe(3)
    expect(world.seen.slice(2).map(named)).toEqual([[], [], [], []])
  })

  it('IX5: the connection of a fetcher with nothing to ask ends after a while, without a word about the broker', async () => {
    const world = await ReadWorld.start()
    const fetcher = world.fetchers.number('a', 'read_uncommitted')
    await world.run(world.read(0, 0, { fetcher, maxWaitMs: 10 }))
    await world.run(world.read(0, 0, { maxWaitMs: 10 }))
    expect(world.connectionsTo(1)).toBe(2)
    const keptBusy = (async () => {
      for (let i = 0; i < 30; i++) await world.read(0, 0, { maxWaitMs: 10_000 })
    })()
    world.events.length = 0
    await world.pass(110_000)
    expect(world.events).toEqual([])
    await world.pass(20_000)
    const ends = world.events.filter(({ type }) => type === 'connection')
    expect(ends).toMatchObject([{ state: 'disconnected', error: { code: 'CLOSED' } }])
    expect(world.events).toHaveLength(1)
    await world.run(keptBusy)
    // and is made again when there is something to ask
    world.append(0, ['again'])
    expect((await world.run(world.read(0, 0, { fetcher }))).values).toEqual(['again'])
  })
})

describe('C6: patient credits', () => {
  it('hear nothing of the news of others; those that are not get an empty answer', async () => {
    const world = await ReadWorld.start()
    const patient = world.read(0, 0)
    const others = [1, 2].map((partition) => world.read(partition, 0, { patient: false }))
    await world.pass(50)
    world.append(1, ['news'])
    expect((await world.run(Promise.all(others))).map(({ values }) => values)).toEqual([['news'], []])
    let heard = false
    void patient.then(() => (heard = true))
    await world.pass(1_000)
    expect(heard).toBe(false)
    world.append(0, ['mine'])
    expect((await world.run(patient)).values).toEqual(['mine'])
  })

  it('end with nothing when their time is up, not before and not much later', async () => {
    const world = await ReadWorld.start()
    const started = world.env.now()
    const reads = [700, 2_000].map((maxWaitMs, partition) => world.read(partition, 0, { maxWaitMs }))
    const [first, second] = await world.run(Promise.all(reads))
    expect(first!.at - started).toBeGreaterThanOrEqual(699)
    expect(first!.at - started).toBeLessThan(760)
    expect(second!.at - started).toBeGreaterThanOrEqual(1_999)
    expect(second!.at - started).toBeLessThan(2_060)
    expect(second!.answer).toMatchObject({ nextOffset: 0, lastFetchedEpoch: -1 })
  })

  it('one partition with a trickle of records among idle ones gets each at once', async () => {
    const world = await ReadWorld.start()
    void Promise.all([1, 2, 3, 4, 5].map((partition) => world.read(partition, 0, { maxWaitMs: 60_000 })))
    const delays: number[] = []
    let offset = 0
    for (let i = 0; i < 60; i++) {
      const read = world.read(0, offset)
      await world.pass(40)
      const appended = world.env.now()
      world.append(0, [`${i}`])
      const { values, answer, at } = await world.run(read)
      expect(values).toEqual([`${i}`])
      delays.push(at - appended)
      offset = (answer as ReadAnswer).nextOffset
    }
    // the network takes up to 4 ms both ways
    expect(Math.max(...delays)).toBeLessThan(30)
    const perSecond = world.seen.length / (60 * 0.042)
    expect(perSecond).toBeLessThan(100)
  })

  it('a partition that comes back late, while the others wait in a long poll, still gets what comes soon', async () => {
    const world = await ReadWorld.start()
    void Promise.all([1, 2, 3].map((partition) => world.read(partition, 0, { maxWaitMs: 60_000 })))
    const delays: number[] = []
    for (let i = 0; i < 20; i++) {
      await world.pass(1_000 + i * 37)
      const read = world.read(0, i)
      await world.pass(100)
      const appended = world.env.now()
      world.append(0, [`${i}`])
      const { values, at } = await world.run(read)
      expect(values).toEqual([`${i}`])
      delays.push(at - appended)
    }
    expect(Math.max(...delays)).toBeLessThan(300)
  })

  it('F1: outlive a broker that is away for a moment, however long they have been waiting', async () => {
    const world = await ReadWorld.start()
    const read = world.read(0, 0, { maxWaitMs: 120_000 })
    await world.pass(60_000)
    const [node] = world.cluster.nodes
    node!.stop()
    await world.pass(2_000)
    await world.run(node!.start(node!.host, node!.port))
    await world.pass(15_000)
    world.append(0, ['back'])
    expect((await world.run(read)).values).toEqual(['back'])
  })

  it('idle partitions cost two requests a second', async () => {
    const world = await ReadWorld.start()
    const reads = [0, 1, 2, 3, 4, 5].map((partition) => world.read(partition, 0, { maxWaitMs: 20_000 }))
    await world.run(Promise.all(reads))
    expect(world.seen.length).toBeLessThanOrEqual(42)
  })

  it('IX3: a broker that says at once that there is nothing is not asked without end', async () => {
    const world = await ReadWorld.start()
    const reads = [0, 1].map((partition) => world.read(partition, 0, { maxWaitMs: 10_000 }))
    const stop = wakeAll(world)
    await world.run(Promise.all(reads))
    stop()
    expect(world.seen.length).toBeGreaterThan(50)
    expect(world.seen.length).toBeLessThan(220)
  })
})

describe('while brokers have plenty', () => {
  const PARTITIONS = [0, 1, 2, 3, 4, 5]
  /** Each partition has 60 batches of 20 kB, of which an answer holds four. */
  async function plenty(): Promise<ReadWorld> {
    const world = await ReadWorld.start()
    for (const partition of PARTITIONS)
      for (let i = 0; i < 60; i++) world.append(partition, [`${partition}-${i}-`.padEnd(20_000, 'x')])
    return world
  }
  /** Reads a partition to its end, a credit as soon as the last one is answered; gives the numbers of its records. */
  async function readAll(world: ReadWorld, partition: number): Promise<string[]> {
    const values: string[] = []
    for (let offset = 0; offset < 60; ) {
      const { answer, values: more } = await world.read(partition, offset, { maxBytes: 100_000 })
      offset = (answer as ReadAnswer).nextOffset
      values.push(...more.map((value) => value.slice(0, value.lastIndexOf('-'))))
    }
    return values
  }
  const all = PARTITIONS.map((partition) => Array.from({ length: 60 }, (_, i) => `${partition}-${i}`))

  it('the next request is there before the last one is answered, for other partitions, and neither waits', async () => {
    const world = await plenty()
    expect(await world.run(Promise.all(PARTITIONS.map((partition) => readAll(world, partition))))).toEqual(all)
    // the first one shows that there is plenty, the last ones that it is over
    const ahead = world.seen.filter(({ followedBy }) => followedBy > 0)
    expect(ahead.length).toBeGreaterThan(8)
    expect(Math.max(...world.seen.map(({ followedBy }) => followedBy))).toBe(1)
    expect(new Set(ahead.map(({ request }) => request.maxWaitMs))).toEqual(new Set([0]))
    expect(world.seen.length).toBeLessThan(50)
    expect(new Set(world.seen.map(({ connection }) => connection)).size).toBe(1)
  })

  it('F47: a session that is lost between the two costs a round, and nothing else', async () => {
    const world = await plenty()
    world.wire.add({
      apiKey: fetch.key,
      times: 3,
      spoil: (answer) =>
        world.seen.length % 5 === 4
          ? changed<FetchResponse>(answer, (body) => {
              body.errorCode = ErrorCode.FETCH_SESSION_ID_NOT_FOUND
              body.sessionId = 0
              body.responses = []
            })
          : undefined,
    })
    expect(await world.run(Promise.all(PARTITIONS.map((partition) => readAll(world, partition))))).toEqual(all)
    expect(world.seen.filter(({ request }) => request.sessionId === 0).length).toBeGreaterThan(1)
  })

  it('F1: a broker that dies between the two costs a pause, and nothing else', async () => {
    const world = await plenty()
    const reading = world.run(Promise.all(PARTITIONS.map((partition) => readAll(world, partition))))
    world.env.setTimeout(() => {
      world.cluster.kill(1)
      world.env.setTimeout(() => void world.cluster.revive(1), 300)
    }, 20)
    expect(await reading).toEqual(all)
  })

  it('whoever wants more than there is waits for it, also where there was plenty', async () => {
    const world = await plenty()
    const first = PARTITIONS.map((partition) => world.read(partition, 0, { maxBytes: 1_000_000 }))
    const ends = (await world.run(Promise.all(first))).map(({ answer }) => (answer as ReadAnswer).nextOffset)
    const rest = PARTITIONS.map((partition) =>
      world.read(partition, ends[partition]!, { maxBytes: 4_000_000, minBytes: 3_000_000, maxWaitMs: 700, patient: false }),
    )
    const began = world.env.now()
    const last = await world.run(Promise.all(rest))
    expect(last.every(({ at }) => at - began >= 690)).toBe(true)
    expect(last.map(({ answer }) => (answer as ReadAnswer).nextOffset)).toEqual(PARTITIONS.map(() => 60))
  })

  it('whoever is at the end of the log meanwhile gets what comes soon', async () => {
    const world = await plenty()
    const reading = Promise.all(PARTITIONS.slice(1).map((partition) => readAll(world, partition)))
    const waiting = world.read(0, 60)
    await world.pass(20)
    world.append(0, ['news'])
    const appended = world.env.now()
    const { values, at } = await world.run(waiting)
    expect(values).toEqual(['news'])
    expect(at - appended).toBeLessThan(30)
    await world.run(reading)
  })
})

describe('C19, KIP-320: what was read before', () => {
  /** Four records, the last two of them under a later epoch; then the end is lost and others take its place. */
  async function diverged() {
    const world = await ReadWorld.start({}, 2)
    world.append(0, ['a', 'b'])
    const first = world.partition().leaderEpoch
    world.cluster.moveLeader('t', 0, world.partition().leader === 1 ? 2 : 1)
    world.append(0, ['c', 'd'])
    const second = world.partition().leaderEpoch
    return { world, first, second }
  }

  it('is told by its epoch in every request, and each answer says the next one', async () => {
    const { world, first, second } = await diverged()
    const { answer } = await world.run(world.read(0, 0))
    expect(answer).toMatchObject({ nextOffset: 4, lastFetchedEpoch: second })
    await world.run(world.read(0, 2, { lastFetchedEpoch: first }))
    const { answer: nothing } = await world.run(world.read(0, 4, { lastFetchedEpoch: second, maxWaitMs: 10 }))
    expect(nothing).toMatchObject({ nextOffset: 4, lastFetchedEpoch: second })
    const epochs = world.seen.flatMap(({ request }) =>
      request.topics.flatMap(({ partitions }) => partitions.map((one) => [one.currentLeaderEpoch, one.lastFetchedEpoch])),
    )
    expect(epochs.slice(-2)).toEqual([
      [second, first],
      [second, second],
    ])
  })

  it('F7: records that are gone are an error with the place, and an event, not a gap', async () => {
    const { world, first, second } = await diverged()
    await world.run(world.read(0, 0))
    world.cluster.loseRecords('t', 0, 2)
    world.append(0, ['x', 'y', 'z'])
    const { answer } = await world.run(world.read(0, 4, { lastFetchedEpoch: second }))
    expect(answer).toMatchObject({ code: 'LOG_TRUNCATED', retriable: false, context: { topic: 't', partition: 0, offset: 2 } })
    expect((answer as Error).message).toContain('Go on from offset 2')
    expect(world.events.filter(({ type }) => type === 'data-loss')).toMatchObject([{ topic: 't', partition: 0 }])
    // what was read before the loss is still there
    expect((await world.run(world.read(0, 2, { lastFetchedEpoch: first }))).values).toEqual(['x', 'y', 'z'])
  })

  it('F7: a log that is shorter now and knows no such epoch: the offset is out of range, for the waiter to decide', async () => {
    const { world } = await diverged()
    const { answer } = await world.run(world.read(0, 9))
    expect(answer).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', context: { offset: 9 } })
  })

  it('F5: a leader that moves without loss changes nothing', async () => {
    const { world, second } = await diverged()
    await world.run(world.read(0, 0))
    const read = world.read(0, 4, { lastFetchedEpoch: second })
    await world.pass(100)
    world.cluster.moveLeader('t', 0, world.partition().leader === 1 ? 2 : 1)
    await world.pass(100)
    world.append(0, ['e'])
    expect((await world.run(read)).values).toEqual(['e'])
  })
})

describe('F10: a topic that is deleted', () => {
  it.each([
    ['and made again', true],
    ['for good', false],
  ])('%s ends a waiting read with UNKNOWN_TOPIC and says so', async (_, again) => {
    const world = await ReadWorld.start()
    world.append(0, ['old', 'old', 'old'])
    const read = world.read(0, 3, { maxWaitMs: 60_000 })
    await world.pass(100)
    world.cluster.topics.delete(world.cluster.topics.get('t')!)
    if (again) {
      world.cluster.topics.create({ topic: 't', partitions: 6 })
      world.append(0, ['new', 'new', 'new', 'new', 'not for the old position'])
    }
    const { answer } = await world.run(read)
    expect(answer).toMatchObject({ code: 'UNKNOWN_TOPIC', context: { topic: 't' } })
    expect((answer as Error).message).toMatch(/deleted/)
  })
})

describe('C11, KIP-392: the nearest replica', () => {
  async function racks(options = {}) {
    const world = await ReadWorld.start({ rackId: 'c', ...options }, 3, 6, ['a', 'b', 'c'])
    world.cluster.moveLeader('t', 0, 1)
    await world.pass(500)
    world.append(0, ['one', 'two'])
    return world
  }
  /** The nodes that were asked for partition 0, in order and without repetitions. */
  const asked = ({ seen }: ReadWorld) => seen.map(({ node }) => node).filter((node, i, all) => node !== all[i - 1])

  it('is asked when the leader names it, from then on', async () => {
    const world = await racks()
    expect((await world.run(world.read(0, 0))).values).toEqual(['one', 'two'])
    expect(asked(world)).toEqual([1, 3])
    expect(world.seen[0]!.request.rackId).toBe('c')
    const read = world.read(0, 2)
    await world.pass(100)
    world.append(0, ['three'])
    expect((await world.run(read)).values).toEqual(['three'])
    expect(asked(world)).toEqual([1, 3])
  })

  it('is the leader for who does not say where he is', async () => {
    const world = await racks({ rackId: undefined })
    expect((await world.run(world.read(0, 0))).values).toEqual(['one', 'two'])
    expect(asked(world)).toEqual([1])
  })

  it('is asked for again after the maximal age of metadata: there may be a better one', async () => {
    const world = await racks({ metadataMaxAgeMs: 20_000 })
    await world.run(world.read(0, 0))
    world.seen.length = 0
    await world.pass(20_000)
    await world.run(world.read(0, 0))
    expect(asked(world)).toEqual([1, 3])
  })

  it('F1: is left for the leader when it dies, without waiting for anybody to notice', async () => {
    const world = await racks()
    await world.run(world.read(0, 0))
    const read = world.read(0, 2, { maxWaitMs: 60_000 })
    await world.pass(100)
    world.seen.length = 0
    // the brokers name it for some time yet
    const { isr } = world.partition()
    world.cluster.nodes[2]!.stop()
    expect(isr).toContain(3)
    await world.pass(300)
    const started = world.env.now()
    world.append(0, ['three'])
    const { values, at } = await world.run(read)
    expect(values).toEqual(['three'])
    expect(at - started).toBeLessThan(1_000)
    expect(asked(world).at(-1)).toBe(1)
    expect(world.seen.at(-1)!.request.rackId).toBe('')
  })

  it('F3: is left for the leader when it falls silent', async () => {
    const world = await racks()
    await world.run(world.read(0, 0))
    const read = world.read(0, 2, { maxWaitMs: 60_000 })
    await world.pass(100)
    world.env.network.block(world.cluster.nodes[2]!.port, 60_000)
    world.append(0, ['three'])
    const started = world.env.now()
    const { values, at } = await world.run(read)
    expect(values).toEqual(['three'])
    // a silence of three seconds is enough
    expect(at - started).toBeLessThan(5_000)
  })

  it.each([
    ['OFFSET_OUT_OF_RANGE', 1],
    ['NOT_LEADER_OR_FOLLOWER', 6],
    ['UNKNOWN_LEADER_EPOCH', 75],
    ['TOPIC_AUTHORIZATION_FAILED', 29],
  ])('is left for the leader when it refuses with %s, which has the last word', async (_, error) => {
    const world = await racks()
    await world.run(world.read(0, 0))
    world.seen.length = 0
    world.cluster.desk.add({ kind: 'fail', apiKey: 1, times: 1, node: 3, topic: 't', error })
    expect((await world.run(world.read(0, 1))).values).toEqual(['two'])
    expect(asked(world)).toEqual([3, 1])
  })

  it('F6: a leader that names a broker that nobody knows is read itself', async () => {
    const world = await racks()
    world.wire.add({
      apiKey: 1,
      times: 1,
      spoil: (answer) =>
        changed<FetchResponse>(answer, ({ responses }) => {
          for (const { partitions } of responses) for (const one of partitions) Object.assign(one, { preferredReadReplica: 77 })
        }),
    })
    const { values, at } = await world.run(world.read(0, 0))
    expect(values).toEqual(['one', 'two'])
    expect(at).toBeLessThan(60_000)
    expect(asked(world)).toEqual([1])
  })

  it('is chosen anew when the leader moves', async () => {
    const world = await racks()
    await world.run(world.read(0, 0))
    world.seen.length = 0
    world.cluster.moveLeader('t', 0, 3)
    const read = world.read(0, 2)
    await world.pass(2_000)
    world.append(0, ['three'])
    expect((await world.run(read)).values).toEqual(['three'])
    expect(asked(world)).toEqual([3])
  })
})

/** Ends every long poll at once, without anything to say; gives what stops that. */
function wakeAll(world: ReadWorld): () => void {
  let stopped = false
  const wake = (): void => {
    if (stopped) return
    for (const { watchers } of world.cluster.topics.get('t')!.partitions) for (const watcher of [...watchers]) watcher.disturbed()
    world.env.setTimeout(wake, 1)
  }
  wake()
  return () => {
    stopped = true
  }
}
