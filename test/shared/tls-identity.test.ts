/** Who a server has to be for a connection to be up (F40): by which name it is asked for, and by which its certificate is judged. */
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { CertificateAuthority, type CertificateOptions } from '../../src/main/testing/certificates.ts'
import type { TlsClient } from '../../src/shared/env.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'

const authority = new CertificateAuthority()
const { cert: ca } = authority
const trust: TlsClient = { options: { ca } }
const servers: tls.Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

interface Meeting {
  /** `up`, or why not. */
  outcome: string
  /** The name that the server was asked for (SNI). */
  asked: string | undefined
}

/** Every name leads to this machine. */
const env = nodeEnv((_host, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
})

async function meet(
  host: string,
  certificate: CertificateOptions,
  client = trust,
  server: tls.TlsOptions = {},
): Promise<Meeting> {
  let asked: string | undefined
  const listening = tls.createServer({ ...authority.issue(certificate), ...server }, (socket) => socket.on('error', () => {}))
  listening.on('tlsClientError', () => {})
  const secured = new Promise<void>((resolve) => {
    listening.prependListener('secureConnection', (socket) => {
      asked = (socket as unknown as { servername: string | false }).servername || undefined
      resolve()
    })
  })
  servers.push(listening)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  const outcome = await new Promise<string>((resolve) => {
    const socket = env.connect(
      host,
      port,
      {
        onConnect: () => {
          resolve('up')
          setTimeout(() => socket.destroy(), 10)
        },
        onData() {},
        onClose: (error) => resolve((error as NodeJS.ErrnoException | undefined)?.code ?? 'closed'),
      },
      client,
    )
  })
  // the client is the first to know
  if (outcome === 'up') await secured
  return { outcome, asked }
}

const NOT_ITS_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID'

describe('F40, IX7 TLS', () => {
  it.each<[string, string, CertificateOptions, string | undefined]>([
    ['a name', 'kafka.test', { name: 'x', hosts: ['kafka.test'] }, 'kafka.test'],
    ['one of several names', 'kafka.test', { name: 'x', hosts: ['other.test', 'kafka.test'] }, 'kafka.test'],
    ['a name that ends with a dot', 'kafka.test.', { name: 'x', hosts: ['kafka.test'] }, 'kafka.test'],
    ['a name in other letters', 'KAFKA.test', { name: 'x', hosts: ['kafka.TEST'] }, 'KAFKA.test'],
    ['a name under an asterisk', 'b1.kafka.test', { name: 'x', hosts: ['*.kafka.test'] }, 'b1.kafka.test'],
    ['an address', '127.0.0.1', { name: 'x', hosts: ['127.0.0.1'] }, undefined],
  ])('is up with %s', async (_, host, certificate, asked) => {
    expect(await meet(host, certificate)).toEqual({ outcome: 'up', asked })
  })

  it.each<[string, string, CertificateOptions]>([
    ['another name', 'kafka.test', { name: 'x', hosts: ['other.test'] }],
    ["a name that only begins like the host's", 'kafka.test', { name: 'x', hosts: ['kafka.test.example'] }],
    ['a name two levels under an asterisk', 'a.b1.kafka.test', { name: 'x', hosts: ['*.kafka.test'] }],
    ['the name of this machine, for an address', '127.0.0.1', { name: 'localhost', hosts: ['localhost'] }],
    ['another address', '127.0.0.1', { name: 'x', hosts: ['127.0.0.2'] }],
    ['no name but that of its subject', 'kafka.test', { name: 'kafka.test' }],
    ['an address, and the name in its subject', 'kafka.test', { name: 'kafka.test', hosts: ['127.0.0.1'] }],
    ['an address in its subject', '127.0.0.1', { name: '127.0.0.1' }],
  ])('is not up when the certificate has %s', async (_, host, certificate) => {
    expect((await meet(host, certificate)).outcome).toBe(NOT_ITS_NAME)
  })

  it('is up by another name where the options say so', async () => {
    const client = { options: { ca, servername: 'kafka.test' } }
    expect(await meet('127.0.0.1', { name: 'x', hosts: ['kafka.test'] }, client)).toEqual({ outcome: 'up', asked: 'kafka.test' })
  })

  it('is not turned off by the environment', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect((await meet('kafka.test', { name: 'x', hosts: ['other.test'] })).outcome).toBe(NOT_ITS_NAME)
      expect((await meet('kafka.test', { name: 'x', hosts: ['kafka.test'] }, { options: {} })).outcome).toMatch(/^UNABLE_TO_/)
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  it('is not older than 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect((await meet('kafka.test', { name: 'x', hosts: ['kafka.test'] }, trust, old)).outcome).toMatch(
      /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    )
    const one = { maxVersion: 'TLSv1.2' } as const
    expect((await meet('kafka.test', { name: 'x', hosts: ['kafka.test'] }, trust, one)).outcome).toBe('up')
  })

  it('waits for the judge of names, who has the last word', async () => {
    const judged: string[] = []
    const by = (problem: Error | undefined): TlsClient => ({
      options: { ca },
      checkIdentity: async (host, { subjectaltname }) => {
        judged.push(`${host} ${subjectaltname}`)
        return problem
      },
    })
    const certificate = { name: 'x', hosts: ['other.test'] }
    expect((await meet('kafka.test', certificate, by(undefined))).outcome).toBe('up')
    expect((await meet('kafka.test', certificate, by(Object.assign(new Error('no'), { code: 'NO' })))).outcome).toBe('NO')
    expect(judged).toEqual(Array(2).fill('kafka.test DNS:other.test'))
    // of names only: who signed is not his business
    const stranger = { ...by(undefined), options: { ca: new CertificateAuthority('a stranger').cert } }
    expect((await meet('kafka.test', certificate, stranger)).outcome).toMatch(/^UNABLE_TO_/)
    expect(judged).toHaveLength(2)
  })
})
