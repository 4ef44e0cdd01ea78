/** SCRAM users, made and changed by the client and let in by brokers. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { Kafka, type SaslOptions } from '../../src/main/index.ts'
import { startBroker } from '../../src/main/testing/index.ts'
import { startSecureKafka, users } from '../kafka/secure-kafka.ts'
import { allTargets, onBrokers, onEmbedded } from './on-brokers.ts'

const newUser = () => `u-${randomUUID()}`

onBrokers(
  'SCRAM users',
  (world) => {
    it('E4: users are made, changed and taken away, and described', async () => {
      const { admin } = world.client()
      const [a, b] = [newUser(), newUser()].sort() as [string, string]
      await admin.alterUserScramCredentials([
        { user: a, mechanism: 'SCRAM-SHA-256', password: 'first' },
        { user: b, mechanism: 'SCRAM-SHA-512', password: async () => 'secret', iterations: 8_192 },
      ])
      await admin.alterUserScramCredentials([{ user: a, mechanism: 'SCRAM-SHA-512', password: 'second', iterations: 5_000 }])
      expect(await admin.describeUserScramCredentials([b, a, a])).toEqual([
        {
          user: a,
          credentials: [
            { mechanism: 'SCRAM-SHA-256', iterations: 4_096 },
            { mechanism: 'SCRAM-SHA-512', iterations: 5_000 },
          ],
        },
        { user: b, credentials: [{ mechanism: 'SCRAM-SHA-512', iterations: 8_192 }] },
      ])
      const all = await admin.describeUserScramCredentials()
      expect(all.map(({ user }) => user)).toEqual(expect.arrayContaining([a, b]))
      await admin.alterUserScramCredentials([{ user: a, mechanism: 'SCRAM-SHA-256', remove: true }])
      await admin.alterUserScramCredentials([{ user: b, mechanism: 'SCRAM-SHA-512', remove: true }])
      expect(await admin.describeUserScramCredentials([a, b])).toEqual([
        { user: a, credentials: [{ mechanism: 'SCRAM-SHA-512', iterations: 5_000 }] },
        { user: b, credentials: [] },
      ])
      expect(await admin.describeUserScramCredentials([])).toEqual([])
      await admin.alterUserScramCredentials([])
    })

    it('E4: several changes of a user in one call all count', async () => {
      const { admin } = world.client()
      const user = newUser()
      await admin.alterUserScramCredentials(
        (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).map((mechanism) => ({ user, mechanism, password: 'x' })),
      )
      await admin.alterUserScramCredentials([
        { user, mechanism: 'SCRAM-SHA-256', remove: true },
        { user, mechanism: 'SCRAM-SHA-512', password: 'y', iterations: 6_000 },
      ])
      const credentials = [{ mechanism: 'SCRAM-SHA-512', iterations: 6_000 }]
      expect(await admin.describeUserScramCredentials([user])).toEqual([{ user, credentials }])
    })

    it('E4: one who is not there cannot be taken away; the others are changed', async () => {
      const { admin } = world.client()
      const [there, nobody] = [newUser(), newUser()]
      const change = admin.alterUserScramCredentials([
        { user: nobody, mechanism: 'SCRAM-SHA-256', remove: true },
        { user: there, mechanism: 'SCRAM-SHA-256', password: 'x' },
      ])
      await expect(change).rejects.toMatchObject({
        code: 'BROKER_ERROR',
        retriable: false,
        message: expect.stringContaining(nobody),
        context: { api: 'AlterUserScramCredentials', brokerError: 'RESOURCE_NOT_FOUND' },
      })
      expect(await admin.describeUserScramCredentials([there])).toMatchObject([{ credentials: [{ iterations: 4_096 }] }])
    })
  },
  allTargets,
)

onEmbedded('SCRAM users in trouble', 3, (world) => {
  const mechanism = 'SCRAM-SHA-256'

  it('E4: a change whose answer is lost is done once, also when it takes somebody away', async () => {
    const { admin } = world.client()
    const user = newUser()
    const lost = await world.broker.faults.drop('AlterUserScramCredentials', { afterApply: true })
    await admin.alterUserScramCredentials([{ user, mechanism, password: 'x' }])
    expect(await lost.hits()).toBe(1)
    await world.broker.faults.drop('AlterUserScramCredentials', { afterApply: true })
    await admin.alterUserScramCredentials([{ user, mechanism, remove: true }])
    expect(await admin.describeUserScramCredentials([user])).toEqual([{ user, credentials: [] }])
  })

  it('E4: what passes is asked for again, what does not is an error', async () => {
    const { admin } = world.client()
    const user = newUser()
    await world.broker.faults.fail('AlterUserScramCredentials', { error: 'REQUEST_TIMED_OUT' })
    await world.broker.faults.fail('DescribeUserScramCredentials', { error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 2 })
    await admin.alterUserScramCredentials([{ user, mechanism, password: 'x' }])
    expect(await admin.describeUserScramCredentials([user])).toMatchObject([{ credentials: [{ mechanism }] }])
    await world.broker.faults.fail('DescribeUserScramCredentials', { error: 'CLUSTER_AUTHORIZATION_FAILED' })
    await expect(admin.describeUserScramCredentials()).rejects.toMatchObject({
      code: 'BROKER_ERROR',
      context: { api: 'DescribeUserScramCredentials', brokerError: 'CLUSTER_AUTHORIZATION_FAILED' },
    })
  })

  it('E4: a broker that is down is not waited for', async () => {
    const { admin } = world.client()
    const user = newUser()
    await admin.describeUserScramCredentials()
    await world.broker.kill(3)
    await admin.alterUserScramCredentials([{ user, mechanism, password: 'x' }], { timeoutMs: 10_000 })
    await world.broker.revive(3)
    expect(await admin.describeUserScramCredentials([user])).toMatchObject([{ credentials: [{ mechanism }] }])
  })
})

describe('SCRAM users: what is refused before a broker hears of it', () => {
  let kafka: Kafka
  beforeAll(() => {
    kafka = new Kafka({ brokers: ['127.0.0.1:1'] })
  })
  afterAll(() => kafka.close())

  const user = 'alice'
  const mechanism = 'SCRAM-SHA-256'
  it.each<[string, unknown[], string, RegExp]>([
    ['no password', [{ user, mechanism }], 'INVALID_OPTION', /'password' is required, unless 'remove' is true/],
    ['both', [{ user, mechanism, password: 'x', remove: true }], 'INVALID_OPTION', /cannot be given together with 'remove'/],
    ['an empty one', [{ user, mechanism, password: '' }], 'INVALID_OPTION', /'password' must be a string of 1 to/],
    ['few iterations', [{ user, mechanism, password: 'x', iterations: 4095 }], 'INVALID_OPTION', /from 4_096 to 16_384/],
    ['many iterations', [{ user, mechanism, password: 'x', iterations: 16_385 }], 'INVALID_OPTION', /from 4_096 to 16_384/],
    ['another mechanism', [{ user, mechanism: 'PLAIN', password: 'x' }], 'INVALID_OPTION', /one of 'SCRAM-SHA-256'/],
    ['no name', [{ user: '', mechanism, password: 'x' }], 'INVALID_OPTION', /'user' must be a string/],
    [
      'twice the same',
      [1, 2].map(() => ({ user, mechanism, password: 'x' })),
      'INVALID_ARGUMENT',
      /SCRAM-SHA-256 of user 'alice' is named twice/,
    ],
    ['a forbidden character', [{ user, mechanism, password: 'p\u0007w' }], 'INVALID_ARGUMENT', /SASLprep/],
    ['a function without one', [{ user, mechanism, password: () => 7 }], 'INVALID_ARGUMENT', /must be a string of 1 character/],
  ])('%s', async (_what, alterations, code, why) => {
    const error = await kafka.admin.alterUserScramCredentials(alterations as never).catch((thrown) => thrown)
    expect(error).toMatchObject({ code, message: expect.stringMatching(why) })
  })

  it('IX7: no error shows a password, whatever is wrong with it', async () => {
    const secrets = ['hunter2\u0007', 'hunter2'.repeat(20_000), 72_742_372]
    for (const password of secrets) {
      const error = await kafka.admin
        .alterUserScramCredentials([{ user, mechanism, password: password as string }])
        .catch((thrown: Error) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toMatch(/hunter2|72.?742.?372/)
    }
    const failing = () => Promise.reject(new Error('the vault is shut'))
    await expect(kafka.admin.alterUserScramCredentials([{ user, mechanism, password: failing }])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      cause: { message: 'the vault is shut' },
    })
  })
})

interface Secured {
  brokers: string[]
  ca: string
  stop(): Promise<void>
}

async function embedded(): Promise<Secured> {
  const broker = await startBroker({ tls: true, sasl: { users } })
  return { brokers: broker.brokers, ca: broker.ca, stop: () => broker.close() }
}

async function real(): Promise<Secured> {
  const secure = await startSecureKafka()
  return { brokers: secure.brokers('SASL_SSL'), ca: secure.authority.cert, stop: () => secure.stop() }
}

const noReal = inject('realKafka1') === null ? ` (skipped: ${inject('realKafkaMissing')})` : ''

describe.each([
  ['embedded-1', embedded, false],
  [`real-1${noReal}`, real, noReal !== ''],
] as const)('SCRAM users log in on %s', (_target, start, skipped) => {
  let secured: Secured
  const clients: Kafka[] = []
  beforeAll(async () => {
    if (!skipped) secured = await start()
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close({ timeoutMs: 1_000 })))
  })
  afterAll(() => secured?.stop())

  function client(sasl: SaslOptions): Kafka {
    const kafka = new Kafka({ brokers: secured.brokers, tls: { ca: secured.ca }, sasl })
    clients.push(kafka)
    return kafka
  }

  const logIn = (sasl: SaslOptions) => client(sasl).admin.describeUserScramCredentials([], { timeoutMs: 5_000 })
  const asks = (sasl: SaslOptions) => client(sasl).admin.describeUserScramCredentials(undefined, { timeoutMs: 5_000 })

  it.skipIf(skipped).each(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'N3 E4: one made by the client gets in by %s, with the newest password only',
    async (mechanism) => {
      const { admin } = client({ mechanism: 'PLAIN', username: 'alice', password: users.get('alice')! })
      // two ways to type the same characters
      const username = `${newUser()},=\u00aa`
      await admin.alterUserScramCredentials([{ user: username, mechanism, password: 'pass\u00adword', iterations: 6_000 }])
      await expect(asks({ mechanism, username: username.replace('\u00aa', 'a'), password: 'password' })).resolves.toBeInstanceOf(
        Array,
      )
      await admin.alterUserScramCredentials([{ user: username, mechanism, password: 'newer', iterations: 5_000 }])
      await expect(asks({ mechanism, username, password: 'newer' })).resolves.toBeInstanceOf(Array)
      await expect(asks({ mechanism, username, password: 'password' })).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
      await admin.alterUserScramCredentials([{ user: username, mechanism, remove: true }])
      await expect(asks({ mechanism, username, password: 'newer' })).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    },
  )

  it.skipIf(skipped)('asking for nobody asks nobody', async () => {
    expect(await logIn({ mechanism: 'PLAIN', username: 'alice', password: 'wrong' })).toEqual([])
  })
})
