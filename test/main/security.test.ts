import { spawnSync } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Kafka, type KafkaError, type KafkaOptions } from '../../src/main/index.ts'
import { checkEndpoint, clientCredentials } from '../../src/main/security/oidc.ts'
import { oidcOptions } from '../../src/main/security/security-options.ts'
import { TokenSource } from '../../src/main/security/token-source.ts'
import { checkOptions } from '../../src/shared/options.ts'

const SECRET = 'geheim-4711'
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

function refusalOf(options: unknown): KafkaError {
  let made: Kafka
  try {
    made = new Kafka({ brokers: ['b:9092'], ...(options as Partial<KafkaOptions>) })
  } catch (thrown) {
    return thrown as KafkaError
  }
  ends.push(() => void made.close())
  return expect.unreachable('the options were accepted')
}

describe('N3 options', () => {
  const plain = { mechanism: 'PLAIN', username: 'alice', password: SECRET }
  it.each<[string, unknown, string, RegExp]>([
    ['PLAIN without TLS', { sasl: plain }, 'sasl.mechanism', /allowUnencrypted/],
    [
      'a token without TLS',
      { sasl: { mechanism: 'OAUTHBEARER', token: () => ({ value: 'x' }) } },
      'sasl.mechanism',
      /'tls' is not on/,
    ],
    ['no password', { tls: true, sasl: { mechanism: 'PLAIN', username: 'alice' } }, 'sasl.password', /is required with 'PLAIN'/],
    ['no token', { tls: true, sasl: { mechanism: 'OAUTHBEARER' } }, 'sasl.token', /'sasl.oidc' instead/],
    ['a token for PLAIN', { tls: true, sasl: { ...plain, token: () => ({ value: 'x' }) } }, 'sasl.token', /has no meaning/],
    ['a mechanism that is not known', { tls: true, sasl: { mechanism: 'GSSAPI' } }, 'sasl.mechanism', /SCRAM-SHA-512/],
    ['a mechanism in small letters', { tls: true, sasl: { ...plain, mechanism: 'plain' } }, 'sasl', /'PLAIN'/],
    [
      'bounds that exclude each other',
      { sasl: { ...plain, mechanism: 'SCRAM-SHA-256', minIterations: 5_000, maxIterations: 4_999 } },
      'sasl.minIterations',
      /maxIterations/,
    ],
    ['verification turned off in silence', { tls: { rejectUnauthorized: false } }, 'tls.rejectUnauthorized', /insecure/],
    ['a secure context', { tls: { secureContext: {} } }, 'tls.secureContext', /'ca', 'cert', 'key'/],
    ['a function that no thread can have', { tls: { ALPNCallback: () => undefined } }, 'tls.ALPNCallback', /plain data/],
    ['a host', { tls: { host: 'x' } }, 'tls.host', /'brokers'/],
    ['a certificate that is none', { tls: { cert: 'nonsense', key: 'nonsense' } }, 'tls', /cannot be used/],
    [
      'a token endpoint over http',
      {
        tls: true,
        sasl: {
          mechanism: 'OAUTHBEARER',
          oidc: { tokenEndpoint: 'http://issuer.example/token', clientId: 'c', clientSecret: SECRET },
        },
      },
      'sasl.oidc.tokenEndpoint',
      /https/,
    ],
    [
      'a token endpoint that is a file',
      {
        tls: true,
        sasl: { mechanism: 'OAUTHBEARER', oidc: { tokenEndpoint: 'file:///etc/passwd', clientId: 'c', clientSecret: SECRET } },
      },
      'sasl.oidc.tokenEndpoint',
      /https/,
    ],
  ])('N3: %s is refused by name', (_, options, option, text) => {
    const error = refusalOf(options)
    expect(error).toMatchObject({ code: 'INVALID_OPTION', context: { option } })
    expect(error.message).toMatch(text)
    expect(error.message).not.toContain(SECRET)
  })

  it.each<[string, unknown]>([
    ['a password that is a number', { sasl: { mechanism: 'SCRAM-SHA-256', username: 'a', password: 47_114_711 } }],
    ['a password that is too long', { sasl: { mechanism: 'SCRAM-SHA-256', username: 'a', password: SECRET.repeat(10_000) } }],
    ['a password in an address', { brokers: [`alice:${SECRET}@broker:9092`] }],
    [
      'a secret of an issuer in a list',
      { sasl: { mechanism: 'OAUTHBEARER', oidc: { tokenEndpoint: 'https://i/', clientId: 'c', clientSecret: [SECRET] } } },
    ],
  ])('IX7: %s is refused without being shown', (_, options) => {
    const error = refusalOf(options)
    expect(error.code).toBe('INVALID_OPTION')
    expect(error.message).not.toMatch(/geheim|4711/)
  })

  it('N3: what may be said in the open needs no TLS, and the option lets the rest be said there', () => {
    for (const sasl of [
      { ...plain, mechanism: 'SCRAM-SHA-256' },
      { ...plain, allowUnencrypted: true },
    ]) {
      const kafka = new Kafka({ brokers: ['b:9092'], sasl })
      ends.push(() => void kafka.close())
    }
  })
})

