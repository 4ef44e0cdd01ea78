/** Topics and offsets, and what a client makes of topics that come and go. */
import { expect, it } from 'vitest'
import { allTargets, onBrokers } from './on-brokers.ts'

onBrokers(
  'admin',
  (world) => {
    it('createTopics makes what was asked for, and it can be used at once', async () => {
      const kafka = world.client()
      const topic = world.freshName()
      const replicationFactor = world.nodes
      const [created] = await kafka.admin.createTopics([{ topic, partitions: 4, replicationFactor }])
      expect(created).toMatchObject({ topic, partitions: 4, replicationFactor })
      expect(created!.topicId).toMatch(/^[\w-]{22}$/)
      const sends = [0, 1, 2, 3].map((partition) => kafka.producer().produce({ topic, partition, value: 'x' }))
      expect((await Promise.all(sends)).map(({ offset }) => offset)).toEqual([0, 0, 0, 0])
    })

    it('createTopics says which topic exists already and leaves the others alone', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      const other = world.freshName()
      const creating = kafka.admin.createTopics([{ topic }, { topic: other }])
      await expect(creating).rejects.toMatchObject({ context: { topic, brokerError: 'TOPIC_ALREADY_EXISTS' } })
      expect(await kafka.producer().produce({ topic: other, value: 'x' })).toMatchObject({ offset: 0 })
    })

    it('listOffsets gives the ends of the log and the first record not older than a time', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      const producer = kafka.producer()
      for (const timestamp of [1000, 2000, 3000]) await producer.produce({ topic, partition: 1, value: 'x', timestamp })
      const offsets = await kafka.admin.listOffsets([
        { topic, partition: 0, timestamp: 'latest' },
        { topic, partition: 1, timestamp: 'earliest' },
        { topic, partition: 1, timestamp: 'latest' },
        { topic, partition: 1, timestamp: 1500 },
        { topic, partition: 1, timestamp: 9999 },
        { topic, partition: 1, timestamp: 'maxTimestamp' },
      ])
      expect(offsets.map(({ offset }) => offset)).toEqual([0, 0, 3, 1, -1, 2])
      expect(offsets[3]!.timestamp).toBe(2000)
    })

    it('deleteTopics: the topic is gone, and sends to it end with UNKNOWN_TOPIC within the bound', async () => {
      const kafka = world.client({ unknownTopicTimeoutMs: 500 })
      const topic = await world.topic(2)
      const stays = await world.topic(1)
      const producer = kafka.producer()
      await producer.produce({ topic, value: 'x' })
      await kafka.admin.deleteTopics([topic])
      await expect(producer.produce({ topic, value: 'y' })).rejects.toMatchObject({
        code: 'UNKNOWN_TOPIC',
        outcome: 'not-written',
      })
      await expect(kafka.fetch([{ topic, partition: 0, offset: 0 }])).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC' })
      expect(await producer.produce({ topic: stays, value: 'z' })).toMatchObject({ offset: 0 })
    })

    it('N1: a topic that is deleted and created again is another topic, to its producers and readers too', async () => {
      const kafka = world.client({ unknownTopicTimeoutMs: 5_000 })
      const topic = world.freshName()
      const producer = kafka.producer()
      const [first] = await kafka.admin.createTopics([{ topic, partitions: 2 }])
      for (let i = 0; i < 5; i++) await producer.produce({ topic, partition: 1, value: `old ${i}` })
      await kafka.admin.deleteTopics([topic])
      const [second] = await kafka.admin.createTopics([{ topic, partitions: 3 }])
      expect(second!.topicId).not.toBe(first!.topicId)
      expect(await producer.produce({ topic, partition: 1, value: 'new' })).toMatchObject({ partition: 1, offset: 0 })
      expect(await producer.produce({ topic, partition: 2, value: 'more' })).toMatchObject({ partition: 2, offset: 0 })
      const [batch] = await kafka.fetch([{ topic, partition: 1, offset: 0 }])
      expect(batch!.records.map(({ value }) => String(value))).toEqual(['new'])
      expect((await world.log(topic)).map(({ value }) => String(value))).toEqual(['new', 'more'])
    })

    it('N1: a client that did not do it itself finds its topic deleted and created again', async () => {
      const topic = world.freshName()
      const other = world.client()
      await other.admin.createTopics([{ topic, partitions: 1 }])
      const producer = world.client().producer({ deliveryTimeoutMs: 30_000 })
      await producer.produce({ topic, value: 'old' })
      await other.admin.deleteTopics([topic])
      await other.admin.createTopics([{ topic, partitions: 1 }])
      const accepted: string[] = []
      for (let i = 0; i < 50; i++) {
        await producer.produce({ topic, value: `${i}` }).then(
          () => accepted.push(`${i}`),
          (error) => expect(error).toMatchObject({ code: 'UNKNOWN_TOPIC' }),
        )
        if (accepted.length >= 3) break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      expect(accepted.length).toBeGreaterThanOrEqual(3)
      expect((await world.log(topic)).map(({ value }) => String(value))).toEqual(accepted)
    })

    it('N1: a topic that appears while a record waits for it gets the record', async () => {
      const topic = world.freshName()
      const producer = world.client({ unknownTopicTimeoutMs: 20_000 }).producer()
      const sent = producer.produce({ topic, value: 'early' })
      await new Promise((resolve) => setTimeout(resolve, 300))
      await world.client().admin.createTopics([{ topic }])
      expect(await sent).toMatchObject({ topic, offset: 0 })
    })
  },
  allTargets,
)
