/**
 * The same logins, right and wrong, at a real Kafka and at the embedded broker: every answer must be the same to the byte, but for nonces,
 * salts and what follows from them, and the connection must end at the same place.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { alterUserScramCredentials } from '../../../src/shared/protocol/generated/alter-user-scram-credentials.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { describeUserScramCredentials } from '../../../src/shared/protocol/generated/describe-user-scram-credentials.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { saslHandshake } from '../../../src/shared/protocol/generated/sasl-handshake.ts'
import type { ScramMechanism } from '../../../src/shared/scram.ts'
import { explainMissing, findKafka } from '../../kafka/index.ts'
import { type SecureKafka, startSecureKafka, unsecuredToken, users } from '../../kafka/secure-kafka.ts'
import { bearerToken, plainToken, SaslClient, ScramTokens } from '../../support/sasl-client.ts'

const { via, missing } = await findKafka()
const whether = via === undefined ? ` (skipped: ${explainMissing(missing)})` : ''
const SESSION_MS = 2_000
/** Longer than a real Kafka lets one wait that it refuses. */
const REFUSAL_MS = 500

type Say = (answer: unknown) => void
type Script = (client: SaslClient, say: Say) => Promise<void>
type Where = 'long' | 'short' | 'open'

const versions = (client: SaslClient) => client.ask(apiVersions, 0, {})

/** Whether the connection is still there after a while. */
const fate = (client: SaslClient) => Promise.race([client.closed, sleep(REFUSAL_MS, 'open')])

/** One token of one mechanism, and what becomes of the connection. */
const once =
  (mechanism: string, token: Buffer | string, version = 2): Script =>
  async (client, say) => {
    say(await client.handshake(mechanism))
    say(await client.token(token, version))
    say(await fate(client))
  }

interface ScramCase {
  user?: string
  password?: string
  header?: string
  edit?: (text: string) => string
}

const scramLogin =
  (mechanism: ScramMechanism, { user = 'alice', password = 'alice-secret', header = 'n,,', edit }: ScramCase = {}): Script =>
  async (client, say) => {
    const tokens = new ScramTokens(mechanism, user, password)
    say(await client.handshake(mechanism))
    const first = await client.token(tokens.first(header))
    say(first)
    if (first !== 'closed' && first.errorCode === 0) {
      const last = await client.token(tokens.final(first.authBytes, edit))
      say(last)
      if (last !== 'closed' && last.errorCode === 0) say(last.authBytes.toString() === tokens.expected)
    }
    say(await fate(client))
  }

const bearer =
  (token: string): Script =>
  async (client, say) => {
    say(await client.handshake('OAUTHBEARER'))
    const answer = await client.token(bearerToken(token))
    if (answer === 'closed') return say(answer)
    const { sessionLifetimeMs, ...rest } = answer
    say({ ...rest, lasts: Math.round(sessionLifetimeMs / 60_000) })
    if (answer.authBytes.length > 0) say(await client.token(Buffer.of(1)))
    say(await fate(client))
  }

const logIn = async (client: SaslClient, say: Say, user = 'alice') => {
  say(await client.handshake('PLAIN'))
  say(await client.token(plainToken(user, `${user}-secret`)))
}

