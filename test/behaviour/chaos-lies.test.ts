/** F42: brokers that say what they speak and do not mean it. F43: metadata that cannot be true. */
import { expect, it } from 'vitest'
import type { KafkaError } from '../../src/main/index.ts'
import { type ApiVersionsResponse, apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { type MetadataResponse, type MetadataResponseTopic, metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { sleep } from '../chaos/actions.ts'
import type { Exchange } from '../chaos/exchange.ts'
import { EAGER, onChaos, readAll } from './on-chaos.ts'

const ALWAYS = Number.POSITIVE_INFINITY
const UNSUPPORTED_VERSION = 35
const PRODUCE = 0
const METADATA = 3
const INIT_PRODUCER_ID = 22
/** IX3 */
const MOST_PER_SECOND = 10

const ranges = (key: number, minVersion: number, maxVersion: number) => (body: ApiVersionsResponse) => {
  const range = body.apiKeys.find(({ apiKey }) => apiKey === key)
  Object.assign(range!, { minVersion, maxVersion })
}
const without = (key: number) => (body: ApiVersionsResponse) =>
  void (body.apiKeys = body.apiKeys.filter(({ apiKey }) => apiKey !== key))
const nothing = (body: ApiVersionsResponse) => void (body.apiKeys = [])
const refusing = (body: ApiVersionsResponse) => void (body.errorCode = UNSUPPORTED_VERSION)

onChaos(
  'what brokers say they speak',
  (chaos) => {
    const unusable: [what: string, lie: (body: ApiVersionsResponse) => void, version: number | undefined][] = [
      ['nothing', nothing, undefined],
      ['no Metadata', without(METADATA), undefined],
      ['only Metadata of the future', ranges(METADATA, 1_000, 2_000), undefined],
      ['Metadata with more at least than at most', ranges(METADATA, 9, 1), undefined],
      ['UNSUPPORTED_VERSION to every version', refusing, 0],
    ]
    it.each(unusable)(
      'F42, IX3: %s: a typed error that says so, no storm, and an end of it when brokers mend',
      async (_what, lie, version) => {
        const topic = await chaos.world.topic(1)
        const rule = chaos.proxy.rewrite(apiVersions, lie, { times: ALWAYS, ...(version !== undefined && { version }) })
        const kafka = chaos.client()
        await expect(kafka.connect()).rejects.toMatchObject({
          code: 'NO_BROKER',
          message: expect.stringMatching(/of Metadata it has|refused to say which API versions/),
        })
        const from = performance.now()
        const error = (await kafka
          .producer({ deliveryTimeoutMs: 3_000 })
          .produce({ topic, value: 'x' })
          .catch((thrown: unknown) => thrown)) as KafkaError
        expect(error).toMatchObject({ name: 'KafkaError', outcome: 'not-written' })
        expect(error.message).toMatch(/of Metadata it has|refused to say which API versions/)
        await sleep(Math.max(0, from + 3_000 - performance.now()))
        for (const rate of chaos.proxy.traffic.rates(from, performance.now()))
          expect(rate.perSecond).toBeLessThanOrEqual(MOST_PER_SECOND)
        rule.cancel()
        chaos.proxy.sever()
        const ledger = chaos.ledger(topic, kafka.producer({ name: 'mended' }))
        await ledger.burst(2)
        await ledger.settle()
      },
    )

    it.each([
      ['is not there', without(PRODUCE)],
      ['is of the future only', ranges(PRODUCE, 1_000, 2_000)],
      ['has more at least than at most', ranges(PRODUCE, 9, 1)],
    ])('F42: Produce %s: sends fail as UNSUPPORTED at once, reads go on', async (_what, lie) => {
      const topic = await chaos.world.topic(1)
      await chaos.client().producer().produce({ topic, value: '0' })
      chaos.proxy.rewrite(apiVersions, lie, { times: ALWAYS })
      const kafka = chaos.client()
      const send = kafka.producer().produce({ topic, value: 'x' })
      await expect(send).rejects.toMatchObject({ code: 'UNSUPPORTED', outcome: 'not-written', context: { api: 'Produce' } })
      expect(await readAll(kafka, topic, 1)).toEqual(['0'])
      expect(await chaos.world.log(topic)).toHaveLength(1)
    })

    it.each<[string, (body: ApiVersionsResponse) => void, (exchange: Exchange) => boolean, number]>([
      [
        'in the newest version it knows',
        (body) => Object.assign(body, { errorCode: UNSUPPORTED_VERSION }),
        ({ version }) => version > 2,
        2,
      ],
      [
        'without saying which it knows',
        (body) => Object.assign(body, { errorCode: UNSUPPORTED_VERSION, apiKeys: [] }),
        ({ version }) => version > 0,
        0,
      ],
    ])('F42: a broker that does not know this ApiVersions is asked again, %s', async (_what, lie, when, asked) => {
      const downgraded = (body: ApiVersionsResponse) => {
        ranges(apiVersions.key, 0, 2)(body)
        lie(body)
      }
      const topic = await chaos.world.topic(1)
      const refused = chaos.proxy.rewrite(apiVersions, downgraded, { times: ALWAYS, when, version: 0 })
      const versions: number[] = []
      chaos.proxy.rewrite(apiVersions, (_body, { version }) => void versions.push(version), { times: ALWAYS })
      const ledger = chaos.ledger(topic, chaos.client().producer())
      await ledger.burst(2)
      expect(refused.hits).toBeGreaterThan(0)
      expect(new Set(versions)).toEqual(new Set([asked]))
      await ledger.settle()
    })

    it.each([
      ['UNKNOWN_SERVER_ERROR', -1],
      ['COORDINATOR_LOAD_IN_PROGRESS', 14],
      ['a code of the future', 9_999],
    ])('F42: %s in answer to ApiVersions ends a connection and no send', async (_name, errorCode) => {
      const topic = await chaos.world.topic(1)
      const failing = chaos.proxy.rewrite(apiVersions, (body) => void (body.errorCode = errorCode), { times: 3 })
      const ledger = chaos.ledger(topic, chaos.client(EAGER).producer())
      await ledger.burst(2)
      expect(failing.hits).toBe(3)
      const again = chaos.proxy.rewrite(apiVersions, (body) => void (body.errorCode = errorCode), { times: 3 })
      while (again.hits < 3) {
        chaos.proxy.sever()
        await ledger.burst(2)
      }
      await ledger.settle()
    })

    it('F42: keys and versions of the future are nothing to mind', async () => {
      const topic = await chaos.world.topic(1)
      chaos.proxy.rewrite(
        apiVersions,
        ({ apiKeys }) => {
          for (const range of apiKeys) range.maxVersion = 32_767
          apiKeys.push({ apiKey: 32_000, minVersion: 0, maxVersion: 1 }, { apiKey: -1, minVersion: 0, maxVersion: 1 })
        },
        { times: ALWAYS },
      )
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(2)
      expect(await readAll(kafka, topic, 2)).toEqual(['0', '1'])
      await ledger.settle()
    })
  },
  ['embedded-1', 'real-1'],
)

onChaos(
  'what one broker of three says it speaks',
  (chaos) => {
    it('F42: one that lacks an API is no reason to fail: another one is asked', async () => {
      const topic = await chaos.world.topic(3)
      const lacking = chaos.proxy.rewrite(apiVersions, without(INIT_PRODUCER_ID), { node: 1, times: ALWAYS })
      // connected to it alone when the producer asks for its id
      const kafka = chaos.client({ brokers: [chaos.proxy.brokers[0]!] })
      await kafka.connect()
      expect(lacking.hits).toBeGreaterThan(0)
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(6, 3)
      await ledger.settle()
    })
  },
  ['embedded-3', 'real-3'],
)

type TopicLie = (topic: MetadataResponseTopic) => void

const everyTopic = (lie: TopicLie) => (body: MetadataResponse) => {
  for (const topic of body.topics) lie(topic)
}
const partitionsToo = (...indexes: number[]) =>
  everyTopic(({ partitions }) => {
    // in front, where a client that believes the first would see them
    if (partitions[0])
      partitions.unshift(...indexes.map((partitionIndex) => ({ ...partitions[0]!, partitionIndex, leaderId: 99 })))
  })
const brokersLike = (change: object) => (body: MetadataResponse) => {
  for (const broker of body.brokers) Object.assign(broker, change)
}

/** Lies that leave a client that knows better nothing to lose. */
const harmless: [what: string, lie: (body: MetadataResponse) => void][] = [
  ['negative partition ids', partitionsToo(-1, -2_147_483_648)],
  ['huge partition ids', partitionsToo(2 ** 31 - 1, 1_000_000)],
  ['no brokers', (body) => void (body.brokers = [])],
  ['brokers at port 70000', brokersLike({ port: 70_000 })],
  ['brokers at port −1', brokersLike({ port: -1 })],
  ['brokers without a host', brokersLike({ host: '' })],
  ['zero partitions and no error', everyTopic((topic) => void (topic.partitions = []))],
  ['no topics', (body) => void (body.topics = [])],
  ['topics without a name', everyTopic((topic) => void (topic.name = null))],
  [
    'leader epochs of the past',
    everyTopic(({ partitions }) => partitions.forEach((one) => void Object.assign(one, { leaderId: 99, leaderEpoch: -1 }))),
  ],
]

onChaos('what metadata says', (chaos) => {
  it.each(harmless)('F43: %s: what is known stays, what is not waits for the truth', async (what, lie) => {
    const topic = await chaos.world.topic(3)
    const knowing = chaos.client(EAGER)
    const ledger = chaos.ledger(topic, knowing.producer())
    await ledger.burst(6, 3)
    chaos.proxy.rewrite(metadata, lie, { times: ALWAYS })
    if (!what.startsWith('leader')) {
      for (let round = 0; round < 2; round++) {
        chaos.proxy.sever()
        await ledger.burst(6, 3)
      }
    }
    chaos.proxy.clear()
    const lied = chaos.proxy.rewrite(metadata, lie, { times: ALWAYS, when: ({ clientId }) => clientId === 'newcomer' })
    const newcomer = chaos.client({ ...EAGER, clientId: 'newcomer' })
    const sends = [0, 1, 2].map((partition) => newcomer.producer().produce({ topic, partition, value: 'late' }))
    await lied.reached()
    lied.cancel()
    await Promise.all(sends)
    for (const partition of [0, 1, 2]) ledger.sent.get(partition)!.push('late')
    await ledger.settle()
  })

  it('F43: a partition that is told twice with different leaders is written to once', async () => {
    const topic = await chaos.world.topic(1)
    chaos.proxy.rewrite(
      metadata,
      everyTopic(({ partitions }) => void partitions.push({ ...partitions[0]!, leaderId: 99, leaderEpoch: 1_000_000 })),
      { times: ALWAYS },
    )
    const ledger = chaos.ledger(topic, chaos.client(EAGER).producer())
    await ledger.burst(6)
    await ledger.settle()
  })

  it('F43, IP7: a topic of zero partitions is no success: the send fails within its time', async () => {
    const topic = await chaos.world.topic(1)
    chaos.proxy.rewrite(
      metadata,
      everyTopic((one) => void (one.partitions = [])),
      { times: ALWAYS },
    )
    const kafka = chaos.client()
    await kafka.connect()
    const send = kafka.producer({ deliveryTimeoutMs: 1_500 }).produce({ topic, value: 'x' })
    const started = performance.now()
    await expect(send).rejects.toMatchObject({ name: 'KafkaError', outcome: 'not-written' })
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(await chaos.world.log(topic)).toEqual([])
  })

  it('F43: a first answer without brokers says so', async () => {
    chaos.proxy.rewrite(metadata, (body) => void (body.brokers = []), { times: ALWAYS })
    await expect(chaos.client().connect()).rejects.toMatchObject({
      code: 'NO_BROKER',
      message: expect.stringContaining('names no broker'),
    })
  })
})
