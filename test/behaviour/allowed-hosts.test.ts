/** N3: whoever speaks for a broker cannot send this client anywhere but where it may go. */
import { expect, it } from 'vitest'
import type { ConnectionEvent, Kafka } from '../../src/main/index.ts'
import { onBrokers, type World } from './on-brokers.ts'

onBrokers('allowedHosts', (world) => {
  /** The brokers of all clusters here call themselves 127.0.0.1; this client knows them by another name. */
  const byName = ({ brokers }: World) => brokers.map((address) => address.replace('127.0.0.1', 'localhost'))

  function watched(kafka: Kafka): Set<string> {
    const hosts = new Set<string>()
    kafka.on(
      'connection',
      ({ broker, state }: ConnectionEvent) => state === 'connected' && hosts.add(broker.replace(/:\d+$/, '')),
    )
    return hosts
  }

  it('a broker that is named by others and is not among them is not connected to: HOST_NOT_ALLOWED, at once', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ brokers: byName(world), allowedHosts: ['10.0.0.1', '*.example.com'] })
    const hosts = watched(kafka)
    const began = performance.now()
    const refused = { code: 'HOST_NOT_ALLOWED', retriable: false }
    const told = { ...refused, outcome: 'not-written', message: expect.stringContaining("'127.0.0.1' is not in the option") }
    await expect(kafka.producer().produce({ topic, partition: 0, value: 'v' })).rejects.toMatchObject(told)
    await expect(kafka.fetch([{ topic, partition: 0, offset: 0 }])).rejects.toMatchObject(refused)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect([...hosts]).toEqual(['localhost'])
    expect(await world.log(topic)).toEqual([])
  })

  it('those that are named are connected to, and those in `brokers` need not be', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ brokers: byName(world), allowedHosts: ['127.0.0.1'] })
    const hosts = watched(kafka)
    expect(await kafka.producer().produce({ topic, partition: 1, value: 'v' })).toMatchObject({ offset: 0 })
    expect([...hosts].toSorted()).toEqual(['127.0.0.1', 'localhost'])
  })
})