/** A token endpoint that answers like this. */
async function issuer(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void) {
  const asked: { authorization: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, body })
      answer(request, body, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const tokenEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
  const get = (more = {}) =>
    clientCredentials(
      checkOptions(oidcOptions, { tokenEndpoint, clientId: 'c:1', clientSecret: SECRET, ...more }, 'test'),
      () => 1_000,
    )
  return { asked, get }
}

const json = (status: number, body: unknown) => (_request: IncomingMessage, _body: string, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

describe('N3 client credentials', () => {
  it('asks with the header, the scope and further fields, and tells when the token ends', async () => {
    const { asked, get } = await issuer(json(200, { access_token: 'abc', expires_in: 60 }))
    const token = await get({ scope: 'kafka read', parameters: { audience: 'a&b' }, extensions: { logicalCluster: 'lkc-1' } })
    expect(token).toEqual({ value: 'abc', expiresAt: 61_000, extensions: { logicalCluster: 'lkc-1' } })
    expect(asked).toEqual([
      {
        authorization: `Basic ${Buffer.from(`c%3A1:${SECRET}`).toString('base64')}`,
        body: 'grant_type=client_credentials&scope=kafka+read&audience=a%26b',
      },
    ])
  })

  it('asks with the form where the option says so', async () => {
    const { asked, get } = await issuer(json(200, { access_token: 'abc' }))
    expect(await get({ clientAuthentication: 'post' })).toEqual({ value: 'abc', extensions: undefined })
    expect(asked).toEqual([
      { authorization: undefined, body: `grant_type=client_credentials&client_id=c%3A1&client_secret=${SECRET}` },
    ])
  })

  it.each<[string, Parameters<typeof issuer>[0], boolean, RegExp]>([
    [
      'a refusal',
      json(401, { error: 'invalid_client', error_description: `not ${SECRET}` }),
      false,
      /status 401 \(invalid_client: not \*\*\*\)/,
    ],
    [
      'a refusal that says what it was told',
      (request, body, response) =>
        json(400, { error: `${'-'.repeat(180)}${request.headers.authorization}` })(request, body, response),
      false,
      /status 400 \(-+Basic \w{0,9}\*\*\*/,
    ],
    ['a refusal in several lines', json(400, { error: 'a\r\nb\x1b[2J' }), false, /status 400 \(a b\[2J\)/],
    ['trouble', json(503, {}), true, /status 503/],
    ['an answer without a token', json(200, { token: 'abc' }), false, /no access_token/],
    ['an endless answer', (_r, _b, response) => void response.writeHead(200).end('x'.repeat(100_000)), true, /over 65536 bytes/],
    [
      'a redirect',
      (_r, _b, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      true,
      /gave no token/,
    ],
    ['silence', () => {}, true, /within 1000 ms \(sasl\.oidc\.timeoutMs\)/],
  ])('IX7: %s is a typed error without the secret', async (_, answer, retriable, text) => {
    const { get } = await issuer(answer)
    const error = await get({ timeoutMs: 1_000 }).then(
      () => undefined,
      (thrown: KafkaError) => thrown,
    )
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED', retriable, message: expect.stringMatching(text) })
    const wire = JSON.stringify(error!.toWire())
    expect(wire).not.toContain(SECRET)
    expect(wire).not.toContain(Buffer.from(`c%3A1:${SECRET}`).toString('base64').slice(8, 16))
  })

  it.each(['http://localhost:1/', 'http://127.0.0.1/', 'http://[::1]/', 'https://issuer.example/t'])('takes %s', (address) => {
    expect(checkEndpoint(address).href).toContain('://')
  })

  it.each(['http://localhost.example/', 'http://10.0.0.1/', 'ftp://localhost/', 'https://u:p@issuer.example/', 'nonsense'])(
    'does not take %s',
    (address) => expect(() => checkEndpoint(address)).toThrow(/https/),
  )
})

describe('F38 tokens', () => {
  const world = (get: ConstructorParameters<typeof TokenSource>[1]) => {
    const clock = { at: 0, now: () => clock.at, wallClock: () => 1_000_000 + clock.at }
    return { clock, source: new TokenSource(clock, get, 'the function', 1_000) }
  }

  it('are kept for four fifths of their life, and asked for once however many want one', async () => {
    let asked = 0
    const { clock, source } = world(() => ({ value: `t${++asked}`, expiresAt: 1_000_000 + clock.at + 10_000 }))
    const all = await Promise.all([1, 2, 3].map(() => source.token('b', false)))
    expect(all.map(({ value }) => value)).toEqual(['t1', 't1', 't1'])
    clock.at = 7_999
    expect(await source.token('b', false)).toMatchObject({ value: 't1', kept: true })
    clock.at = 8_000
    expect(await source.token('b', false)).toMatchObject({ value: 't2', kept: false })
    expect(await source.token('b', true)).toMatchObject({ value: 't3', kept: false })
  })

  it('are not kept when nothing is said of their end', async () => {
    let asked = 0
    const { source } = world(() => ({ value: `t${++asked}` }))
    await source.token('b', false)
    expect(await source.token('b', false)).toMatchObject({ value: 't2' })
  })

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /is none/],
    ['no string', { value: 1 }, /is none/],
    ['a control character', { value: 'a\x01b' }, /not a bearer token/],
    ['an end that is no time', { value: 'a', expiresAt: 'soon' }, /is none/],
    ['one that has expired', { value: 'a', expiresAt: 999_000 }, /has expired 1000 ms ago/],
    ['an extension with a control character', { value: 'a', extensions: { x: 'a\x01auth=b' } }, /extensions/],
    ["an extension 'auth'", { value: 'a', extensions: { auth: 'a' } }, /extensions/],
    ['an extension with a name that is none', { value: 'a', extensions: { 'a=b': 'a' } }, /extensions/],
  ])('%s is refused and never sent', async (_, given, text) => {
    const { source } = world(() => given as never)
    await expect(source.token('b', false)).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      retriable: false,
      message: expect.stringMatching(text),
    })
  })

  it('that never come keep the next one from nothing', async () => {
    let hangs = true
    const { source } = world(() => (hangs ? new Promise(() => {}) : { value: 'a' }))
    await expect(source.token('b', false)).rejects.toMatchObject({ retriable: true })
    hangs = false
    expect(await source.token('b', false)).toMatchObject({ value: 'a' })
  })

  it('IX7: errors of the function are not kept whole, since those of HTTP clients hold the request', async () => {
    const { source } = world(() =>
      Promise.reject(Object.assign(new Error('401'), { config: { headers: { authorization: SECRET } } })),
    )
    const error = await source.token('b', false).then(
      () => undefined,
      (thrown: KafkaError) => thrown,
    )
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect(error!.cause).toBeUndefined()
  })
})

