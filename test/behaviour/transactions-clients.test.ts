/** T2, IT1: transactions of other clients on the embedded broker and on real Kafka, the old way and the new one (KIP-890). */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { consoleConsumer, javaTool, writeTransactions } from '../kafka/java-tools.ts'
import { peer, whyNoPeers } from '../peers/index.ts'
import { viewGroup } from '../support/group-view.ts'
import { RawTransactions } from '../support/raw-transactions.ts'
import { onBrokers, onEmbedded, type World } from './on-brokers.ts'
import { noReferee } from './referee.ts'

const noPeers = await whyNoPeers()
if (noPeers) process.stderr.write(`TRANSACTIONS OF OTHER CLIENTS ARE SKIPPED: ${noPeers}\n`)

async function committed(world: World, topic: string): Promise<string[]> {
  const values: string[] = []
  const kafka = world.client()
  for (let offset = 0, empty = 0; empty < 2; ) {
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset }], { isolationLevel: 'read_committed', maxWaitMs: 200 })
    values.push(...batch!.records.map(({ value }) => String(value)))
    empty = batch!.nextOffset === offset ? empty + 1 : 0
    offset = batch!.nextOffset
  }
  return values
}

interface KafkaJs {
  logLevel: { NOTHING: number }
  Kafka: new (options: object) => { producer(options: object): KafkaJsProducer }
}

interface KafkaJsProducer {
  connect(): Promise<void>
  disconnect(): Promise<void>
  transaction(): Promise<{
    send(what: object): Promise<unknown>
    sendOffsets(what: object): Promise<void>
    commit(): Promise<void>
    abort(): Promise<void>
  }>
}

onBrokers('transactions of other clients', (world) => {
  describe.skipIf(noPeers !== '')('kafkajs', { timeout: 120_000 }, () => {
    it('T2, IT1: commits and aborts records and offsets', async () => {
      const { default: kafkajs } = await peer<{ default: KafkaJs }>('kafkajs')
      const kafka = new kafkajs.Kafka({ brokers: world.brokers, logLevel: kafkajs.logLevel.NOTHING })
      const producer = kafka.producer({ transactionalId: randomUUID(), maxInFlightRequests: 1, idempotent: true })
      const topic = await world.topic(1)
      const raw = new RawTransactions(world.brokers)
      // it takes a coordinator's first no for an answer
      const group = await raw.readyGroup()
      raw.close()
      await producer.connect()
      for (const [i, how] of (['commit', 'abort', 'commit', 'abort'] as const).entries()) {
        const transaction = await producer.transaction()
        await transaction.send({ topic, messages: [{ value: `${how} ${i}`, partition: 0 }] })
        const topics = [{ topic, partitions: [{ partition: 0, offset: String(i) }] }]
        await transaction.sendOffsets({ consumerGroupId: group, topics })
        await transaction[how]()
      }
      await producer.disconnect()
      expect(await committed(world, topic)).toEqual(['commit 0', 'commit 2'])
      expect(await (await viewGroup(world.brokers, group)).committed(topic, 1)).toEqual([2])
    })
  })

  describe.skipIf(noReferee !== '')("Kafka's own tools", { timeout: 120_000 }, () => {
    it('T2: kafka-transactions lists, describes and ends what a producer left open', async () => {
      const topic = await world.topic(1)
      await writeTransactions({ brokers: world.brokers, prefix: topic, steps: ['begin a', `send a ${topic} 0 one`, 'flush a'] })
      const tool = async (...args: string[]) => {
        const { code, stdout, stderr } = await javaTool('org.apache.kafka.tools.TransactionsCommand', [
          '--bootstrap-server',
          world.brokers.join(),
          ...args,
        ])
        if (code !== 0) throw new Error(stderr + stdout)
        return stdout
      }
      const id = `${topic}a`
      const row = (text: string, start: string) =>
        text
          .split('\n')
          .find((line) => line.startsWith(start))
          ?.split(/\s+/)
      expect(row(await tool('list'), id)).toEqual(expect.arrayContaining(['Ongoing']))
      expect((await tool('describe', '--transactional-id', id)).includes(`${topic}-0`)).toBe(true)
      const producers = await tool('describe-producers', '--topic', topic, '--partition', '0')
      const [, producer] = producers.trim().split('\n')
      expect(producer!.trim().split(/\s+/).at(-1)).toBe('0')
      await tool('abort', '--topic', topic, '--partition', '0', '--start-offset', '0')
      const raw = new RawTransactions(world.brokers)
      await raw.fetch(topic, 0, 'committed')
      raw.close()
      expect(raw.lines[0]).toMatch(/hw 2 lso 2 aborted \[A@0\]/)
    })
  })
})

for (const transactionVersion of [0, 1, 2] as const) {
  onEmbedded(
    `transactions of Java with transactionVersion ${transactionVersion}`,
    3,
    (world) => {
      it.skipIf(noReferee !== '')('T2, IT4: go the way that the broker says', { timeout: 120_000 }, async () => {
        const topic = await world.topic(1)
        const rounds = ['commit', 'abort', 'commit'].flatMap((how, i) => [
          'begin a',
          `send a ${topic} 0 ${how}${i}`,
          'flush a',
          `${how} a`,
        ])
        await writeTransactions({ brokers: world.brokers, prefix: topic, steps: rounds })
        expect(await committed(world, topic)).toEqual(['commit0', 'commit2'])
        const properties = { 'isolation.level': 'read_committed' }
        const java = await consoleConsumer({ brokers: world.brokers, topic, max: 2, partition: 0, properties })
        expect(java.map(({ value }) => String(value))).toEqual(['commit0', 'commit2'])
        const added = (await world.broker.requestCounts('AddPartitionsToTxn')).reduce((sum, { requests }) => sum + requests, 0)
        if (transactionVersion === 2) expect(added).toBe(0)
        // one that comes before the markers of the last transaction is repeated
        else expect(added).toBeGreaterThanOrEqual(3)
        const raw = new RawTransactions(world.brokers)
        await raw.producers(topic)
        raw.close()
        // each transaction has an epoch of its own, or all have the same one
        expect(raw.lines[0]).toMatch(transactionVersion === 2 ? /NONE A 3 / : /NONE A 0 /)
      })
    },
    { transactionVersion },
  )
}
