import { once } from 'node:events'
import { type ConnectionOptions, connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findKafka } from './index.ts'
import { consoleConsumer, consoleProducer, type Properties } from './java-tools.ts'
import { javaSecurity, mechanisms, type SecureKafka, type SecureListener, startSecureKafka } from './secure-kafka.ts'

const { via, missing } = await findKafka()
const why = via ? '' : ` (skipped: ${[...missing.values()].join('; ')})`

describe.skipIf(via === undefined)(`a real Kafka with secure listeners${why}`, { timeout: 60_000 }, () => {
  let secure: SecureKafka
  beforeAll(async () => {
    secure = await startSecureKafka({ configs: { 'auto.create.topics.enable': true } })
  }, 300_000)
  afterAll(() => secure?.stop())

  /** Writes and reads one record with Java. */
  async function roundTrip(listener: SecureListener, properties: Properties): Promise<string> {
    const topic = `t-${Math.random()}`
    const brokers = secure.brokers(listener)
    await consoleProducer({ brokers, topic, lines: ['through'], properties: { 'max.block.ms': 10_000, ...properties } })
    const [record] = await consoleConsumer({ brokers, topic, max: 1, properties })
    return String(record?.value)
  }

  /** A TLS connection to a listener: what became of it by the time the server has answered or closed. */
  async function knock(listener: SecureListener, options: ConnectionOptions): Promise<string> {
    const [host, port] = secure.brokers(listener)[0]!.split(':')
    const socket = connect({ host, port: Number(port), servername: host!, ...options })
    try {
      await once(socket, 'secureConnect')
      // with TLS 1.3 a missing client certificate is refused only after the client took itself for connected
      const apiVersions = Buffer.from('0000000a00120000000000010000', 'hex')
      socket.write(apiVersions)
      await once(socket, 'data')
      return 'answered'
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error)
    } finally {
      socket.destroy()
    }
  }

  it.each(mechanisms)('lets the Java client in by %s and TLS, and without TLS', async (mechanism) => {
    const trust = secure.authority.cert
    expect(await roundTrip('SASL_SSL', javaSecurity({ mechanism, trust }))).toBe('through')
    expect(await roundTrip('SASL_PLAINTEXT', javaSecurity({ mechanism }))).toBe('through')
  })

  it('keeps a wrong password out', async () => {
    const properties = javaSecurity({ mechanism: 'SCRAM-SHA-512', trust: secure.authority.cert, password: 'wrong' })
    await expect(roundTrip('SASL_SSL', properties)).rejects.toThrow(/invalid credentials with SASL mechanism SCRAM-SHA-512/)
  })

  it('lets Java in by a client certificate', async () => {
    const identity = secure.authority.issue({ name: 'alice' })
    expect(await roundTrip('MTLS', javaSecurity({ trust: secure.authority.cert, identity }))).toBe('through')
  })

  it('asks for client certificates as it was told to', async () => {
    const ca = secure.authority.cert
    expect(await knock('SSL', { ca })).toBe('answered')
    expect(await knock('SSL', { ca, ...secure.authority.issue({ name: 'alice' }) })).toBe('answered')
    expect(await knock('MTLS', { ca })).toMatch(/CERTIFICATE_REQUIRED|BAD_CERTIFICATE/)
    expect(await knock('MTLS', { ca, ...secure.authority.issue({ name: 'alice' }) })).toBe('answered')
    expect(await knock('MTLS', { ca, ...secure.stranger.issue({ name: 'alice' }) })).toMatch(/CERTIFICATE_UNKNOWN|UNKNOWN_CA/)
  })

  it('shows a certificate of a stranger, one that is over, one for another host', async () => {
    const ca = secure.authority.cert
    expect(await knock('SSL', { ca: secure.stranger.cert })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    expect(await knock('EXPIRED', { ca })).toBe('CERT_HAS_EXPIRED')
    expect(await knock('MISNAMED', { ca })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })
})
