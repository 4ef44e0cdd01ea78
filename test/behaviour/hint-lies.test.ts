/** Hints about leaders that are wrong (KIP-951): clients wait and ask for metadata as without them, and what they believed does no lasting harm. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { type FetchResponse, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { type ProduceResponse, produce } from '../../src/shared/protocol/generated/produce.ts'
import { EAGER, onChaos, readAll } from './on-chaos.ts'

const ALWAYS = Number.POSITIVE_INFINITY
const LATEST_EPOCH = 2 ** 31 - 1
/** IX3: a second, and to each broker. */
const MOST_PER_SECOND = 10
const HOST = '127.0.0.1'

interface Hint {
  leaderId: number
  leaderEpoch: number
  at?: { host: string; port: number }
}

/** What a broker of this number says, the `time`th time that one is asked. */
type Lie = (node: number, time: number) => Hint

const next = (node: number): number => (node % 3) + 1

const lies: [what: string, lie: Lie][] = [
  ['a broker at port 70000', () => ({ leaderId: 99, leaderEpoch: 1_000, at: { host: HOST, port: 70_000 } })],
  ['a broker at port 0', () => ({ leaderId: 99, leaderEpoch: 1_000, at: { host: HOST, port: 0 } })],
  ['a broker without a host', () => ({ leaderId: 99, leaderEpoch: 1_000, at: { host: '', port: 9_092 } })],
  ['a broker without an address', () => ({ leaderId: 99, leaderEpoch: 1_000 })],
  ['a broker where nobody listens', (_, time) => ({ leaderId: 99, leaderEpoch: 1_000 + time, at: { host: HOST, port: 1 } })],
  ['node −5', (_, time) => ({ leaderId: -5, leaderEpoch: 1_000 + time, at: { host: HOST, port: 9_092 } })],
  ['nobody', (_, time) => ({ leaderId: -1, leaderEpoch: 1_000 + time })],
  ['itself', (node, time) => ({ leaderId: node, leaderEpoch: 1_000 + time })],
  ['another one, under the last epoch there is', (node) => ({ leaderId: next(node), leaderEpoch: LATEST_EPOCH })],
  ['another one, under an epoch of the past', (node) => ({ leaderId: next(node), leaderEpoch: 0 })],
  ['another one, under epoch −1', (node) => ({ leaderId: next(node), leaderEpoch: -1 })],
  ['each other, each time under a newer epoch', (node, time) => ({ leaderId: next(node), leaderEpoch: 1_000 + time })],
  ['new brokers without end', (_, time) => ({ leaderId: 100 + time, leaderEpoch: time, at: { host: HOST, port: 1 } })],
]