const logins: [string, Script][] = [
  ['PLAIN', once('PLAIN', plainToken('alice', 'alice-secret'))],
  ...[0, 1, 2].map((v): [string, Script] => [`a wrong password, v${v}`, once('PLAIN', plainToken('alice', 'wrong'), v)]),
  ['PLAIN: nobody', once('PLAIN', plainToken('nobody', 'x'))],
  ['PLAIN: no name', once('PLAIN', plainToken('', 'x'))],
  ['PLAIN: no password', once('PLAIN', plainToken('alice', ''))],
  ['PLAIN: on behalf of another', once('PLAIN', plainToken('alice', 'alice-secret', 'bob'))],
  ['PLAIN: on behalf of oneself', once('PLAIN', plainToken('alice', 'alice-secret', 'alice'))],
  ['PLAIN: two parts', once('PLAIN', 'a\0b')],
  ['PLAIN: four parts', once('PLAIN', '\0alice\0alice-secret\0x')],
  ['PLAIN: nothing', once('PLAIN', '')],
  ['PLAIN: too much', once('PLAIN', Buffer.alloc(600_000))],
  ['OAUTHBEARER: another scheme', once('OAUTHBEARER', 'n,,\x01auth=Basic abc\x01\x01')],
  ['OAUTHBEARER: no token', once('OAUTHBEARER', 'n,,\x01host=x\x01\x01')],
  ['OAUTHBEARER: rubbish', once('OAUTHBEARER', 'x')],
  ['OAUTHBEARER: nothing said', once('OAUTHBEARER', 'n,,\x01\x01')],
  ['OAUTHBEARER: on behalf of another', once('OAUTHBEARER', bearerToken(unsecuredToken(), 'bob'))],
  ['OAUTHBEARER', bearer(unsecuredToken())],
  ['OAUTHBEARER: a token that is over', bearer(unsecuredToken({ lifetimeMs: -1000 }))],
  ['OAUTHBEARER: a token for nobody', bearer(unsecuredToken({ claims: { sub: undefined } }))],
  ['OAUTHBEARER: a signed token', bearer(`${unsecuredToken()}abc`)],
  ['OAUTHBEARER: no token at all', bearer('abc')],
  ['OAUTHBEARER: a token of tomorrow', bearer(unsecuredToken({ claims: { iat: Date.now() / 1000 + 100 } }))],
  ['OAUTHBEARER: a strange scope', bearer(unsecuredToken({ claims: { scope: 5 } }))],
  ['OAUTHBEARER: a strange end', bearer(unsecuredToken({ claims: { exp: 'x' } }))],
  ['SCRAM: rubbish', once('SCRAM-SHA-256', 'rubbish')],
  ...(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).flatMap((mechanism): [string, Script][] => [
    [mechanism, scramLogin(mechanism)],
    [`${mechanism}: a wrong password`, scramLogin(mechanism, { password: 'wrong' })],
    [`${mechanism}: nobody`, scramLogin(mechanism, { user: 'nobody' })],
    [`${mechanism}: a name beyond ASCII`, scramLogin(mechanism, { user: 'älice' })],
    [`${mechanism}: on behalf of another`, scramLogin(mechanism, { header: 'n,a=bob,' })],
    [`${mechanism}: with channel binding`, scramLogin(mechanism, { header: 'y,,' })],
    [`${mechanism}: another nonce`, scramLogin(mechanism, { edit: (text) => text.replace(/r=./, 'r=!') })],
    [`${mechanism}: another channel`, scramLogin(mechanism, { edit: (text) => text.replace('c=biws', 'c=eSws') })],
    [`${mechanism}: a short proof`, scramLogin(mechanism, { edit: (text) => text.replace(/p=.*/, 'p=AAAA') })],
  ]),
]

const order: [string, Script][] = [
  [
    'a mechanism that is not there',
    async (client, say) => {
      say(await client.handshake('GSSAPI'))
      say(await fate(client))
    },
  ],
  ['Metadata before the login', async (client, say) => say(await client.ask(metadata, 12, { topics: [] }))],
  ['a token before the handshake', async (client, say) => say(await client.token('x'))],
  [
    'ApiVersions before the login',
    async (client, say) => {
      await versions(client)
      await logIn(client, say)
    },
  ],
  [
    'ApiVersions twice',
    async (client, say) => {
      await versions(client)
      say(await versions(client))
    },
  ],
  [
    'ApiVersions again after a wrong one',
    async (client, say) => {
      say(await client.ask(apiVersions, 4, { clientSoftwareName: '', clientSoftwareVersion: '' }))
      say((await versions(client)) !== 'closed')
      say(await client.handshake('PLAIN'))
    },
  ],
  [
    'a handshake instead of a token',
    async (client, say) => {
      await client.handshake('PLAIN')
      say(await client.handshake('PLAIN'))
      say(await fate(client))
    },
  ],
  [
    'ApiVersions instead of a token',
    async (client, say) => {
      await client.handshake('PLAIN')
      say(await versions(client))
      say(await fate(client))
    },
  ],
  [
    'a second login in a session without end',
    async (client, say) => {
      await logIn(client, say)
      say(await client.handshake('PLAIN'))
      say(await client.token('x'))
      say(await fate(client))
    },
  ],
  [
    'OAUTHBEARER: a second try',
    async (client, say) => {
      await client.handshake('OAUTHBEARER')
      say(await client.token(bearerToken('abc')))
      const answer = await client.token(bearerToken(unsecuredToken()))
      say(answer !== 'closed' && answer.errorCode)
    },
  ],
  [
    'bare tokens after a handshake of version 0',
    async (client, say) => {
      say(await client.handshake('PLAIN', 0))
      say(await client.bare(plainToken('alice', 'alice-secret')))
      say((await versions(client)) !== 'closed')
    },
  ],
  [
    'a wrong bare token',
    async (client, say) => {
      await client.handshake('PLAIN', 0)
      say(await client.bare(plainToken('alice', 'wrong')))
    },
  ],
  [
    'bare tokens of OAUTHBEARER',
    async (client, say) => {
      await client.handshake('OAUTHBEARER', 0)
      say(await client.bare(bearerToken('abc')))
      say(await client.bare(Buffer.of(1)))
    },
  ],
]

