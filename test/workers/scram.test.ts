import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { KafkaError } from '../../src/shared/errors.ts'
import type { ScramMechanism } from '../../src/shared/security.ts'
import { oauthBearer } from '../../src/workers/sasl/oauth-bearer.ts'
import { plain } from '../../src/workers/sasl/plain.ts'
import { scram } from '../../src/workers/sasl/scram.ts'

const BOUNDS = { minIterations: 4_096, maxIterations: 1_000_000 }
const NONCE = 'rOprNGfwEbeRWgbNEkqO'

/** Answers from a list, and keeps what it was told. */
function broker(...answers: (string | ((told: string[]) => string))[]) {
  const told: string[] = []
  return {
    told,
    exchange: async (bytes: Uint8Array): Promise<Buffer> => {
      told.push(Buffer.from(bytes).toString())
      const answer = answers[told.length - 1] ?? ''
      return Buffer.from(typeof answer === 'string' ? answer : answer(told))
    },
  }
}

/** A server's final message for whatever was said, by a server that knows this password. */
function honest(password: string, mechanism: ScramMechanism = 'SCRAM-SHA-256') {
  return ([clientFirst, clientFinal]: string[], serverFirst: string): string => {
    const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
    const [, salt, iterations] = /s=([^,]+),i=(\d+)/.exec(serverFirst)!
    const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(iterations), createHash(hash).digest().length, hash)
    const serverKey = createHmac(hash, salted).update('Server Key').digest()
    const authMessage = `${clientFirst!.slice(3)},${serverFirst},${clientFinal!.replace(/,p=.*/, '')}`
    return `v=${createHmac(hash, serverKey).update(authMessage).digest('base64')}`
  }
}

const first = (rest: string) => `r=${NONCE}server,${rest}`
const talk = (password: string, exchange: (bytes: Uint8Array) => Promise<Buffer>) =>
  scram('SCRAM-SHA-256', { username: 'user', password }, BOUNDS, NONCE)(exchange)

describe('N3 SCRAM', () => {
  it("says what RFC 7677's example says, and believes its server", async () => {
    const { exchange, told } = broker(
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    )
    await talk('pencil', exchange)
    expect(told).toEqual([
      'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    ])
  })

  it('prepares names and passwords (RFC 4013), and escapes what would end the name', async () => {
    const serverFirst = first('s=c2FsdHNhbHQ=,i=4096')
    const { exchange, told } = broker(serverFirst, (said) => honest('IX', 'SCRAM-SHA-512')(said, serverFirst))
    // the roman numeral nine and a soft hyphen
    await scram('SCRAM-SHA-512', { username: 'a=b,c,\u00add', password: '\u2168\u00ad' }, BOUNDS, NONCE)(exchange)
    expect(told[0]).toBe(`n,,n=a=3Db=2Cc=2Cd,r=${NONCE}`)
  })

  it('IX7: a password that cannot be prepared is an error that does not show it', async () => {
    const { exchange, told } = broker()
    await expect(talk('geheim\u0007', exchange)).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      message: expect.not.stringContaining('geheim'),
    })
    expect(told).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['an error', 'e=unknown-user'],
    ['a nonce that is not ours', 's=c2FsdA==,i=4096'.replace(/^/, 'r=somebodyelse,')],
    ['our nonce and nothing of its own', `r=${NONCE},s=c2FsdA==,i=4096`],
    ['another order', `s=c2FsdA==,r=${NONCE}server,i=4096`],
    ['an empty salt', first('s=,i=4096')],
    ['a salt that is none', first('s=!!!!,i=4096')],
    ['no iterations', first('s=c2FsdA==')],
    ['iterations that are no number', first('s=c2FsdA==,i=4096x')],
    ['negative iterations', first('s=c2FsdA==,i=-4096')],
    ['a mandatory extension', `m=x,${first('s=c2FsdA==,i=4096')}`],
    ['far too much', first(`s=${'A'.repeat(10_000)},i=4096`)],
    ['bytes that are no text', '\xff\xfe\0'],
  ])('F41, IX7: a server that begins with %s gets nothing that was made of the password', async (_, answer) => {
    const { exchange, told } = broker(answer)
    await expect(talk('pencil', exchange)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED', retriable: false })
    expect(told).toHaveLength(1)
  })

  it.each([
    [1, 'sasl.minIterations', 4_096],
    [4_095, 'sasl.minIterations', 4_096],
    [1_000_001, 'sasl.maxIterations', 1_000_000],
    [10_000_000, 'sasl.maxIterations', 1_000_000],
    [2_000_000_000, 'sasl.maxIterations', 1_000_000],
  ])('F41, N4: %i iterations are refused at once, by the name of the option', async (iterations, option, limit) => {
    const { exchange, told } = broker(first(`s=c2FsdA==,i=${iterations}`))
    const before = process.cpuUsage()
    const error = await talk('pencil', exchange).then(
      () => undefined,
      (thrown: KafkaError) => thrown,
    )
    const { user, system } = process.cpuUsage(before)
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED', context: { option, limit, size: iterations } })
    expect(user + system).toBeLessThan(100_000)
    expect(told).toHaveLength(1)
  })

  it('F41: other bounds let other numbers pass', async () => {
    const serverFirst = first('s=c2FsdA==,i=1000')
    const { exchange } = broker(serverFirst, (said) => honest('pencil')(said, serverFirst))
    await scram(
      'SCRAM-SHA-256',
      { username: 'user', password: 'pencil' },
      { minIterations: 1_000, maxIterations: 1_000 },
      NONCE,
    )(exchange)
  })

  it.each([
    ['a forged signature', () => `v=${Buffer.alloc(32, 7).toString('base64')}`],
    ['a signature that is too short', () => 'v=AAAA'],
    ['no signature', () => ''],
    ['an empty one', () => 'v='],
    ['an error', () => 'e=invalid-proof'],
    ['the signature of another password', (said: string[], serverFirst: string) => honest('guess')(said, serverFirst)],
  ])('F41, IX7: a server that ends with %s is not believed', async (_, final) => {
    const serverFirst = first('s=c2FsdA==,i=4096')
    const { exchange } = broker(serverFirst, (said) => final(said, serverFirst))
    await expect(talk('pencil', exchange)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED', retriable: false })
  })
})

it('N3: PLAIN says name and password', async () => {
  const { exchange, told } = broker()
  await plain({ username: 'alice', password: 'geheim' })(exchange)
  expect(told).toEqual(['\0alice\0geheim'])
})

describe('N3 OAUTHBEARER', () => {
  const token = { value: 'abc.def', extensions: [['logicalCluster', 'lkc-1']] as [string, string][], kept: false }

  it('says the token and its extensions', async () => {
    const { exchange, told } = broker()
    await oauthBearer(token)(exchange)
    expect(told).toEqual(['n,,\x01auth=Bearer abc.def\x01logicalCluster=lkc-1\x01\x01'])
  })

  it('acknowledges a refusal, and gives its reason', async () => {
    const { exchange, told } = broker('{"status":"invalid_token"}')
    await expect(oauthBearer(token)(exchange)).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      message: expect.stringContaining('invalid_token'),
    })
    expect(told[1]).toBe('\x01')
  })
})
