/** Who gets in and who is kept out: TLS and SASL through the front door (N3). */
import { describe, expect, it } from 'vitest'
import { type Kafka, KafkaError, type KafkaOptions } from '../../src/main/index.ts'
import { unsecuredToken, users } from '../kafka/secure-kafka.ts'
import { onSecure, type SecureWorld } from './on-secure.ts'

/** At once, on a busy machine; what would wait for a timeout waits 30 s. */
const LIMIT_MS = 6_000

const password = users.get('alice')!
const login = (mechanism: string) => ({ mechanism, username: 'alice', password })

/** Writes a record, reads it directly and in a group. */
async function roundTrip(world: SecureWorld, kafka: Kafka): Promise<string[]> {
  const topic = await world.topic(kafka)
  await kafka.producer().produce({ topic, value: 'through' })
  const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 5_000 })
  const read = Array.from(batch!.records, ({ value }) => String(value))
  const { promise, resolve } = Promise.withResolvers<void>()
  const group = kafka.consumerGroup({
    groupName: `g-${topic}`,
    topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
    handler: {
      handleRecordBatch(_topic, _partition, records) {
        read.push(...records.map(({ value }) => String(value)))
        resolve()
      },
    },
  })
  await group.start()
  await promise
  await group.stop()
  return read
}

/** What each part of a client says when it is not let in, and how long each took. */
async function refusals(kafka: Kafka): Promise<{ errors: KafkaError[]; slowest: number }> {
  const group = kafka.consumerGroup({ groupName: 'nobody', topics: ['t'], handler: { handleRecordBatch() {} } })
  const attempts: (() => Promise<unknown>)[] = [
    () => kafka.connect(),
    () => kafka.producer().produce({ topic: 't', value: 'x' }),
    () => kafka.fetch([{ topic: 't', partition: 0, offset: 0 }]),
    () => kafka.admin.createTopics([{ topic: 't' }]),
    () => kafka.admin.listOffsets([{ topic: 't', partition: 0, timestamp: 'latest' }]),
    () => group.start(),
  ]
  const errors: KafkaError[] = []
  let slowest = 0
  for (const attempt of attempts) {
    const from = performance.now()
    const error = await attempt().then(
      () => new Error('it got in'),
      (thrown) => thrown,
    )
    slowest = Math.max(slowest, performance.now() - from)
    errors.push(error as KafkaError)
  }
  return { errors, slowest }
}

