/**
 * Other clients log in to the embedded broker over TLS: kafkajs, @platformatic/kafka and Apache's own Java tools, by each mechanism and by a
 * certificate. Each writes a record and reads it back; each is kept out with a wrong password.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Kafka } from '../../src/main/index.ts'
import { type EmbeddedBroker, type KeyPair, startBroker } from '../../src/main/testing/index.ts'
import { consoleConsumer, consoleProducer, javaTool } from '../kafka/java-tools.ts'
import { javaSecurity, type Mechanism, mechanisms, unsecuredToken, users } from '../kafka/secure-kafka.ts'
import { peer, whyNoPeers } from '../peers/index.ts'
import { noReferee } from './referee.ts'

const noPeers = await whyNoPeers()
if (noPeers) process.stderr.write(`REFEREES OF SECURITY ARE SKIPPED: ${noPeers}\n`)

/** How a client is to get in. */
interface Entry {
  broker: EmbeddedBroker
  mechanism?: Mechanism
  password?: string
  identity?: KeyPair
}

/** Writes the value and gives what is in the topic then; rejects when it is not let in. */
type RoundTrip = (entry: Entry, topic: string, value: string) => Promise<string[]>

const PASSWORD = users.get('alice')!

interface KafkaJs {
  Kafka: new (
    options: object,
  ) => {
    producer(options?: object): {
      connect(): Promise<void>
      send(records: object): Promise<unknown>
      disconnect(): Promise<void>
    }
    consumer(options: object): {
      connect(): Promise<void>
      subscribe(what: object): Promise<void>
      run(options: { eachMessage(payload: { message: { value: Buffer } }): Promise<void> }): Promise<void>
      disconnect(): Promise<void>
    }
  }
  logLevel: { NOTHING: number }
}

async function kafkaJsOf({ broker, mechanism, password = PASSWORD, identity }: Entry) {
  const { Kafka, logLevel } = await peer<KafkaJs>('kafkajs')
  const bearer = { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: unsecuredToken() }) }
  const known = { mechanism: mechanism?.toLowerCase(), username: 'alice', password }
  return new Kafka({
    clientId: 'peer',
    brokers: broker.brokers.map((address) => address.replace('127.0.0.1', 'localhost')),
    ssl: { ca: [broker.ca], ...identity },
    ...(mechanism && { sasl: mechanism === 'OAUTHBEARER' ? bearer : known }),
    retry: { retries: 0 },
    reauthenticationThreshold: 900,
    logLevel: logLevel.NOTHING,
  })
}

const kafkaJs: RoundTrip = async (entry, topic, value) => {
  const kafka = await kafkaJsOf(entry)
  const producer = kafka.producer()
  const consumer = kafka.consumer({ groupId: randomUUID() })
  try {
    await producer.connect()
    await producer.send({ topic, messages: [{ value }] })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    return await new Promise<string[]>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: { value: Buffer } }) => resolve([message.value.toString()])
      consumer.run({ eachMessage }).catch(reject)
    })
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()])
  }
}

interface Platformatic {
  Producer: new (options: object) => { send(what: object): Promise<unknown>; close(): Promise<void> }
  Consumer: new (
    options: object,
  ) => {
    consume(options: object): Promise<AsyncIterable<{ value: string }> & { close(): Promise<void> }>
    close(force: boolean): Promise<void>
  }
  stringSerializers: object
  stringDeserializers: object
}

const platformatic: RoundTrip = async ({ broker, mechanism, password = PASSWORD, identity }, topic, value) => {
  const { Producer, Consumer, stringSerializers, stringDeserializers } = await peer<Platformatic>('@platformatic/kafka')
  const known = mechanism === 'OAUTHBEARER' ? { token: unsecuredToken() } : { username: 'alice', password }
  const options = {
    clientId: 'peer',
    bootstrapBrokers: broker.brokers.map((address) => address.replace('127.0.0.1', 'localhost')),
    tls: { ca: broker.ca, ...identity },
    ...(mechanism && { sasl: { mechanism, ...known } }),
    retries: 0,
    connectTimeout: 5_000,
  }
  const producer = new Producer({ ...options, serializers: stringSerializers })
  const consumer = new Consumer({ ...options, groupId: randomUUID(), deserializers: stringDeserializers })
  try {
    await producer.send({ messages: [{ topic, value }], acks: -1 })
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 200 })
    for await (const record of stream) return [record.value]
    return []
  } finally {
    await Promise.all([producer.close(), consumer.close(true)])
  }
}

