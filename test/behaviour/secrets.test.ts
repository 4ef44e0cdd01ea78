/** What nobody is to see: passwords, tokens, keys and secrets of issuers, wherever a client shows something of itself (IX7). */
import { expect, it } from 'vitest'
import type { Kafka, KafkaOptions } from '../../src/main/index.ts'
import { unsecuredToken, users } from '../kafka/secure-kafka.ts'
import { shown } from '../support/shown.ts'
import { onSecure } from './on-secure.ts'

const password = users.get('alice')!
const wrong = 'wrong-password-4711'

/** Does what a client can do, whatever comes of it, and gives all that was to be seen. */
async function everythingOf(kafka: Kafka, work: (see: (value: unknown) => void) => Promise<void>): Promise<string> {
  const seen: string[] = []
  const see = (value: unknown) => void seen.push(shown(value))
  const { emit } = kafka
  kafka.emit = (...event: Parameters<Kafka['emit']>) => {
    see(event)
    return emit.apply(kafka, event)
  }
  const warned = (warning: Error) => see(warning)
  process.on('warning', warned)
  const written: unknown[] = []
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }))
  for (const { stream, write } of streams)
    stream.write = ((...args: Parameters<typeof write>) => {
      written.push(args[0])
      return write.apply(stream, args)
    }) as typeof write
  try {
    const attempts: (() => Promise<unknown>)[] = [
      () => kafka.connect(),
      () => kafka.admin.createTopics([{ topic: `t-${Math.random()}` }], { timeoutMs: 3_000 }),
      () => kafka.producer().produce({ topic: 'none', value: 'x' }, { signal: AbortSignal.timeout(2_000) }),
      () => kafka.fetch([{ topic: 'none', partition: 0, offset: 0 }], { timeoutMs: 2_000 }),
    ]
    for (const attempt of attempts) see(await attempt().catch((error: unknown) => error))
    await work(see)
    const group = kafka.consumerGroup({ groupName: 'nobody', topics: ['none'], handler: { handleRecordBatch() {} } })
    see(
      await Promise.race([group.start(), new Promise((resolve) => setTimeout(resolve, 1_000))]).catch((error: unknown) => error),
    )
    for (const one of [kafka, kafka.admin, kafka.producer(), group]) see(one)
    await kafka.close({ timeoutMs: 1_000 })
    see(kafka)
  } finally {
    for (const { stream, write } of streams) stream.write = write
    process.off('warning', warned)
  }
  return [...seen, ...written.map(String)].join('\n')
}

onSecure('IX7 secrets', (world) => {
  const token = unsecuredToken({ claims: { jti: 'geheim' } })
  const expired = unsecuredToken({ lifetimeMs: -60_000 })
  const cases: [string, () => Partial<KafkaOptions>, string[]][] = [
    ['PLAIN', () => ({ sasl: { mechanism: 'PLAIN', username: 'alice', password } }), [password]],
    ['a wrong password of PLAIN', () => ({ sasl: { mechanism: 'PLAIN', username: 'alice', password: wrong } }), [wrong]],
    ['SCRAM', () => ({ sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password } }), [password]],
    ['a wrong password of SCRAM', () => ({ sasl: { mechanism: 'SCRAM-SHA-256', username: 'alice', password: wrong } }), [wrong]],
    [
      'a password from a function',
      () => ({ sasl: { mechanism: 'PLAIN', username: 'alice', password: () => password } }),
      [password],
    ],
    ['a token', () => ({ sasl: { mechanism: 'OAUTHBEARER', token: () => ({ value: token }) } }), [token]],
    ['a token that has expired', () => ({ sasl: { mechanism: 'OAUTHBEARER', token: () => ({ value: expired }) } }), [expired]],
    [
      'the secret of an issuer that is away',
      () => ({
        sasl: { mechanism: 'OAUTHBEARER', oidc: { tokenEndpoint: 'http://127.0.0.1:1/', clientId: 'c', clientSecret: wrong } },
      }),
      [wrong],
    ],
  ]
  for (const ioThreads of [1, 0])
    it.each(cases)(`IX7: nothing shows %s, with ioThreads ${ioThreads}`, async (_, options, secrets) => {
      const { kafka } = world.client('SASL_SSL', { ioThreads, requestTimeoutMs: 3_000, unknownTopicTimeoutMs: 500, ...options() })
      const everything = await everythingOf(kafka, async () => {})
      expect(everything.length).toBeGreaterThan(1_000)
      for (const secret of secrets)
        for (const form of [
          secret,
          Buffer.from(secret).toString('base64').replace(/=+$/, ''),
          Buffer.from(secret).toString('hex'),
        ])
          expect(everything).not.toContain(form)
    })

  it('IX7: nothing shows a key and its passphrase, nor what a crashed thread had of them', async () => {
    const { cert, key } = world.authority.issue({ name: 'alice' })
    const { kafka } = world.client('MTLS', { tls: { ...world.trust, cert, key, passphrase: wrong }, requestTimeoutMs: 3_000 })
    const everything = await everythingOf(kafka, async (see) => {
      const news = new Promise((resolve) => kafka.once('ioThread', resolve))
      kafka.crashIoThread(0)
      see(await news)
      see(await kafka.admin.createTopics([{ topic: `t-${Math.random()}` }]))
    })
    const middle = key.split('\n').slice(1, -2)
    for (const secret of [wrong, ...middle]) expect(everything).not.toContain(secret)
  })
})
