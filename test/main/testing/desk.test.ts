/** The fault desk as its users see it: on a real broker's sockets. */
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import { encodeRequestFrame } from '../../../src/shared/protocol/frame.ts'
import { fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import { quickBroker } from '../../support/quick.ts'
import { makeBatch } from './batches.ts'
import { RawClient } from './client.ts'
import { fetchFrom } from './fixture.ts'

const env = nodeEnv()
const open: { close(): unknown }[] = []
const ALWAYS = Number.POSITIVE_INFINITY

async function start(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const broker = await startBroker({ ...quickBroker, topics: [{ topic: 't', partitions: 2 }, { topic: 'u' }], ...options })
  open.push(broker)
  return broker
}

async function client(broker: EmbeddedBroker, clientId?: string): Promise<RawClient> {
  const raw = new RawClient(env, broker.brokers[0]!, clientId)
  await raw.connected
  open.push(raw)
  return raw
}

const body = (topic: string, index: number) => ({
  acks: -1,
  timeoutMs: 1000,
  topicData: [{ name: topic, partitionData: [{ index, records: makeBatch({ values: ['v'], timestamp: Date.now() }) }] }],
})
const write = (raw: RawClient, topic = 't', index = 0) => raw.call(produce, 12, body(topic, index))
const errorOf = async (answer: ReturnType<typeof write>) => (await answer).responses[0]!.partitionResponses[0]!.errorCode
const end = async (broker: EmbeddedBroker, topic = 't', partition = 0) => (await broker.log(topic, partition)).highWatermark

/** The bytes that come for a Metadata request, and how the connection is afterwards. */
async function bytesOf(broker: EmbeddedBroker): Promise<{ socket: Socket; received: () => Buffer; ended: Promise<void> }> {
  const [host, port] = broker.brokers[0]!.split(':')
  const socket = connect(Number(port), host)
  open.push({ close: () => socket.destroy() })
  const writer = new Writer()
  encodeRequestFrame(writer, metadata, 12, 77, 'bytes', { topics: [] })
  let received = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes])
  })
  const ended = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
  socket.on('error', () => {})
  socket.write(writer.finish())
  return { socket, received: () => received, ended }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('T3 which requests a fault hits', () => {
  test('those about a topic and a partition, whatever the fault does', async () => {
    const broker = await start()
    const fault = await broker.faults.drop('Produce', { topic: 't', partition: 1, times: ALWAYS })
    const raw = await client(broker)
    expect([await errorOf(write(raw, 't', 0)), await errorOf(write(raw, 'u', 0))]).toEqual([0, 0])
    await expect(write(raw, 't', 1)).rejects.toThrow('connection closed')
    expect(await fault.hits()).toBe(1)
  })

  test('of a fetch session also those about what it was asked for before', async () => {
    const broker = await start()
    const raw = await client(broker)
    const { sessionId } = await fetchFrom(raw, [{ topic: 't', partition: 1 }], { version: 12, sessionEpoch: 0 })
    const other = await broker.faults.drop('Fetch', { topic: 'u' })
    await broker.faults.drop('Fetch', { topic: 't', partition: 1 })
    await expect(raw.call(fetch, 12, { sessionId, sessionEpoch: 1, maxWaitMs: 0, minBytes: 0, topics: [] })).rejects.toThrow(
      'closed',
    )
    expect(await other.hits()).toBe(0)
  })

  test('those of a client', async () => {
    const broker = await start()
    await broker.faults.fail('Produce', { error: 'KAFKA_STORAGE_ERROR', clientId: 'billing', times: ALWAYS })
    expect(await errorOf(write(await client(broker, 'orders')))).toBe(0)
    expect(await errorOf(write(await client(broker, 'billing')))).toBe(56)
  })

  test('those about a transactional id', async () => {
    const broker = await start()
    const fault = await broker.faults.drop('InitProducerId', { transactionalId: 'tx-1', times: ALWAYS })
    const raw = await client(broker)
    await raw.call(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 })
    const hit = raw.call(initProducerId, 4, { transactionalId: 'tx-1', transactionTimeoutMs: 1000 })
    await expect(hit).rejects.toThrow('connection closed')
    expect(await fault.hits()).toBe(1)
  })

  test('some of them by chance, the same ones with the same seed', async () => {
    const drawn = async (seed: number) => {
      const broker = await start()
      await broker.faults.fail('Produce', { error: 6, probability: 0.4, seed, times: ALWAYS })
      const raw = await client(broker)
      const codes = await Promise.all(Array.from({ length: 40 }, () => errorOf(write(raw))))
      return codes.map((code) => (code === 6 ? 'x' : '.')).join('')
    }
    const [once, again, other] = [await drawn(7), await drawn(7), await drawn(8)]
    expect(again).toBe(once)
    expect(other).not.toBe(once)
    expect(once.replaceAll('.', '').length).toBeGreaterThan(8)
    expect(once.replaceAll('.', '').length).toBeLessThan(26)
  })
})