const java: RoundTrip = async ({ broker, mechanism, password, identity }, topic, value) => {
  const brokers = broker.brokers.map((address) => address.replace('127.0.0.1', 'localhost'))
  const login = { ...(mechanism && { mechanism }), ...(password && { password }), ...(identity && { identity }) }
  const properties = javaSecurity({ ...login, trust: broker.ca })
  await consoleProducer({ brokers, topic, lines: [value], properties: { 'max.block.ms': 10_000, ...properties } })
  const records = await consoleConsumer({ brokers, topic, max: 1, properties })
  return records.map((record) => String(record.value))
}

const referees: [name: string, missing: string, roundTrip: RoundTrip][] = [
  ['kafkajs', noPeers, kafkaJs],
  ['@platformatic/kafka', noPeers, platformatic],
  ['Java', noReferee, java],
]

describe.each(referees)('T5 %s on an embedded broker with TLS and SASL', { timeout: 120_000 }, (_name, missing, roundTrip) => {
  /** One for each test. */
  const topics = Array.from({ length: 16 }, () => `t-${randomUUID()}`)
  let broker: EmbeddedBroker
  let mutual: EmbeddedBroker
  beforeAll(async () => {
    broker = await startBroker({ nodes: 3, topics: topics.map((topic) => ({ topic })), tls: true, sasl: { users } })
    mutual = await startBroker({ topics: topics.map((topic) => ({ topic })), tls: { clientAuth: 'required' } })
  })
  afterAll(() => Promise.all([broker.close(), mutual.close()]))

  it.skipIf(missing !== '').each(mechanisms)('N3 gets in by %s', async (mechanism) => {
    expect(await roundTrip({ broker, mechanism }, topics.pop()!, mechanism)).toEqual([mechanism])
  })

  it.skipIf(missing !== '').each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'N3 is kept out with a wrong password by %s',
    async (mechanism) => {
      const failure = await roundTrip({ broker, mechanism, password: 'wrong' }, topics.pop()!, 'x').catch((error) => error)
      expect(failure).toBeInstanceOf(Error)
      expect(texts(failure)).toMatch(/authenticat/i)
    },
  )

  it.skipIf(missing !== '')('N3 gets in by its certificate, and not without', async () => {
    const identity = mutual.issueCertificate({ name: 'alice' })
    expect(await roundTrip({ broker: mutual, identity }, topics.pop()!, 'mine')).toEqual(['mine'])
    await expect(roundTrip({ broker: mutual }, topics.pop()!, 'x')).rejects.toThrow()
  })
})

describe.skipIf(noPeers !== '')('T5 kafkajs in a session that ends', { timeout: 60_000 }, () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'OAUTHBEARER'] as const)('F38 renews it by %s and loses nothing', async (mechanism) => {
    await using broker = await startBroker({
      topics: [{ topic: 't' }],
      tls: true,
      sasl: { users, connectionsMaxReauthMs: 2_000 },
    })
    const kafka = await kafkaJsOf({ broker, mechanism })
    const producer = kafka.producer()
    await producer.connect()
    const end = performance.now() + 5_000
    let sent = 0
    for (; performance.now() < end; await sleep(50)) {
      await producer.send({ topic: 't', messages: [{ value: String(sent) }] })
      sent++
    }
    await producer.disconnect()
    expect((await broker.log('t', 0)).highWatermark).toBe(sent)
    const [handshakes] = await broker.requestCounts('SaslHandshake')
    expect(handshakes!.requests).toBeGreaterThanOrEqual(3)
  })
})

describe.skipIf(noReferee !== '')("T5 Kafka's own tool for configs", { timeout: 60_000 }, () => {
  it('E4 makes SCRAM users and takes them away', async () => {
    await using broker = await startBroker()
    const kafka = new Kafka({ brokers: broker.brokers })
    const configs = async (...args: string[]) => {
      const common = ['--bootstrap-server', broker.brokers[0]!, '--entity-type', 'users', '--entity-name', 'carol', '--alter']
      const { code, stderr } = await javaTool('kafka.admin.ConfigCommand', [...common, ...args])
      return code === 0 ? 'done' : stderr
    }
    try {
      expect(await configs('--add-config', 'SCRAM-SHA-256=[iterations=8192,password=x]')).toBe('done')
      const credentials = [{ mechanism: 'SCRAM-SHA-256', iterations: 8_192 }]
      expect(await kafka.admin.describeUserScramCredentials()).toEqual([{ user: 'carol', credentials }])
      expect(await configs('--delete-config', 'SCRAM-SHA-512')).toMatch(/ResourceNotFoundException/)
      expect(await configs('--delete-config', 'SCRAM-SHA-256')).toBe('done')
      expect(await kafka.admin.describeUserScramCredentials()).toEqual([])
    } finally {
      await kafka.close()
    }
  })
})

/** The messages of an error and of all behind it. */
function texts(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const others = error instanceof AggregateError ? error.errors : []
  return [error.message, ...[error.cause, ...others].map(texts)].join('\n')
}
