import { describe, expect, it } from 'vitest'
import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { apiCode } from '../../src/shared/protocol/registry.ts'
import { ABSENT_AGAIN_MS, Link, MAX_THROTTLE_MS } from '../../src/workers/link.ts'
import { SimEnv } from '../support/sim-env.ts'

const optionsWith = (reconnectBackoffMs: number) => ({
  clientId: 'test',
  connectTimeoutMs: 1_000,
  requestTimeoutMs: 1_000,
  reconnectBackoffMs,
  reconnectBackoffMaxMs: reconnectBackoffMs,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  maxInFlightRequests: 5,
  pipelineBytes: 0,
  maxRequestBytes: 1 << 20,
  maxResponseBytes: 1 << 20,
  maxInflatedBatchBytes: 1 << 20,
  metadataMaxAgeMs: 300_000,
})

/** A link to a port where nobody listens. */
function toNobody(reconnectBackoffMs: number) {
  const env = new SimEnv(1)
  const absences: number[] = []
  let failures = 0
  const options = optionsWith(reconnectBackoffMs)
  const link = new Link(env, 'broker', 9092, options, {
    onProgress() {},
    onState: () => void failures++,
    onThrottle() {},
    onAbsent: () => void absences.push(env.now()),
  })
  const later = (ms: number) => env.run(new Promise<void>((resolve) => env.setTimeout(resolve, ms)))
  return { link, later, absences, failures: () => failures }
}

it('F1: while a broker is left alone after failures and somebody waits for it, that is told every second: it may have a successor', async () => {
  const { link, later, absences, failures } = toNobody(20_000)
  link.want()
  await later(10)
  expect(failures()).toBe(1)
  link.want()
  await later(10_500)
  expect(failures()).toBe(1)
  expect(absences).toHaveLength(10)
  for (let i = 1; i < absences.length; i++) expect(absences[i]! - absences[i - 1]!).toBe(ABSENT_AGAIN_MS)
  await later(15_000)
  expect(failures()).toBe(2)
})

it('F1: a broker that nobody waits for is not spoken of', async () => {
  const { link, later, absences } = toNobody(20_000)
  link.want()
  await later(10_000)
  expect(absences).toEqual([])
})

it('F11, N3: a connection takes connectTimeoutMs at most with its handshakes, however the time is spread', async () => {
  for (const key of handlers.keys()) await apiCode(key)
  const env = new SimEnv(1)
  const cluster = new Cluster(env, { ...clusterOptions({}), onBug: (bug) => expect.unreachable(String(bug)) })
  await env.run(cluster.start())
  const { port } = cluster.nodes[0]!
  const events = { onProgress() {}, onState() {}, onThrottle() {}, onAbsent() {} }
  const connect = async (by: number): Promise<{ outcome: string; ms: number }> => {
    const from = env.now()
    env.network.slow(port, 10_000, by)
    const link = new Link(env, 'broker', port, { ...optionsWith(100), requestTimeoutMs: 5_000 }, events)
    const outcome = await env.run(link.whenReady()).then(
      () => 'ready',
      ({ code }: KafkaError) => code,
    )
    link.close(new KafkaError('CLOSED', 'over'))
    return { outcome, ms: env.now() - from }
  }
  // the way there, and the one question with its answer
  expect(await connect(300)).toMatchObject({ outcome: 'ready' })
  const { outcome, ms } = await connect(400)
  expect(outcome).toBe('TIMEOUT')
  expect(ms).toBeGreaterThanOrEqual(1_000)
  expect(ms).toBeLessThan(1_010)
  cluster.close()
})

describe('F20 a throttled link', () => {
  async function world() {
    for (const key of handlers.keys()) await apiCode(key)
    const env = new SimEnv(1)
    const cluster = new Cluster(env, { ...clusterOptions({}), onBug: (bug) => expect.unreachable(String(bug)) })
    await env.run(cluster.start())
    const later = (ms: number) => env.run(new Promise<void>((resolve) => env.setTimeout(resolve, ms)))
    const connect = async () => {
      const told: number[] = []
      const progress: number[] = []
      const link = new Link(env, 'broker', cluster.nodes[0]!.port, optionsWith(100), {
        onProgress: () => void progress.push(env.now()),
        onState() {},
        onAbsent() {},
        onThrottle: (_api, ms) => void told.push(ms),
      })
      await env.run(link.whenReady())
      const ask = (throttleTimeMs = 0): Promise<unknown> => {
        if (throttleTimeMs !== 0) cluster.desk.add({ kind: 'throttle', apiKey: metadata.key, times: 1, ms: throttleTimeMs })
        const answer = new Promise((resolve, reject) => {
          link.request(
            metadata,
            { topics: [] },
            { timeoutMs: 1_000, onResponse: (body) => void resolve(body), onFailure: reject },
          )
        })
        return env.run(answer)
      }
      return { link, ask, told, progress }
    }
    return { env, later, connect }
  }

  it.each([
    [500, 500],
    [59_999, 59_999],
    [60_001, MAX_THROTTLE_MS],
    [2 ** 31 - 1, MAX_THROTTLE_MS],
  ])('that is told %i ms is quiet for %i ms, and says when that is over', async (said, quiet) => {
    const { env, later, connect } = await world()
    const { link, ask, told, progress } = await connect()
    await ask(said)
    const from = env.now()
    expect([told, link.want(), link.ready]).toEqual([[quiet], false, true])
    let waited: number | undefined
    const waiting = link.whenReady().then(() => void (waited = env.now()))
    progress.length = 0
    await later(quiet - 5)
    expect([link.want(), waited, progress, link.failure?.code]).toEqual([false, undefined, [], 'TIMEOUT'])
    await later(10)
    await waiting
    expect([link.want(), progress.length, link.failure]).toEqual([true, 1, undefined])
    expect(waited! - from).toBeGreaterThanOrEqual(quiet - 1)
  })

  it('that is told a negative time is not quiet at all', async () => {
    const { connect } = await world()
    const { link, ask, told } = await connect()
    await ask(-5)
    expect([link.want(), told]).toEqual([true, []])
  })

  it('does not keep quiet for less than it was told before, and tells of it once a second', async () => {
    const { later, connect } = await world()
    const { link, ask, told } = await connect()
    await ask(900)
    const until = link.mutedUntil
    // in flight already when the first answer came
    void ask(1).catch(() => {})
    expect(link.mutedUntil).toBe(until)
    await later(2_000)
    await ask(5)
    expect(told).toEqual([900, 5])
  })

  it('leaves another one to the same broker alone: heartbeats go on', async () => {
    const { connect } = await world()
    const { ask, link } = await connect()
    const other = await connect()
    await ask(30_000)
    expect([link.want(), other.link.want()]).toEqual([false, true])
    await other.ask()
  })

  it('IX5: leaves no timer when it is closed', async () => {
    const { env, connect } = await world()
    const { ask, link } = await connect()
    await ask(30_000)
    link.want()
    link.close(new KafkaError('CLOSED', 'The client was closed.'))
    const before = env.now()
    await expect(env.run(new Promise(() => {}))).rejects.toThrow('nothing is left to happen')
    expect(env.now() - before).toBeLessThan(1_000)
  })
})