describe('T3 what a fault does to a request', () => {
  test('a delay holds back the answer, or the request itself', async () => {
    const broker = await start()
    const raw = await client(broker)
    await broker.faults.delay('Produce', { ms: 80 })
    const late = write(raw)
    await until(async () => (await end(broker)) === 1)
    await late
    await broker.faults.delay('Produce', { ms: 80, beforeApply: true })
    const mark = await broker.requestMark()
    const held = write(raw)
    await until(async () => (await broker.requests({ api: 'Produce', since: mark })).length === 1)
    expect(await end(broker)).toBe(1)
    await held
    expect(await end(broker)).toBe(2)
  })

  test.each([0, 3, 7, 20])('an answer is cut after %i bytes, and the connection ends', async (bytes) => {
    const broker = await start()
    await broker.faults.truncate('Metadata', { bytes })
    const { received, ended } = await bytesOf(broker)
    await ended
    expect(received().length).toBe(bytes)
    expect(await errorOf(write(await client(broker)))).toBe(0)
  })

  test('a cut answer is never whole, and what it answers took effect', async () => {
    const broker = await start()
    await broker.faults.truncate('Produce', { bytes: 1_000_000 })
    await expect(write(await client(broker))).rejects.toThrow('connection closed')
    expect(await end(broker)).toBe(1)
  })

  test('flipped bits, a wrong correlation id, a wrong length: with a seed always the same', async () => {
    const broker = await start()
    const answer = async (): Promise<string> => {
      const { received, socket } = await bytesOf(broker)
      await until(() => received().length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(socket.closed).toBe(false)
      return received().toString('hex')
    }
    const whole = await answer()
    const damagedBy = async (options: object) => {
      await broker.faults.corrupt('Metadata', { seed: 3, ...options })
      const damaged = await answer()
      await broker.faults.corrupt('Metadata', { seed: 3, ...options })
      expect(await answer()).toBe(damaged)
      expect(damaged.length).toBe(whole.length)
      return damaged
    }
    const [bits, correlationId, length] = [
      await damagedBy({}),
      await damagedBy({ what: 'correlationId' }),
      await damagedBy({ what: 'length' }),
    ]
    expect(bits.slice(0, 16)).toBe(whole.slice(0, 16))
    expect(Array.from(bits).filter((digit, i) => digit !== whole[i])).toHaveLength(1)
    expect(correlationId.slice(0, 8) + correlationId.slice(16)).toBe(whole.slice(0, 8) + whole.slice(16))
    expect(correlationId.slice(8, 16)).not.toBe(whole.slice(8, 16))
    expect(length.slice(8)).toBe(whole.slice(8))
    expect(length.slice(0, 8)).not.toBe(whole.slice(0, 8))
  })

  test.each([
    ['hang', true],
    ['stall', false],
  ] as const)('after %s nothing is answered; that what is sent is still taken: %s', async (kind, takes) => {
    const broker = await start()
    const fault = await broker.faults[kind]('Metadata')
    const { socket, received } = await bytesOf(broker)
    await fault.hit()
    const chunk = Buffer.alloc(1_000_000)
    let written = 0
    for (let i = 0; i < 100; i++) socket.write(chunk, () => void written++)
    if (takes) await until(() => written === 100)
    else {
      // kernels hold some megabytes
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(written).toBeLessThan(50)
    }
    expect([received().length, socket.closed]).toEqual([0, false])
    // only this connection is lost
    expect(await errorOf(write(await client(broker)))).toBe(0)
  })

  test('a stalled request can have taken effect', async () => {
    const broker = await start()
    await broker.faults.stall('Produce', { afterApply: true })
    const lost = write(await client(broker))
    lost.catch(() => {})
    await until(async () => (await end(broker)) === 1)
  })
})

describe('T3 a fault in the hand', () => {
  test('tells when it has hit, however often', async () => {
    const broker = await start()
    const raw = await client(broker)
    const fault = broker.faults.fail('Produce', { error: 6, times: 3 })
    const third = fault.hit(3)
    await errorOf(write(raw))
    await fault.hit()
    let isThird = false
    third.then(() => {
      isThird = true
    })
    await errorOf(write(raw))
    await fault.hit(2)
    expect(isThird).toBe(false)
    await errorOf(write(raw))
    await third
    expect(await fault.hits()).toBe(3)
  })

  test('waits with a deadline, a signal, and an end when it is removed', async () => {
    const broker = await start()
    const fault = await broker.faults.drop('Produce', { times: 2 })
    await expect(fault.hit(1, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('drop() of Produce has hit 0 of 1 requests within 20 ms'),
    })
    await expect(fault.hit(1, { signal: AbortSignal.abort('enough') })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'enough',
    })
    const controller = new AbortController()
    const given = fault.hit(1, { signal: controller.signal })
    controller.abort()
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' })
    const removed = fault.hit(1)
    const cleared = broker.faults.hang('Fetch').hit()
    await Promise.all([
      expect(removed).rejects.toMatchObject({ code: 'ABORTED', message: expect.stringContaining('0 of 1') }),
      expect(cleared).rejects.toMatchObject({ code: 'ABORTED' }),
      fault.remove().then(() => broker.faults.clear()),
    ])
    await expect(fault.hit(3)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(fault.hit(0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(fault.hit(1)).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('ends with its block', async () => {
    const broker = await start()
    const raw = await client(broker)
    {
      await using _fault = await broker.faults.fail('Produce', { error: 6, times: ALWAYS })
      expect(await errorOf(write(raw))).toBe(6)
    }
    expect(await errorOf(write(raw))).toBe(0)
  })

  test.each<[string, (broker: EmbeddedBroker) => unknown, string]>([
    ['a topic in an API that is about none', ({ faults }) => faults.drop('Heartbeat', { topic: 't' }), 'not about topics'],
    ['a transaction too', ({ faults }) => faults.drop('Fetch', { transactionalId: 'x' }), 'not about transactions'],
    ['a probability of 0', ({ faults }) => faults.drop('Fetch', { probability: 0 }), 'probability'],
    ['a partition alone', ({ faults }) => faults.drop('Fetch', { partition: 1 }), 'needs a topic'],
    ['half a byte', ({ faults }) => faults.truncate('Fetch', { bytes: 0.5 }), 'bytes'],
    ['no damage', ({ faults }) => faults.corrupt('Fetch', { bytes: 0 }), 'bytes'],
    ['damage to nothing that there is', ({ faults }) => faults.corrupt('Fetch', { what: 'crc' as 'bytes' }), "'crc'"],
  ])('%s is a mistake that is told at once', async (_what, call, hint) => {
    const broker = await start()
    expect(() => call(broker)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(hint) }),
    )
  })
})
