import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type BrokerOptions,
  type BrokerTls,
  CertificateAuthority,
  type EmbeddedBroker,
  startBroker,
} from '../../../src/main/testing/index.ts'
import { quickBroker } from '../../support/quick.ts'

const apiVersions = Buffer.from('0000000a00120000000000010000', 'hex')
const brokers: EmbeddedBroker[] = []
const sockets: TLSSocket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(brokers.splice(0).map((broker) => broker.close()))
})

async function start(tls: true | BrokerTls, options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const broker = await startBroker({ ...quickBroker, ...options, tls })
  brokers.push(broker)
  return broker
}

function open(broker: EmbeddedBroker, options: ConnectionOptions = {}): TLSSocket {
  const [host, port] = broker.brokers[0]!.split(':')
  const socket = connect({ host, port: Number(port), servername: 'localhost', ca: broker.ca, ...options })
  sockets.push(socket)
  return socket
}

/** `answered`, or why not. */
async function asked(socket: TLSSocket): Promise<string> {
  try {
    if (!socket.authorized && socket.connecting) await once(socket, 'secureConnect')
    socket.write(apiVersions)
    return await Promise.race([once(socket, 'data').then(() => 'answered'), once(socket, 'close').then(() => 'closed')])
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

const knock = (broker: EmbeddedBroker, options: ConnectionOptions = {}) => asked(open(broker, options))

describe('N3 an embedded broker with TLS', () => {
  test('is trusted by its authority only, under its names only', async () => {
    const broker = await start(true)
    expect(await knock(broker)).toBe('answered')
    expect(await knock(broker, { servername: '', host: '127.0.0.1' })).toBe('answered')
    expect(await knock(broker, { ca: new CertificateAuthority('a stranger').cert })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    expect(await knock(broker, { servername: 'elsewhere.example' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('takes TLS 1.2 and 1.3, and nothing older', async () => {
    const broker = await start(true)
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = open(broker, { minVersion: version, maxVersion: version })
      expect([await asked(socket), socket.getProtocol()]).toEqual(['answered', version])
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect(await knock(broker, old)).toMatch(/PROTOCOL_VERSION/)
  })

  test('`hosts` are those of its certificate', async () => {
    const broker = await start({ hosts: ['kafka.example'] })
    expect(await knock(broker, { servername: 'kafka.example' })).toBe('answered')
    expect(await knock(broker)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('`cert` and `key` are shown as they are given', async () => {
    const authority = new CertificateAuthority('another')
    const broker = await start(authority.issue({ name: 'given', hosts: ['localhost'] }))
    expect(await knock(broker, { ca: authority.cert })).toBe('answered')
    expect(await knock(broker)).not.toBe('answered')
  })

  test('`clientAuth` says who has to show a certificate, `ca` which ones are good', async () => {
    const authority = new CertificateAuthority('of clients')
    const stranger = new CertificateAuthority('a stranger').issue({ name: 'alice' })
    const [none, requested, required] = await Promise.all([
      start({ clientAuth: 'none' }),
      start({ clientAuth: 'requested' }),
      start({ clientAuth: 'required', ca: authority.cert }),
    ])
    for (const broker of [none, requested]) expect(await knock(broker)).toBe('answered')
    expect(await knock(required)).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
    expect(await knock(none, stranger)).toBe('answered')
    for (const broker of [requested, required]) expect(await knock(broker, stranger)).toMatch(/closed|ECONNRESET/)
    expect(await knock(requested, requested.issueCertificate({ name: 'alice' }))).toBe('answered')
    expect(await knock(required, authority.issue({ name: 'alice' }))).toBe('answered')
    expect(await knock(required, required.issueCertificate({ name: 'alice' }))).toMatch(/closed|ECONNRESET/)
  })

  test('F40 another certificate is for new connections', async () => {
    const broker = await start(true, { nodes: 2 })
    const before = open(broker)
    expect(await asked(before)).toBe('answered')
    const hosts = ['localhost']
    await broker.changeCertificate(broker.issueCertificate({ name: 'old', hosts, notAfter: new Date(Date.now() - 60_000) }))
    expect(await knock(broker)).toBe('CERT_HAS_EXPIRED')
    before.write(apiVersions)
    await once(before, 'data')
    await broker.changeCertificate(broker.issueCertificate({ name: 'new', hosts }))
    const after = open(broker)
    expect([await asked(after), after.getPeerCertificate().subject.CN]).toEqual(['answered', 'new'])
    await broker.kill(1)
    await broker.revive(1)
    const again = open(broker)
    expect([await asked(again), again.getPeerCertificate().subject.CN]).toEqual(['answered', 'new'])
    await expect(broker.changeCertificate({ cert: 'nonsense', key: 'nonsense' })).rejects.toThrow()
    expect(await knock(broker)).toBe('answered')
  })

  test('a node that stops breaks connections, those in the middle of a handshake too', async () => {
    const broker = await start(true)
    const socket = open(broker)
    expect(await asked(socket)).toBe('answered')
    const [host, port] = broker.brokers[0]!.split(':')
    const half = connectPlain(Number(port), host)
    await once(half, 'connect')
    await sleep(50)
    const ends = Promise.all([once(socket, 'close'), once(half, 'close')])
    half.on('error', () => {})
    socket.on('error', () => {})
    half.resume()
    await broker.kill(1)
    await ends
  })

  test('plain text is not answered', async () => {
    const broker = await start(true)
    const [host, port] = broker.brokers[0]!.split(':')
    const socket = connectPlain(Number(port), host)
    socket.on('error', () => {})
    socket.write(apiVersions)
    socket.resume()
    await once(socket, 'close')
    expect(await knock(broker)).toBe('answered')
  })

  test.each<[string, BrokerOptions, RegExp]>([
    ['an unknown option', { tls: { kert: 'x' } as BrokerTls }, /unknown option 'kert'; did you mean 'cert'\?/],
    ['a certificate without key', { tls: { cert: 'x' } }, /'key' is missing/],
    ['a key without certificate', { tls: { key: 'x' } }, /'cert' is missing/],
    ['a word that is none', { tls: { clientAuth: 'always' as 'none' } }, /option 'clientAuth' must be one of/],
    ['false', { tls: false as unknown as true }, /option 'tls' must be true or an object/],
    ['a mechanism that is none', { sasl: { mechanisms: ['GSSAPI' as 'PLAIN'] } }, /option 'mechanisms' must be a list of PLAIN/],
    [
      'no password',
      { sasl: { users: { alice: '' } } },
      /option 'users' must be an object or a Map with a password for each user/,
    ],
    ['no function', { sasl: { validateToken: 'x' as never } }, /option 'validateToken' must be a function/],
    ['a negative time', { sasl: { connectionsMaxReauthMs: -1 } }, /option 'connectionsMaxReauthMs' must be a whole number/],
  ])('refuses %s', async (_what, options, why) => {
    const error = await startBroker(options).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringMatching(why) })
  })

  test('a key that is none is an error that says so, and no thread stays', async () => {
    await expect(startBroker({ tls: { cert: 'nonsense', key: 'nonsense' } })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringMatching(/cannot listen/),
    })
  })

  test('certificates without TLS are an error', async () => {
    await using broker = await startBroker()
    expect(() => broker.ca).toThrow(/without the option 'tls'/)
    expect(() => broker.issueCertificate({ name: 'x' })).toThrow(/without the option 'tls'/)
    await expect(broker.changeCertificate({ cert: 'x', key: 'x' })).rejects.toThrow(/without TLS/)
  })
})