onChaos(
  'lying hints',
  (chaos) => {
    /** From now on no leader admits that it is one. */
    function deny(lie: Lie, error: number = ErrorCode.NOT_LEADER_OR_FOLLOWER): void {
      let time = 0
      const denial = (node: number) => {
        const { leaderId, leaderEpoch, at } = lie(node, ++time)
        const currentLeader = { leaderId, leaderEpoch }
        return { currentLeader, nodeEndpoints: at ? [{ nodeId: leaderId, ...at, rack: null }] : [] }
      }
      chaos.proxy.rewrite(
        produce,
        (body, { node }) => {
          const { currentLeader, nodeEndpoints } = denial(node)
          body.nodeEndpoints = nodeEndpoints
          for (const { partitionResponses } of body.responses)
            for (const one of partitionResponses)
              Object.assign(one, { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, baseOffset: -1, currentLeader })
        },
        { times: ALWAYS },
      )
      chaos.proxy.rewrite(
        fetch,
        (body, { node }) => {
          const { currentLeader, nodeEndpoints } = denial(node)
          body.nodeEndpoints = nodeEndpoints
          for (const { partitions } of body.responses)
            for (const one of partitions) Object.assign(one, { errorCode: error, records: Buffer.alloc(0), currentLeader })
        },
        { times: ALWAYS },
      )
    }

    it.each(lies)(
      'F5, F6, IX3: every leader says that the leader is %s: no storm, and all is well once they stop',
      async (_what, lie) => {
        const topic = await chaos.world.topic(1)
        const kafka = chaos.client()
        const trouble: unknown[] = []
        kafka.on('ioThread', (event) => trouble.push(event))
        kafka.on('fatal', (event) => trouble.push(event))
        const ledger = chaos.ledger(topic, kafka.producer())
        await ledger.burst(2)
        const asked = chaos.proxy.traffic.times('Metadata').length
        deny(lie)
        void ledger.burst(2)
        const reading = kafka.fetch([{ topic, partition: 0, offset: 0 }])
        const from = performance.now()
        await sleep(3_000)
        for (const { node, perSecond } of chaos.proxy.traffic.rates(from, performance.now()))
          expect(perSecond, `requests a second to node ${node}`).toBeLessThanOrEqual(MOST_PER_SECOND)
        expect(chaos.proxy.traffic.times('Metadata').length).toBeGreaterThan(asked)
        chaos.proxy.clear()
        const honest = performance.now()
        expect((await reading)[0]!.records[0]).toMatchObject({ offset: 0 })
        await ledger.burst(2)
        await ledger.settle()
        expect(performance.now() - honest).toBeLessThan(15_000)
        expect(trouble).toEqual([])
      },
    )

    it('F6, IX3: a leader that is said to be another one again and again by FENCED_LEADER_EPOCH', async () => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client()
      await chaos.ledger(topic, kafka.producer()).burst(2)
      deny((node, time) => ({ leaderId: node, leaderEpoch: 1_000 + time }), ErrorCode.FENCED_LEADER_EPOCH)
      const reading = kafka.fetch([{ topic, partition: 0, offset: 0 }])
      const from = performance.now()
      await sleep(2_000)
      for (const { perSecond } of chaos.proxy.traffic.rates(from, performance.now()))
        expect(perSecond).toBeLessThanOrEqual(MOST_PER_SECOND)
      chaos.proxy.clear()
      expect((await reading)[0]!.records).toHaveLength(2)
    })

    it('F6: the right leader under the last epoch there is: the leaders after it are found all the same', async () => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client(EAGER)
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      const exaggerate = (one: { currentLeader: Hint }): void => {
        if (one.currentLeader.leaderId >= 0) one.currentLeader.leaderEpoch = LATEST_EPOCH
      }
      const produced = (body: ProduceResponse) => {
        for (const { partitionResponses } of body.responses) partitionResponses.forEach(exaggerate)
      }
      const fetched = (body: FetchResponse) => {
        for (const { partitions } of body.responses) partitions.forEach(exaggerate)
      }
      chaos.proxy.rewrite(produce, produced, { times: ALWAYS })
      chaos.proxy.rewrite(fetch, fetched, { times: ALWAYS })
      for (const node of [2, 3, 1, 3]) {
        await chaos.world.moveLeader(topic, 0, node)
        await ledger.burst(2)
        const sent = ledger.sent.get(0)!.length
        expect(await readAll(kafka, topic, sent)).toHaveLength(sent)
      }
      await ledger.settle()
    })

    it('F5, IX4: a hint to a broker that takes connections and says nothing costs no more than one that is silent', async () => {
      const topic = await chaos.world.topic(1)
      const kafka = chaos.client({ ...EAGER, connectTimeoutMs: 500, requestTimeoutMs: 1_000 })
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      chaos.proxy.partition(2)
      deny(() => ({ leaderId: 2, leaderEpoch: 1_000 }))
      void ledger.burst(2)
      await sleep(1_000)
      chaos.proxy.clear()
      chaos.proxy.partition(2)
      const honest = performance.now()
      await ledger.burst(2)
      expect(performance.now() - honest).toBeLessThan(8_000)
      await ledger.settle()
    })
  },
  ['embedded-3', 'real-3'],
)
