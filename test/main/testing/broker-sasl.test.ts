/** What is not Kafka's but ours: options, faults, tokens that the caller judges. That logins are as Kafka's is in `sasl-parity`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type BrokerSasl, type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { unsecuredToken } from '../../kafka/secure-kafka.ts'
import { quickBroker } from '../../support/quick.ts'
import { bearerToken, plainToken, SaslClient, ScramTokens } from '../../support/sasl-client.ts'

const users = { alice: 'alice-secret' }
const open: { close(): unknown }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function start(sasl: BrokerSasl): Promise<EmbeddedBroker> {
  const broker = await startBroker({ ...quickBroker, sasl })
  open.push(broker)
  return broker
}

function connect(broker: EmbeddedBroker): SaslClient {
  const client = new SaslClient(broker.brokers[0]!)
  open.unshift(client)
  return client
}

/** The error code of a login, or that the connection closed. */
async function logIn(broker: EmbeddedBroker, mechanism: string, token: Buffer | string): Promise<number | 'closed'> {
  const client = connect(broker)
  const handshake = await client.handshake(mechanism)
  if (handshake === 'closed' || handshake.errorCode !== 0) return handshake === 'closed' ? handshake : handshake.errorCode
  const answer = await client.token(token)
  if (answer === 'closed' || answer.authBytes.length === 0 || mechanism !== 'OAUTHBEARER')
    return answer === 'closed' ? answer : answer.errorCode
  const refused = await client.token(Buffer.of(1))
  return refused === 'closed' ? refused : refused.errorCode
}

describe('N3 an embedded broker with SASL', () => {
  test('`mechanisms` are those that there are', async () => {
    const broker = await start({ mechanisms: ['SCRAM-SHA-256', 'PLAIN'], users })
    const client = connect(broker)
    expect(await client.handshake('OAUTHBEARER')).toEqual({ errorCode: 33, mechanisms: ['PLAIN', 'SCRAM-SHA-256'] })
    expect(await client.closed).toBe('closed')
    expect(await logIn(broker, 'PLAIN', plainToken('alice', 'alice-secret'))).toBe(0)
  })

  test.each<[string, BrokerSasl['users']]>([
    ['an object', { alice: 'alice-secret', ['__proto__']: 'polluted' }],
    ['a Map', new Map(Object.entries({ ...users, constructor: 'built' }))],
  ])('`users` as %s, whatever their names are', async (_what, given) => {
    const broker = await start({ users: given! })
    for (const [name, password] of given instanceof Map ? given : Object.entries(given!)) {
      expect(await logIn(broker, 'PLAIN', plainToken(name, password)), name).toBe(0)
      const client = connect(broker)
      const tokens = new ScramTokens('SCRAM-SHA-512', name, password)
      await client.handshake('SCRAM-SHA-512')
      const first = await client.token(tokens.first())
      const last = first !== 'closed' && (await client.token(tokens.final(first.authBytes)))
      expect(last && last !== 'closed' && last.authBytes.toString()).toBe(tokens.expected)
    }
    for (const name of ['toString', 'hasOwnProperty', 'nobody'])
      expect(await logIn(broker, 'PLAIN', plainToken(name, 'x')), name).toBe(58)
  })

  test('without `validateToken` unsigned tokens are taken, with it what it takes', async () => {
    const asked: string[] = []
    const broker = await start({
      validateToken: async (token) => {
        asked.push(token)
        await sleep(10)
        if (token === 'broken') throw new Error('the judge is ill')
        if (token === 'strange') return { principal: 5 } as never
        return token === 'good' ? { principal: 'alice' } : undefined
      },
    })
    expect(await logIn(broker, 'OAUTHBEARER', bearerToken('good'))).toBe(0)
    const refused = ['bad', 'broken', 'strange', unsecuredToken()]
    for (const token of refused) expect(await logIn(broker, 'OAUTHBEARER', bearerToken(token)), token).toBe(58)
    expect(asked).toEqual(['good', ...refused])
    expect(await logIn(await start({}), 'OAUTHBEARER', bearerToken(unsecuredToken()))).toBe(0)
  })

  test('F38 a session ends with the token', async () => {
    const broker = await start({ validateToken: () => ({ principal: 'alice', expiresAtMs: Date.now() + 400 }) })
    const client = connect(broker)
    await client.handshake('OAUTHBEARER')
    const answer = await client.token(bearerToken('x'))
    expect(answer !== 'closed' && answer.sessionLifetimeMs).toBeGreaterThan(200)
    expect(await client.ask(apiVersions, 0, {})).not.toBe('closed')
    await sleep(500)
    expect(await client.ask(apiVersions, 0, {})).toBe('closed')
  })

  test('a client that went away while its token is judged harms nobody', async () => {
    const judging = Promise.withResolvers<void>()
    const broker = await start({
      validateToken: async () => {
        await judging.promise
        return { principal: 'alice' }
      },
    })
    const client = connect(broker)
    await client.handshake('OAUTHBEARER')
    void client.token(bearerToken('x'))
    await sleep(50)
    client.close()
    await sleep(50)
    judging.resolve()
    expect(await logIn(broker, 'OAUTHBEARER', bearerToken('x'))).toBe(0)
  })

  test('faults hit logins as they hit everything', async () => {
    const broker = await start({ users })
    const right = plainToken('alice', 'alice-secret')
    await broker.faults.fail('SaslAuthenticate', { error: 'SASL_AUTHENTICATION_FAILED' })
    expect(await logIn(broker, 'PLAIN', right)).toBe(58)
    await broker.faults.drop('SaslHandshake')
    expect(await logIn(broker, 'PLAIN', right)).toBe('closed')
    await broker.faults.fail('SaslHandshake', { error: 'UNSUPPORTED_SASL_MECHANISM' })
    expect(await logIn(broker, 'PLAIN', right)).toBe(33)
    const late = await broker.faults.delay('SaslAuthenticate', { ms: 200 })
    const before = performance.now()
    expect(await logIn(broker, 'PLAIN', right)).toBe(0)
    expect(performance.now() - before).toBeGreaterThan(190)
    expect(await late.hits()).toBe(1)
    expect(await broker.requestCounts('SaslAuthenticate')).toMatchObject([{ node: 1, requests: 2 }])
  })
})
