/** Groups through the front door of odradek/testing: options, coordinators, faults. */
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../../src/shared/node-env.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { joinGroup } from '../../../../src/shared/protocol/generated/join-group.ts'
import { quickBroker } from '../../../support/quick.ts'
import { RawClient } from '../client.ts'

const open: { close(): unknown }[] = []

async function start(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const broker = await startBroker({ ...quickBroker, ...options })
  open.push(broker)
  return broker
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('T2 groups, from outside', () => {
  /** A connection to the group's coordinator. */
  async function coordinator(broker: EmbeddedBroker): Promise<RawClient> {
    const raw = await RawClient.open(nodeEnv(), broker.brokers[(await broker.coordinator('g')) - 1]!)
    open.push(raw)
    return raw
  }

  const heart = (raw: RawClient, memberId: string) =>
    raw.call(consumerGroupHeartbeat, 1, {
      ...{ groupId: 'g', memberId, memberEpoch: 0, rebalanceTimeoutMs: 1_000 },
      ...{ subscribedTopicNames: ['a'], topicPartitions: [] },
    })

  const joinClassic = (raw: RawClient, sessionTimeoutMs: number) =>
    raw.call(joinGroup, 3, { groupId: 'c', sessionTimeoutMs, protocolType: 'p', protocols: [{ name: 'p' }] })

  test('the group options do what they say', async () => {
    const broker = await start({
      topics: [{ topic: 'a' }],
      groups: { heartbeatIntervalMs: 123, maxSize: 1, minSessionTimeoutMs: 50, sessionTimeoutMs: 200 },
    })
    const raw = await coordinator(broker)
    expect(await heart(raw, 'm')).toMatchObject({ errorCode: 0, heartbeatIntervalMs: 123 })
    expect((await heart(raw, 'n')).errorCode).toBe(81)
    for (const [sessionTimeoutMs, errorCode] of [
      [49, 26],
      [50, 0],
    ] as const) {
      expect((await joinClassic(raw, sessionTimeoutMs)).errorCode).toBe(errorCode)
    }
    await setTimeout(300)
    expect((await heart(raw, 'n')).errorCode).toBe(0)
  })

  test('the group options have the defaults that are documented', async () => {
    const broker = await start({ topics: [{ topic: 'a', partitions: 2 }] })
    const raw = await coordinator(broker)
    expect(await heart(raw, 'm')).toMatchObject({ heartbeatIntervalMs: 5_000, memberEpoch: 2 })
    // a second assignment has to wait for a second
    expect(await heart(raw, 'n')).toMatchObject({ errorCode: 0, memberEpoch: 2 })
    expect((await joinClassic(raw, 999)).errorCode).toBe(26)
    expect(await joinClassic(raw, 1_000)).toMatchObject({ errorCode: 0, generationId: 1 })
  })

  test('the coordinator is told, and moved', async () => {
    const broker = await start({ nodes: 3 })
    const before = await broker.coordinator('g')
    const next = (before % 3) + 1
    await broker.moveCoordinator('g', next, { loadingMs: 100_000 })
    expect(await broker.coordinator('g')).toBe(next)
    const raw = await coordinator(broker)
    expect((await heart(raw, 'm')).errorCode).toBe(14)
    await broker.moveCoordinator('g', before)
    expect((await heart(raw, 'm')).errorCode).toBe(16)
    expect((await heart(await coordinator(broker), 'm')).errorCode).toBe(0)
    await expect(broker.moveCoordinator('g', 9)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(broker.moveCoordinator('g', 1, { loadingMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test('a fault can be about one group', async () => {
    const broker = await start({ topics: [{ topic: 'a' }] })
    const raw = await coordinator(broker)
    const fault = await broker.faults.fail('ConsumerGroupHeartbeat', { error: 'COORDINATOR_LOAD_IN_PROGRESS', group: 'g' })
    expect((await heart(raw, 'm')).errorCode).toBe(14)
    expect((await heart(raw, 'm')).errorCode).toBe(0)
    expect(await fault.hits()).toBe(1)
  })

  test.each<[string, object, string]>([
    ['an unknown group option', { groups: { heartbeatInterval: 5 } }, 'heartbeatIntervalMs'],
    ['a value out of bounds', { groups: { maxSize: 0 } }, 'maxSize'],
    ['no object', { groups: 5 }, 'groups'],
  ])('%s is an error that says so', async (_what, options, hint) => {
    await expect(startBroker(options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(hint) })
  })
})
