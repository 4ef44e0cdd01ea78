import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { saslMechanisms } from '../../../src/main/testing/broker/security/exchange.ts'
import { encodeRequestFrame } from '../../../src/shared/protocol/frame.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { saslAuthenticate } from '../../../src/shared/protocol/generated/sasl-authenticate.ts'
import { saslHandshake } from '../../../src/shared/protocol/generated/sasl-handshake.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import { QUICK } from '../../support/quick.ts'
import { bearerToken, plainToken, SaslClient, ScramTokens } from '../../support/sasl-client.ts'
import { Fixture, metadata } from './fixture.ts'

const sasl = {
  mechanisms: saslMechanisms,
  users: new Map([['alice', 'secret']]),
  connectionsMaxReauthMs: 0,
  judge: () => undefined,
}

type Mechanism = (typeof saslMechanisms)[number]

function request<A extends typeof metadata | typeof apiVersions | typeof saslHandshake | typeof saslAuthenticate>(
  api: A,
  version: number,
  body: object,
): Buffer {
  const writer = new Writer()
  encodeRequestFrame(writer, api as never, version, 7, 'abuse', body as never)
  return Buffer.from(writer.finish()).subarray(4)
}

/** What one says who does not know the password. */
function tokens(mechanism: Mechanism): Buffer[] {
  if (mechanism === 'PLAIN') return [plainToken('alice', 'wrong')]
  if (mechanism === 'OAUTHBEARER') return [bearerToken('abc.def.'), Buffer.of(1)]
  const scram = new ScramTokens(mechanism, 'alice', 'wrong')
  return [Buffer.from(scram.first()), Buffer.from(scram.final(Buffer.from('r=abc,s=c2FsdA==,i=4096')))]
}

/** A login that is refused, as frames without their lengths. */
function login(mechanism: Mechanism, version: number): Buffer[] {
  const frame = (token: Buffer) => (version === 0 ? token : request(saslAuthenticate, 2, { authBytes: token }))
  return [
    request(apiVersions, 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' }),
    request(saslHandshake, version, { mechanism }),
    ...tokens(mechanism).map(frame),
    request(metadata, 12, { topics: [] }),
  ]
}

function withLength(frame: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return Buffer.concat([size, frame])
}

describe('T2 logins that are nonsense', () => {
  property.prop(
    [
      fc.constantFrom(...saslMechanisms),
      fc.constantFrom(0, 1),
      fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(255)), { maxLength: 4 }),
    ],
    { numRuns: QUICK ? 100 : 300 },
  )('F15 in any order and with any damage let nobody in, and are no bug', async (mechanism, version, order, damage) => {
    const fixture = await Fixture.start({ sasl })
    const frames = login(mechanism, version)
    for (const [which, at, value] of damage) {
      const frame = frames[which % frames.length]!
      frame[at % frame.length] = value
    }
    const client = await fixture.client()
    client.ignoreAnswers()
    // first as they belong, then in any order
    for (const frame of [...frames, ...order.map((index) => frames[index % frames.length]!)]) {
      client.send(withLength(frame))
      await fixture.env.advance(1)
    }
    await fixture.env.advance(1_000)
    expect(fixture.bugs).toEqual([])
    expect(fixture.cluster.counts.list('Metadata')).toEqual([])
  })

  test('what is sent behind a refusal is not handled', async () => {
    const fixture = await Fixture.start({ sasl })
    const client = await fixture.client()
    client.ignoreAnswers()
    client.send(Buffer.concat(login('PLAIN', 1).map(withLength)))
    await fixture.env.advance(1_000)
    await client.closed
    expect(fixture.cluster.counts.list('Metadata')).toEqual([])
  })

  test('F38 a session ends by the clock of the broker', async () => {
    const fixture = await Fixture.start({ sasl: { ...sasl, connectionsMaxReauthMs: 60_000 } })
    const client = new SaslClient(fixture.cluster.addresses[0]!, fixture.env)
    await fixture.env.advance(0)
    await fixture.after(client.handshake('PLAIN'))
    expect(await fixture.after(client.token(plainToken('alice', 'secret')))).toMatchObject({ sessionLifetimeMs: 60_000 })
    await fixture.env.advance(59_000)
    expect(await fixture.after(client.ask(metadata, 12, { topics: [] }))).not.toBe('closed')
    await fixture.env.advance(2_000)
    expect(await fixture.after(client.ask(metadata, 12, { topics: [] }), 10)).toBe('closed')
  })
})
