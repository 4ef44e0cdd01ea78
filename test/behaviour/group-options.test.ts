/** Options of consumer groups: each does what it says, seen from the handler, the coordinator, or the wire. Those of topics: `group-topic-options.test.ts`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumerGroup, ConsumerGroupOptions } from '../../src/main/index.ts'
import { consumerGroupHeartbeat } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { type FetchRequest, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { offsetCommit } from '../../src/shared/protocol/generated/offset-commit.ts'
import { eventually, fill, type Gathered, gathering, valuesFor } from './group-support.ts'
import { type ChaosWorld, onChaos } from './on-chaos.ts'
import { openTransaction } from './open-transaction.ts'
import { type Seen, watchConcurrency, watchRequests } from './wire-watch.ts'

const UNCOMMITTED = 0
const COMMITTED = 1

/** What comes while a poll waits is asked for beside it, without a session, on a connection that fetchers share. */
const isPoll = ({ body }: Seen<FetchRequest>): boolean => body.sessionEpoch !== -1

/** Which topics, by number, were asked for on one connection; a connection that took another's place counts once with it. */
async function topicsByConnection(chaos: ChaosWorld, groups: readonly ConsumerGroup[]): Promise<string[]> {
  const seen = watchRequests(chaos.proxy, fetch)
  await Promise.all(groups.map((group) => group.start()))
  await eventually(() => {
    const named = seen.filter(isPoll).flatMap(({ body }) => body.topics.map(({ topicId }) => topicId))
    expect(new Set(named).size).toBe(2)
  })
  await Promise.all(groups.map((group) => group.stop()))
  chaos.proxy.clear()
  const byConnection = Map.groupBy(seen.filter(isPoll), ({ connection }) => connection)
  const named = Array.from(byConnection.values(), (requests) =>
    requests.flatMap(({ body }) => body.topics.map(({ topicId }) => topicId)),
  ).filter((ids) => ids.length > 0)
  const numbers = new Map([...new Set(named.flat())].map((id, index) => [id, index]))
  return [...new Set(named.map((ids) => [...new Set(ids.map((id) => numbers.get(id)!))].sort().join('+')))].sort()
}