const renewals: [string, Script][] = [
  [
    'a session ends',
    async (client, say) => {
      await logIn(client, say)
      await sleep(2_300)
      say(await versions(client))
    },
  ],
  [
    'a session that is renewed goes on',
    async (client, say) => {
      await logIn(client, say)
      await sleep(1_300)
      await logIn(client, say)
      await sleep(1_300)
      say((await versions(client)) !== 'closed')
      await sleep(1_000)
      say(await versions(client))
    },
  ],
  [
    'a session is renewed after its end',
    async (client, say) => {
      await logIn(client, say)
      await sleep(2_300)
      await logIn(client, say)
      say((await versions(client)) !== 'closed')
    },
  ],
  [
    'a session is renewed twice within a second',
    async (client, say) => {
      await logIn(client, say)
      await logIn(client, say)
      await logIn(client, say)
      say(await fate(client))
    },
  ],
  [
    'renewed by another mechanism',
    async (client, say) => {
      await logIn(client, say)
      say(await client.handshake('OAUTHBEARER'))
      say(await client.token(bearerToken(unsecuredToken())))
    },
  ],
  [
    'renewed by another user',
    async (client, say) => {
      await logIn(client, say)
      await logIn(client, say, 'bob')
    },
  ],
  [
    'renewed with a wrong password',
    async (client, say) => {
      await logIn(client, say)
      await once('PLAIN', plainToken('alice', 'x'))(client, say)
    },
  ],
  [
    'renewed with a wrong SCRAM password',
    async (client, say) => {
      await scramLogin('SCRAM-SHA-256')(client, say)
      await scramLogin('SCRAM-SHA-256', { password: 'x' })(client, say)
    },
  ],
  [
    'renewed by a mechanism that is not there',
    async (client, say) => {
      await logIn(client, say)
      say(await client.handshake('GSSAPI'))
    },
  ],
  [
    'another request in the middle of a renewal',
    async (client, say) => {
      await logIn(client, say)
      say(await client.ask(saslHandshake, 1, { mechanism: 'PLAIN' }))
      say(await versions(client))
      say(await fate(client))
    },
  ],
  [
    'a session ends for those, too, who cannot know',
    async (client, say) => {
      await once('PLAIN', plainToken('alice', 'alice-secret'), 0)(client, say)
      await sleep(2_000)
      say(await versions(client))
    },
  ],
  ['OAUTHBEARER: a session that is shorter than its token', bearer(unsecuredToken())],
  [
    'OAUTHBEARER: a token that is shorter than a session',
    async (client, say) => {
      await client.handshake('OAUTHBEARER')
      const answer = await client.token(bearerToken(unsecuredToken({ lifetimeMs: 1_200 })))
      say(answer !== 'closed' && answer.sessionLifetimeMs > 500 && answer.sessionLifetimeMs <= 1_200)
      await sleep(1_600)
      say(await versions(client))
    },
  ],
]

type Deletion = { name: string; mechanism: number }
const sha256 = (name: string, fields: object = {}) => {
  return { name, mechanism: 1, iterations: 4096, salt: Buffer.from('salt'), saltedPassword: Buffer.alloc(32, 1), ...fields }
}
const sha512 = (name: string, fields: object = {}) => sha256(name, { mechanism: 2, saltedPassword: Buffer.alloc(64), ...fields })

