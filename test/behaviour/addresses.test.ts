/** F44 and F45: what a client makes of addresses that lead nowhere, and of a process that has no file descriptors left. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ConnectionEvent, Kafka } from '../../src/main/index.ts'
import type { Env } from '../../src/shared/env.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { onEmbedded } from './on-brokers.ts'

/** The real world, in which connections to some addresses are refused, and which says where connections went. */
function walled(refused: (host: string, port: number) => boolean): Env & { tried: string[] } {
  const env = nodeEnv((host, _options, callback) =>
    host === 'kafka.test'
      ? callback(
          null,
          ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 })),
        )
      : callback(new Error(`getaddrinfo ENOTFOUND ${host}`), []),
  )
  const tried: string[] = []
  return {
    ...env,
    tried,
    connect(host, port, events) {
      tried.push(`${host} ${port}`)
      // nothing listens on port 1 of the machine itself
      return refused(host, port) ? env.connect('127.0.0.1', 1, events) : env.connect(host, port, events)
    },
  }
}

onEmbedded('addresses', 3, (world) => {
  const portOf = (node: number) => Number(world.brokers[node - 1]!.split(':')[1])

  it('F44: a name that cannot be resolved beside one that has a dead and a live address: the live one is found', async () => {
    const topic = await world.topic(1)
    const brokers = ['nowhere.test:9092', `kafka.test:${portOf(2)}`]
    await using kafka = new Kafka(
      { brokers, ioThreads: 0 },
      walled(() => false),
    )
    await kafka.connect()
    expect(await kafka.producer().produce({ topic, value: 'x' })).toMatchObject({ offset: 0 })
  })

  it('F44: when no address leads anywhere, connect says why for each', async () => {
    await using kafka = new Kafka(
      { brokers: ['nowhere.test:9092', '[::1]:1'], ioThreads: 0 },
      walled(() => false),
    )
    const error = await kafka.connect().catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'NO_BROKER' })
    expect(error?.message).toContain('getaddrinfo ENOTFOUND nowhere.test')
    expect(error?.message).toMatch(/\[::1\]:1: Cannot connect to \[::1\]:1: connect E\w+ ::1/)
  })

  it('F44: an IPv6 literal is tried as an address, without its brackets', async () => {
    const env = walled((host) => host === '::1')
    await using kafka = new Kafka({ brokers: ['[::1]:9092', world.brokers[0]!], ioThreads: 0 }, env)
    await kafka.connect()
    expect(env.tried.slice(0, 2)).toEqual(['::1 9092', `127.0.0.1 ${portOf(1)}`])
  })

  it('F44: an advertised address that cannot be reached holds up its own partitions only, is told, and is tried until it can', async () => {
    const topic = await world.topic(3)
    let blocked = true
    const env = walled((_host, port) => blocked && port === portOf(2))
    await using kafka = new Kafka({ brokers: [world.brokers[0]!], ioThreads: 0, reconnectBackoffMaxMs: 500 }, env)
    const events: ConnectionEvent[] = []
    kafka.on('connection', (event) => events.push(event))
    const waiting = kafka.producer().produce({ topic, partition: 1, value: 'waits' })
    for (const partition of [0, 2, 0, 2]) await kafka.producer().produce({ topic, partition, value: 'goes' })
    const failed = kafka.producer({ name: 'hasty', deliveryTimeoutMs: 300 }).produce({ topic, partition: 1, value: 'x' })
    await expect(failed).rejects.toMatchObject({ code: 'DELIVERY_TIMEOUT', outcome: 'not-written' })
    expect(events).toContainEqual(
      expect.objectContaining({
        nodeId: 2,
        state: 'disconnected',
        error: expect.objectContaining({ code: 'CONNECTION_FAILED' }),
      }),
    )
    blocked = false
    expect(await waiting).toMatchObject({ partition: 1, offset: 0 })
  })

  it('F45: without a free file descriptor connections fail typed and with back-off, and all goes on when there are some', async () => {
    const topic = await world.topic(3)
    const child = join(import.meta.dirname, 'fd-child.ts')
    const limited = `ulimit -n 64 && exec "$0" "$@"`
    const running = spawn('sh', ['-c', limited, process.execPath, child, JSON.stringify({ brokers: world.brokers, topic })], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
    const [code] = (await once(running, 'close')) as [number]
    const [full, waited, attempts, after] = said.trim().split('\n')
    expect([code, full]).toEqual([0, 'full: CONNECTION_FAILED'])
    expect(waited).toBe('hasty: DELIVERY_TIMEOUT not-written')
    expect(Number(attempts?.replace('attempts a second: ', ''))).toBeLessThan(30)
    expect(after).toBe('free again: 3 written')
  })
})