onChaos(
  'options of groups',
  (chaos) => {
    const { world } = chaos

    it('C4 C7: fetcherName: groups of one client share the Fetch requests of a fetcher, and have their own under another name', async () => {
      const kafka = chaos.client()
      const read = async (...names: string[]): Promise<string[]> => {
        const topics = [await world.topic(1), await world.topic(1)]
        const groups = topics.map((topic, i) => gathering(kafka, topic, names[i] ? { fetcherName: names[i] } : {}).group)
        return topicsByConnection(chaos, groups)
      }
      expect(await read()).toEqual(['0+1'])
      expect(await read('mine', 'yours')).toEqual(['0', '1'])
      expect(await read('ours', 'ours')).toEqual(['0+1'])
    })

    it('C5 C7: fetcherName of a topic comes before that of its group', async () => {
      const kafka = chaos.client()
      const topics = [{ name: await world.topic(1) }, { name: await world.topic(1), fetcherName: 'its own' }]
      const { group } = gathering(kafka, [], { fetcherName: 'of the group', topics })
      expect(await topicsByConnection(chaos, [group])).toEqual(['0', '1'])
    })

    it('C4 C9: committersCount: so many commits of a group are under way at once, and no more', async () => {
      const kafka = chaos.client()
      const peaks: number[] = []
      for (const committersCount of [1, 3]) {
        const topic = await world.topic(6)
        await fill(kafka, topic, 6, 60)
        const commits = watchConcurrency(chaos.proxy, offsetCommit, 30)
        const defaultTopicConfig = { handlerMaxBatchSize: 10, handlerMaxCommitsInFlight: 10 }
        const { group, gathered } = gathering(kafka, topic, { committersCount, defaultTopicConfig }, async (records, all) => {
          // at different moments, so that they are not all one commit
          await sleep(3 * records[0]!.partition)
          all.add(records)
        })
        await group.start()
        await gathered.reaches(360)
        await group.stop()
        for (let p = 0; p < 6; p++) expect(gathered.values(topic, p)).toEqual(valuesFor(p, 60))
        peaks.push(commits.peak)
        chaos.proxy.clear()
      }
      expect(peaks).toEqual([1, 3])
    })

    it('C4 C5: isolationLevel: the group asks for it, and an entry of topics comes before it', async () => {
      const kafka = chaos.client()
      type Level = 'read_committed' | 'read_uncommitted'
      const asked = async (ofGroup: Level | undefined, ofSecond?: Level): Promise<number[]> => {
        const options: Partial<ConsumerGroupOptions> = {
          topics: [{ name: await world.topic(1) }, { name: await world.topic(1), ...(ofSecond && { isolationLevel: ofSecond }) }],
          ...(ofGroup && { isolationLevel: ofGroup }),
        }
        const seen = watchRequests(chaos.proxy, fetch)
        const { group } = gathering(kafka, [], options)
        await group.start()
        await eventually(() =>
          expect(new Set(seen.flatMap(({ body }) => body.topics.map(({ topicId }) => topicId))).size).toBe(2),
        )
        await group.stop()
        chaos.proxy.clear()
        return [...new Set(seen.map(({ body }) => body.isolationLevel))].sort()
      }
      expect(await asked(undefined)).toEqual([COMMITTED])
      expect(await asked('read_uncommitted')).toEqual([UNCOMMITTED])
      expect(await asked('read_uncommitted', 'read_committed')).toEqual([UNCOMMITTED, COMMITTED])
    })

    // the embedded broker has no transactions
    if (world.target.startsWith('real')) {
      it('C4 C18 IC6: read_committed waits for the end of a transaction, read_uncommitted does not', async () => {
        const kafka = chaos.client()
        const topic = await world.topic(1)
        await fill(kafka, topic, 1, 3)
        const transaction = await openTransaction(world.brokers, topic, ['in it 1', 'in it 2'])
        const start = async (isolationLevel: 'read_committed' | 'read_uncommitted'): Promise<Gathered> => {
          const { group, gathered } = gathering(kafka, topic, { isolationLevel })
          await group.start()
          return gathered
        }
        const [committed, uncommitted] = await Promise.all([start('read_committed'), start('read_uncommitted')])
        await uncommitted.reaches(5)
        await committed.reaches(3)
        await sleep(500)
        expect(committed.values(topic, 0)).toEqual(valuesFor(0, 3))
        await transaction.end('commit')
        await committed.reaches(5)
        expect(committed.values(topic, 0)).toEqual([...valuesFor(0, 3), 'in it 1', 'in it 2'])
        const aborted = await openTransaction(world.brokers, topic, ['never'])
        await aborted.end('abort')
        await fill(kafka, topic, 1, 1, 3)
        await committed.reaches(6)
        expect(committed.values(topic, 0).at(-1)).toBe('0:3')
        await eventually(() => expect(uncommitted.values(topic, 0).slice(-2)).toEqual(['never', '0:3']))
      })
    }

    it("C11: rackId and instanceId are what the coordinator is told; left out, the client's rackId and nothing", async () => {
      const [near, nowhere] = [chaos.client({ rackId: 'rack-1' }), chaos.client()]
      const topic = await world.topic(1)
      const seen = watchRequests(chaos.proxy, consumerGroupHeartbeat)
      const groups = [
        gathering(near, topic, { rackId: 'rack-7', instanceId: 'number 7' }),
        gathering(near, topic),
        gathering(nowhere, topic),
      ].map(({ group }) => group)
      await Promise.all(groups.map((group) => group.start()))
      const joins = groups.map(({ groupName }) => seen.find(({ body }) => body.groupId === groupName && body.memberEpoch === 0)!)
      expect(joins.map(({ body }) => [body.rackId, body.instanceId])).toEqual([
        ['rack-7', 'number 7'],
        ['rack-1', null],
        [null, null],
      ])
    })

    it('C8 IP8: prefetchBytes bounds what is fetched ahead of handlers that are busy', async () => {
      const topic = await world.topic(4)
      const kafka = chaos.client()
      // batches of a good kilobyte, so that a fetch can be small
      for (let i = 0; i < 40; i++) {
        const records = [0, 1, 2, 3].map((partition) => ({ topic, partition, value: `${partition}:${i}`.padEnd(1_200, '.') }))
        for (const result of await kafka.producer({ compression: 'none' }).produceBatch(records))
          if (!result.ok) throw result.error
      }
      const peakOf = async (prefetchBytes: number): Promise<number> => {
        const release = Promise.withResolvers<void>()
        const defaultTopicConfig = { handlerMaxBatchSize: 1 }
        const { group, gathered } = gathering(kafka, topic, { prefetchBytes, defaultTopicConfig }, async (records, all) => {
          await release.promise
          all.add(records)
        })
        await group.start()
        await eventually(() => expect(group.metrics().partitions.every(({ doing }) => doing === 'handler')).toBe(true))
        await sleep(400)
        release.resolve()
        await gathered.reaches(160)
        const { prefetchedBytesPeak } = group.metrics()
        await group.stop()
        expect(group.metrics().prefetchedBytes).toBe(0)
        return prefetchedBytesPeak
      }
      const small = await peakOf(24 * 1024)
      expect(small).toBeGreaterThan(0)
      expect(small).toBeLessThanOrEqual(24 * 1024)
      expect(await peakOf(1024 * 1024)).toBeGreaterThan(100 * 1024)
    })

    it('IX4: partitionStallMs: a partition that gets on with nothing is told of, and when it goes on', async () => {
      const kafka = chaos.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 6)
      const told: unknown[] = []
      const start = async (options: Partial<ConsumerGroupOptions>) => {
        const release = Promise.withResolvers<void>()
        const { group, gathered } = gathering(kafka, topic, options, async (records, all) => {
          if (records[0]!.partition === 1) await release.promise
          all.add(records)
        })
        await group.start()
        return { group, gathered, release }
      }
      const watched = await start({ partitionStallMs: 1_000 })
      const patient = await start({})
      watched.group.on('stalled', ({ partition, forMs, why }) => told.push(['stalled', partition, forMs >= 1_000, why]))
      watched.group.on('recovered', ({ partition, afterMs }) => told.push(['recovered', partition, afterMs >= 1_000]))
      for (const event of ['stalled', 'recovered'] as const) patient.group.on(event, () => told.push(`too early: ${event}`))
      await eventually(() => expect(told).toEqual([['stalled', 1, true, expect.stringContaining(`${topic}-1 its handler`)]]))
      watched.release.resolve()
      patient.release.resolve()
      await eventually(() => expect(told.slice(1)).toEqual([['recovered', 1, true]]))
      await Promise.all([watched, patient].map(({ gathered }) => gathered.reaches(12)))
    })

    it('F26 IC3: handlerTimeoutMs: a call that takes longer is told by its signal, does not count, and comes again', async () => {
      const kafka = chaos.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 3)
      const aborted: unknown[] = []
      const errors: unknown[] = []
      const calls: number[] = []
      const group = kafka.consumerGroup({
        groupName: world.freshName(),
        topics: [{ name: topic, offsetResetPolicy: 'earliest', handlerRetryBackoffMs: 10 }],
        handlerTimeoutMs: 200,
        handler: {
          handleRecordBatch(_topic, _partition, records, { signal, attempt }) {
            calls.push(records.length)
            if (attempt > 1) return 'commit'
            signal.addEventListener('abort', () => aborted.push(signal.reason.code))
            return new Promise(() => {})
          },
        },
      })
      group.on('handlerError', ({ error, attempt }) => errors.push([(error as { code: string }).code, attempt]))
      await group.start()
      await eventually(() => expect(group.metrics()).toMatchObject({ commits: 1, lag: 0 }))
      expect(calls).toEqual([3, 3])
      expect(aborted).toEqual(['HANDLER_TIMEOUT'])
      expect(errors).toEqual([['HANDLER_TIMEOUT', 1]])
    })
  },
  ['embedded-1', 'real-3'],
)
