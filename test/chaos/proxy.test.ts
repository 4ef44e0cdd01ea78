/** The proxy by itself: what it shows of the cluster, which frames it hits, and what it does to connections. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../src/main/testing/index.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { createTopics } from '../../src/shared/protocol/generated/create-topics.ts'
import { describeCluster } from '../../src/shared/protocol/generated/describe-cluster.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { RawClient } from '../main/testing/client.ts'
import { cut, delay, freeze, hold, lose, slow, swapped } from './actions.ts'
import { disguiseAnswer } from './addresses.ts'
import { Exchange } from './exchange.ts'
import { type ChaosProxy, startChaosProxy } from './index.ts'

let broker: EmbeddedBroker
let proxy: ChaosProxy
let clients: RawClient[] = []

async function client(node = 1): Promise<RawClient> {
  const opened = await RawClient.open(nodeEnv(), proxy.brokers[node - 1]!)
  clients.push(opened)
  return opened
}

const ask = (one: RawClient) => one.call(metadata, 12, { topics: [] })
const requestsOf = async (api: string) => (await broker.requestCounts(api)).reduce((sum, { requests }) => sum + requests, 0)

beforeAll(async () => {
  broker = await startBroker({ nodes: 3 })
  proxy = await startChaosProxy({ brokers: broker.brokers })
})
afterEach(() => {
  proxy.clear()
  for (const one of clients) one.close()
  clients = []
  expect(proxy.problems).toEqual([])
})
afterAll(async () => {
  await proxy.close()
  await broker.close()
})

describe('what clients see of the cluster', () => {
  it('Metadata and DescribeCluster name the proxy for every node, in every version that is spoken', async () => {
    const one = await client()
    const { apiKeys } = await one.call(apiVersions, 3, {})
    for (const api of [metadata, describeCluster]) {
      const range = apiKeys.find(({ apiKey }) => apiKey === api.key)
      if (range === undefined) continue
      for (let version = range.minVersion; version <= Math.min(range.maxVersion, api.maxVersion); version++) {
        const { brokers } = await one.call(api, version, {})
        const seen = brokers.map(({ host, port }: { host: string; port: number }) => `${host}:${port}`)
        expect(seen.toSorted(), `${api.name} ${version}`).toEqual(proxy.brokers.toSorted())
      }
    }
  })

  it('so do FindCoordinator and the new leaders in Produce and Fetch answers', () => {
    const disguise = (nodeId: number) => (nodeId === 2 ? { host: 'proxy', port: 1234 } : undefined)
    const through = <Body>(api: typeof produce | typeof fetch | typeof findCoordinator, version: number, body: object): Body => {
      const header = { apiKey: api.key, apiVersion: version, correlationId: 7, clientId: null }
      const exchange = new Exchange(1, 1, api, header, new Reader(Buffer.alloc(0)))
      const frame = disguiseAnswer(exchange, exchange.encodeAnswer(api as never, body as never), disguise)
      return exchange.decodeAnswer(api as never, frame) as Body
    }
    const endpoint = { nodeId: 2, host: 'broker', port: 9092 }
    const seen = { nodeId: 2, host: 'proxy', port: 1234 }
    expect(through(produce, 10, { nodeEndpoints: [endpoint] })).toMatchObject({ nodeEndpoints: [seen] })
    expect(through(fetch, 16, { nodeEndpoints: [endpoint] })).toMatchObject({ nodeEndpoints: [seen] })
    expect(through(findCoordinator, 2, endpoint)).toMatchObject(seen)
    expect(through(findCoordinator, 4, { coordinators: [endpoint] })).toMatchObject({ coordinators: [seen] })
  })

  it('a rewritten answer is what the client decodes; the next one is the truth again', async () => {
    const one = await client()
    const lie = proxy.rewrite(metadata, (body) => (body.clusterId = 'elsewhere'))
    expect((await ask(one)).clusterId).toBe('elsewhere')
    expect((await ask(one)).clusterId).not.toBe('elsewhere')
    expect(lie.hits).toBe(1)
  })
})

describe('which frames are hit', () => {
  it('by API, node, number and what the request says; a count can be awaited', async () => {
    const [first, second] = [await client(1), await client(2)]
    const lie = proxy.rewrite(metadata, (body) => (body.clusterId = 'hit'), {
      node: 2,
      times: 2,
      when: (exchange) => exchange.request(metadata)?.topics === null,
    })
    const all = (one: RawClient) => one.call(metadata, 12, { topics: null })
    const reached = lie.reached(2)
    await first.call(apiVersions, 3, {})
    expect((await all(first)).clusterId).not.toBe('hit')
    expect((await ask(second)).clusterId).not.toBe('hit')
    expect((await all(second)).clusterId).toBe('hit')
    expect((await all(second)).clusterId).toBe('hit')
    await reached
    expect((await all(second)).clusterId).not.toBe('hit')
    expect(lie.hits).toBe(2)
  })

  it('connections and requests are counted', async () => {
    const from = performance.now()
    const one = await client(3)
    await ask(one)
    await ask(one)
    const rate = proxy.traffic.rates(from, performance.now()).find(({ node }) => node === 3)
    expect(rate).toMatchObject({ connections: 1, requests: 2, worstSecond: 3 })
  })
})

describe('what becomes of connections', () => {
  const create = (one: RawClient, name: string) =>
    one.call(createTopics, 5, { topics: [{ name, numPartitions: 1, replicationFactor: 1 }], timeoutMs: 1_000 })

  it('a request cut short never takes effect; one whose answer is lost has', async () => {
    const before = await requestsOf('CreateTopics')
    proxy.requests({ api: 'CreateTopics' }, cut(-1))
    const one = await client()
    await expect(create(one, 'cut')).rejects.toThrow()
    expect(await requestsOf('CreateTopics')).toBe(before)
    proxy.answers({ api: 'CreateTopics' }, lose('fin'))
    const other = await client()
    await expect(create(other, 'lost')).rejects.toThrow()
    expect(await requestsOf('CreateTopics')).toBe(before + 1)
    expect((await (await client()).call(metadata, 12, { topics: [{ name: 'lost' }] })).topics[0]!.errorCode).toBe(0)
  })

  it.each([
    ['reset', /ECONNRESET/],
    ['fin', /connection closed/],
  ] as const)('an answer that ends inside with %s ends the connection like that', async (end, message) => {
    proxy.answers({ api: 'Metadata' }, cut(6, end))
    await expect(ask(await client())).rejects.toThrow(message)
  })

  it('a frozen connection gives nothing and does not end; others go on', async () => {
    const frozen = await client()
    const rule = proxy.answers({ api: 'Metadata' }, freeze())
    let ended = false
    ask(frozen).catch(() => (ended = true))
    await rule.reached()
    await ask(await client())
    expect(ended).toBe(false)
    proxy.sever()
    await frozen.closed
  })

  it('a partitioned node holds everything back until it heals', async () => {
    const one = await client()
    proxy.partition(1)
    let answered = false
    const answer = ask(one).then(() => (answered = true))
    await ask(await client(2))
    expect(answered).toBe(false)
    proxy.heal(1)
    await answer
  })

  it('a deaf node takes nothing in, more than any socket holds included, until it heals', async () => {
    const one = await client()
    proxy.deafen(1)
    let answered = false
    const topics = Array.from({ length: 500 }, (_, i) => ({ name: `${i}`.padEnd(30_000, 'x') }))
    const answer = ask(one).then(() => (answered = true))
    const large = one.call(metadata, 12, { topics })
    await ask(await client(2))
    expect(answered).toBe(false)
    proxy.heal(1)
    await answer
    expect((await large).topics).toHaveLength(500)
  })

  it('held, delayed and slow answers come whole', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const one = await client()
    for (const action of [hold(promise), delay(20), slow(2_000)]) proxy.answers({ api: 'Metadata' }, action)
    const answers = Promise.all([ask(one), ask(one), ask(one)])
    resolve()
    expect((await answers).map(({ brokers }) => brokers.length)).toEqual([3, 3, 3])
  })

  it('a connection is ended at once, or never answered', async () => {
    const silent = proxy.connections({ node: 1 }, 'freeze')
    proxy.connections({ node: 1 }, 'fin')
    const first = await client()
    let over = false
    first.closed.then(() => (over = true))
    first.call(apiVersions, 3, {}).catch(() => {})
    await (await client()).closed
    await ask(await client())
    expect([silent.hits, over]).toEqual([1, false])
  })

  it('two answers swap their correlation ids', async () => {
    const one = await client()
    proxy.answers({ times: 2 }, swapped())
    const [first, second] = await Promise.all([
      one.call(metadata, 12, { topics: [{ name: 'one' }] }),
      one.call(metadata, 12, { topics: [{ name: 'two' }] }),
    ])
    expect([first.topics[0]!.name, second.topics[0]!.name]).toEqual(['two', 'one'])
  })
})