const changes: [string, Deletion[], ReturnType<typeof sha256>[]][] = [
  ['a user', [], [sha256('u')]],
  ['another mechanism', [], [sha512('u', { iterations: 5000 })]],
  ['a user who is not there goes', [{ name: 'nobody', mechanism: 1 }], []],
  ['a mechanism that is not there', [{ name: 'nobody', mechanism: 0 }], []],
  ['another one', [], [sha256('u', { mechanism: 7 })]],
  ['too few iterations', [], [sha256('u', { iterations: 10 })]],
  ['too many iterations', [], [sha256('u', { iterations: 20_000 })]],
  ['no name', [], [sha256('')]],
  ['no name to go', [{ name: '', mechanism: 1 }], []],
  ['out and in', [{ name: 'u', mechanism: 1 }], [sha256('u')]],
  ['one out, another in', [{ name: 'u', mechanism: 1 }], [sha512('u')]],
  ['in twice', [], [sha256('u'), sha256('u')]],
  ['both mechanisms at once', [], [sha256('b'), sha512('b')]],
  ['several users', [{ name: 'u', mechanism: 2 }], [sha256('v'), sha512('w'), sha256('x', { iterations: 1 })]],
  ['no salt', [], [sha256('y', { salt: Buffer.alloc(0) })]],
  ['no password', [], [sha256('z', { saltedPassword: Buffer.alloc(0) })]],
]

describe.skipIf(via === undefined)(`N3, T5 logs in like real Kafka${whether}`, { timeout: 30_000 }, () => {
  let real: SecureKafka
  let embedded: Record<Where, EmbeddedBroker>
  beforeAll(async () => {
    const start = async () => ({
      long: await startBroker({ sasl: { users } }),
      short: await startBroker({ sasl: { users, connectionsMaxReauthMs: SESSION_MS } }),
      open: await startBroker(),
    })
    ;[real, embedded] = await Promise.all([startSecureKafka({ sessionMs: SESSION_MS }), start()])
  }, 120_000)
  afterAll(async () => {
    await Promise.all([real?.stop(), ...Object.values(embedded ?? {}).map((broker) => broker.close())])
  })

  const addresses = (where: Where): string[] => {
    const own = { long: 'SASL_PLAINTEXT', short: 'SASL_QUICK' } as const
    const [address] = where === 'open' ? real.kafka.brokers : real.brokers(own[where])
    return [address!, embedded[where].brokers[0]!]
  }

  async function same(where: Where, script: Script): Promise<void> {
    const [expected, got] = await Promise.all(addresses(where).map((address) => transcript(address, script)))
    expect(expected!.length).toBeGreaterThan(0)
    expect(got).toEqual(expected)
  }

  test.concurrent.each(logins)('%s', (_what, script) => same('long', script))
  test.concurrent.each(order)('%s', (_what, script) => same('long', script))
  test.concurrent.each(renewals)('F38 %s', (_what, script) => same('short', script))

  test('a login where there is no SASL', () =>
    same('open', async (client, say) => {
      say(await client.handshake('PLAIN'))
      say(await client.token('x', 0))
      say(await client.token('x', 2))
      say(await fate(client))
    }))

  test('SCRAM users are changed and described', async () => {
    for (const [what, deletions, upsertions] of changes) {
      await same('open', async (client, say) => {
        const answer = await client.ask(alterUserScramCredentials, 0, { deletions, upsertions })
        say([what, answer === 'closed' ? answer : sorted(answer.results)])
      })
      // a real broker shows a change a little after it was made
      await sleep(50)
    }
    const names = ['b', 'u', 'v', 'w', 'x', 'y', 'z']
    await same('open', async (client, say) => {
      const answer = await client.ask(describeUserScramCredentials, 0, { users: names.map((name) => ({ name })) })
      say(answer)
    })
    await same('open', async (client, say) => {
      const answer = await client.ask(describeUserScramCredentials, 0, { users: [{ name: 'u' }, { name: 'v' }, { name: 'v' }] })
      say(answer !== 'closed' && sorted(answer.results))
    })
    await same('open', async (client, say) => {
      const answer = await client.ask(describeUserScramCredentials, 0, { users: null })
      const ours = answer === 'closed' ? [] : answer.results.filter(({ user }) => !users.has(user))
      say(sorted(ours))
    })
  })
})

function sorted<T extends { user: string }>(results: readonly T[]): T[] {
  return [...results].sort((a, b) => (a.user < b.user ? -1 : 1))
}

async function transcript(address: string, script: Script): Promise<string[]> {
  const client = new SaslClient(address)
  const said: string[] = []
  try {
    await script(client, (answer) => said.push(comparable(answer)))
  } finally {
    client.close()
  }
  return said
}

function comparable(answer: unknown): string {
  const text = JSON.stringify(answer, (_name, value: unknown) => {
    const bytes = value as { type?: string; data?: number[] } | null
    return bytes?.type === 'Buffer' ? Buffer.from(bytes.data!).toString('latin1') : value
  })
  return text.replace(/r=[^,"]+,s=[^,"]+/, 'r=nonce,s=salt').replace(/"v=[^"]+/, '"v=signature')
}