describe('N3 AWS_MSK_IAM', () => {
  /** What the signer is asked and what comes of it, in a process where the package is this source, or is missing. */
  function sign(options: object, source?: string): { token?: object; error?: { code: string; message: string } } {
    const url = new URL('../../src/main/security/aws-msk.ts', import.meta.url).href
    const stub = `data:text/javascript,${encodeURIComponent(source ?? '')}`
    const program = `
      import { registerHooks } from 'node:module'
      if (${source !== undefined}) registerHooks({ resolve: (name, context, next) =>
        name === 'aws-msk-iam-sasl-signer-js' ? { url: ${JSON.stringify(stub)}, shortCircuit: true } : next(name, context) })
      const { awsToken } = await import(${JSON.stringify(url)})
      const told = await awsToken(${JSON.stringify(options)}).then((token) => ({ token }), ({ code, message }) => ({ error: { code, message } }))
      console.log(JSON.stringify(told))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    return stdout === '' ? expect.unreachable(stderr) : JSON.parse(stdout)
  }

  it('without its package is a typed error that names it', () => {
    const { error } = sign({ region: 'eu-central-1' })
    expect(error).toMatchObject({
      code: 'AUTHENTICATION_FAILED',
      message: expect.stringMatching(/npm install aws-msk-iam-sasl-signer-js/),
    })
  })

  it('asks the signer for what the options say', () => {
    const names = ['', 'FromProfile', 'FromRole', 'FromCredentialsProvider']
    const source = names
      .map(
        (name) =>
          `export const generateAuthToken${name} = async (o) => ({ token: '${name}' + JSON.stringify(o), expiryTime: 5 })`,
      )
      .join('\n')
    const region = 'eu-central-1'
    const signed = (options: object) => sign({ region, ...options }, source).token
    expect(signed({})).toEqual({ value: '{"region":"eu-central-1"}', expiresAt: 5 })
    expect(signed({ profile: 'p' })).toEqual({ value: 'FromProfile{"region":"eu-central-1","awsProfileName":"p"}', expiresAt: 5 })
    expect(signed({ roleArn: 'r', roleSessionName: 'me' })).toEqual({
      value: 'FromRole{"region":"eu-central-1","awsRoleArn":"r","awsRoleSessionName":"me"}',
      expiresAt: 5,
    })
  })
})