onSecure('N3 security', (world) => {
  for (const ioThreads of [1, 0]) {
    describe(`with ioThreads ${ioThreads}`, () => {
      const cases: [string, () => Partial<KafkaOptions>][] = [
        ['PLAIN', () => ({ sasl: login('PLAIN') })],
        ['SCRAM-SHA-256', () => ({ sasl: login('SCRAM-SHA-256') })],
        ['SCRAM-SHA-512', () => ({ sasl: login('SCRAM-SHA-512') })],
        ['a password from a function', () => ({ sasl: { ...login('SCRAM-SHA-512'), password: async () => password } })],
        ['OAUTHBEARER', () => ({ sasl: { mechanism: 'OAUTHBEARER', token: () => ({ value: unsecuredToken() }) } })],
        [
          'a mechanism of its own',
          () => ({
            sasl: {
              mechanism: 'PLAIN',
              authenticate: async ({ send }) => {
                expect(await send(Buffer.from(`\0alice\0${password}`))).toEqual(Buffer.alloc(0))
              },
            },
          }),
        ],
        ['TLS options from a function', () => ({ sasl: login('PLAIN'), tls: async () => world.trust })],
      ]
      it.each(cases)('N3: gets in by %s', async (_, options) => {
        const { kafka } = world.client('SASL_SSL', { ioThreads, ...options() })
        expect(await roundTrip(world, kafka)).toEqual(['through', 'through'])
      })

      it('N3: gets in by a certificate of its own', async () => {
        const identity = world.authority.issue({ name: 'alice' })
        const { kafka } = world.client('MTLS', { ioThreads, tls: { ...world.trust, ...identity } })
        expect(await roundTrip(world, kafka)).toEqual(['through', 'through'])
      })

      const wrong: [string, () => Partial<KafkaOptions>, RegExp][] = [
        ['a wrong password by PLAIN', () => ({ sasl: { ...login('PLAIN'), password: 'wrong' } }), /credentials \(PLAIN\)/],
        ['a wrong password by SCRAM', () => ({ sasl: { ...login('SCRAM-SHA-512'), password: 'wrong' } }), /SCRAM-SHA-512/],
        ['an unknown user', () => ({ sasl: { ...login('SCRAM-SHA-256'), username: 'nobody' } }), /SCRAM-SHA-256/],
        [
          'a token that has expired',
          () => ({ sasl: { mechanism: 'OAUTHBEARER', token: () => ({ value: unsecuredToken({ lifetimeMs: -60_000 }) }) } }),
          /did not accept the token/,
        ],
        [
          'a mechanism that the brokers do not have',
          () => ({ sasl: { mechanism: 'GSSAPI', authenticate: async () => {} } }),
          /does not offer the SASL mechanism GSSAPI; it has .*PLAIN/,
        ],
      ]
      it.each(wrong)('N3, F39: %s is one typed error at once for every call, and no loop', async (_, options, text) => {
        const { kafka, connections } = world.client('SASL_SSL', { ioThreads, ...options() })
        const { errors, slowest } = await refusals(kafka)
        expect(errors.map(({ code }) => code)).toEqual(Array(6).fill('AUTHENTICATION_FAILED'))
        for (const error of errors) {
          expect(error).toBeInstanceOf(KafkaError)
          expect(error.message).toMatch(text)
          expect(error.retriable).toBe(false)
          expect(error.context.broker).toMatch(/^localhost:\d+$/)
        }
        expect(slowest).toBeLessThan(LIMIT_MS)
        // events come by another way than answers, and may be a little later
        await new Promise((resolve) => setTimeout(resolve, 500))
        const attempts = connections.length
        expect(attempts).toBeLessThanOrEqual(6)
        await new Promise((resolve) => setTimeout(resolve, 1_500))
        // nobody asks for anything: nothing is tried
        expect(connections.length).toBe(attempts)
      })

      type Untrusted = [string, Parameters<SecureWorld['client']>[0], () => Partial<KafkaOptions>, RegExp]
      const strange = () => ({ tls: { ...world.trust, ...world.stranger.issue({ name: 'alice' }) } })
      const unknownIdentity: Untrusted = ['a certificate of its own that the brokers do not know', 'MTLS', strange, /tls\.cert/]
      const untrusted: Untrusted[] = [
        ['an authority that nobody knows', 'SSL', () => ({ tls: { ca: world.stranger.cert } }), /tls\.ca/],
        ['no authority', 'SSL', () => ({ tls: true }), /tls\.ca/],
        ['a certificate that has expired', 'EXPIRED', () => ({}), /has expired/],
        ['a certificate that is not valid yet', 'FUTURE', () => ({}), /not valid yet/],
        ['a certificate that nobody else has signed', 'SELF_SIGNED', () => ({}), /tls\.ca/],
        ['a certificate with the name in its subject only', 'NAMED_IN_SUBJECT', () => ({}), /name in the subject only/],
        ['a certificate for another host', 'MISNAMED', () => ({}), /for another name/],
        ['no certificate of its own', 'MTLS', () => ({}), /tls\.cert/],
        // a server on Node.js closes the connection without saying why, which may have any reason (F14)
        ...(world.target === 'real-1' ? [unknownIdentity] : []),
      ]
      it.each(untrusted)('N3, F40, G18: %s is one typed error at once for every call', async (_, listener, options, text) => {
        const { kafka } = world.client(listener, { ioThreads, ...options() })
        const { errors, slowest } = await refusals(kafka)
        expect(errors.map(({ code }) => code)).toEqual(Array(6).fill('TLS_FAILED'))
        for (const error of errors) expect(error.message).toMatch(text)
        expect(slowest).toBeLessThan(LIMIT_MS)
      })

      it('F40: a certificate for another name will do when the option names it', async () => {
        const { kafka } = world.client('MISNAMED', { ioThreads, tls: { ...world.trust, servername: 'kafka.example' } })
        expect(await roundTrip(world, kafka)).toEqual(['through', 'through'])
      })

      it('N3: a function judges the host name in place of the rule', async () => {
        const asked: string[] = []
        let problem: Error | undefined
        const tls = {
          ...world.trust,
          checkServerIdentity: (host: string, certificate: { subjectaltname?: string; raw?: Buffer }) => {
            asked.push(`${host} ${certificate.subjectaltname} ${Buffer.isBuffer(certificate.raw)}`)
            return problem
          },
        }
        const one = world.client('MISNAMED', { ioThreads, tls })
        await one.kafka.connect()
        expect(asked[0]).toBe('localhost DNS:kafka.example true')
        problem = new Error('not today')
        const two = world.client('SSL', { ioThreads, tls })
        await expect(two.kafka.connect()).rejects.toMatchObject({ code: 'TLS_FAILED', message: /not today/ })
      })

      it('N3: verification is off only where insecure says so, and that is loud', async () => {
        const warnings: string[] = []
        const listen = (warning: Error) => warnings.push((warning as NodeJS.ErrnoException).code ?? '')
        process.on('warning', listen)
        const { kafka } = world.client('MISNAMED', { ioThreads, tls: { insecure: true } })
        expect(await roundTrip(world, kafka)).toEqual(['through', 'through'])
        process.off('warning', listen)
        expect(warnings).toContain('ODRADEK_TLS_INSECURE')
      })
    })
  }

  it('N3, F40: certificates from a function are those of each new connection; the ones that are there live on', async () => {
    const own = world.authority.issue({ name: 'alice' })
    let identity: Partial<typeof own> = own
    const { kafka, connections } = world.client('MTLS', { tls: () => ({ ...world.trust, ...identity }) })
    const topic = await world.topic(kafka)
    const producer = kafka.producer()
    await producer.produce({ topic, value: 'a' })
    identity = {}
    await producer.produce({ topic, value: 'b' })
    // reading has a connection of its own
    const read = () => kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 2_000, timeoutMs: 5_000 })
    await expect(read()).rejects.toMatchObject({ code: 'TLS_FAILED' })
    await producer.produce({ topic, value: 'c' })
    identity = own
    await expect
      .poll(
        () =>
          read()
            .then(([batch]) => batch!.records.length)
            .catch(() => 0),
        { timeout: 15_000 },
      )
      .toBe(3)
    expect(connections.filter(({ state, error }) => state === 'disconnected' && error?.code !== 'TLS_FAILED')).toEqual([])
  })

  it('F39: a password that is wrong for a while is a typed error meanwhile, without a storm; then all goes on', async () => {
    let current = password
    const { kafka, connections } = world.client('SASL_SHORT', { sasl: { ...login('SCRAM-SHA-256'), password: () => current } })
    const topic = await world.topic(kafka)
    const producer = kafka.producer()
    await producer.produce({ topic, value: 'a' })
    current = 'wrong'
    const codes = new Set<string>()
    const from = performance.now()
    const before = connections.length
    while (performance.now() - from < 6_000) {
      const error = await producer.produce({ topic, value: 'b' }).then(
        () => undefined,
        (thrown: KafkaError) => thrown,
      )
      if (error) codes.add(`${error.code} ${error.outcome}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect([...codes]).toEqual(['AUTHENTICATION_FAILED not-written'])
    // back-off from 0.1 to 10 s, on the connections there are
    expect(connections.length - before).toBeLessThan(30)
    current = password
    const again = () =>
      producer.produce({ topic, value: 'c' }).then(
        () => true,
        () => false,
      )
    await expect.poll(again, { timeout: 25_000 }).toBe(true)
  })
})
