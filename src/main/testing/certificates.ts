/**
 * Certificates for tests: an authority made on the spot and what it signs, X.509 v3 (RFC 5280) with keys on P-256. Owns which
 * extensions a certificate has; knows neither files nor sockets.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { nodeEnv } from '../../shared/node-env.ts'
import * as der from './der.ts'

/** A certificate and its key, both as PEM: what `tls.createSecureContext` takes as `cert` and `key`. */
export interface KeyPair {
  cert: string
  key: string
}

/** What a certificate is to say. */
export interface CertificateOptions {
  /** The common name of its subject. */
  name: string
  /** The host names and IP addresses that it is good for; default none, as for a client. */
  hosts?: readonly string[]
  /** Default: an hour ago. */
  notBefore?: Date
  /** Default: in ten years; of an authority too. */
  notAfter?: Date
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
}

const HOUR_MS = 3_600_000
const TEN_YEARS_MS = 10 * 365 * 24 * HOUR_MS
const algorithm = der.sequence(der.oid(OID.ecdsaWithSha256))

/** Who signs: its name, its key, and the digest of that. */
interface Signer {
  name: string
  key: KeyObject
  keyId: Buffer
  wallClock: () => number
}

/** Signs certificates; clients that trust `cert` trust them all. */
export class CertificateAuthority {
  /** Its own certificate, as PEM. */
  readonly cert: string
  readonly #signer: Signer

  constructor(name = 'odradek test authority', wallClock: () => number = nodeEnv().wallClock) {
    const { privateKey, publicKey } = newKeys()
    this.#signer = { name, key: privateKey, keyId: keyIdOf(publicKey), wallClock }
    this.cert = signed(this.#signer, { name }, publicKey, [
      extension(OID.basicConstraints, true, der.sequence(der.boolean(true))),
      extension(OID.keyUsage, true, der.bitString(Buffer.of(0b0000_0110), 1)), // keyCertSign, cRLSign
    ])
  }

  /** A new key with a certificate, good for servers under `hosts` and for clients. */
  issue(options: CertificateOptions): KeyPair {
    const { privateKey, publicKey } = newKeys()
    const cert = signed(this.#signer, options, publicKey, leafExtensions(options))
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
  }
}

/** A new key with a certificate that nobody vouches for but itself. */
export function selfSigned(options: CertificateOptions): KeyPair {
  const { privateKey, publicKey } = newKeys()
  const signer = { name: options.name, key: privateKey, keyId: keyIdOf(publicKey), wallClock: nodeEnv().wallClock }
  const cert = signed(signer, options, publicKey, leafExtensions(options))
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}

function leafExtensions({ hosts = [] }: CertificateOptions): Buffer[] {
  return [
    extension(OID.basicConstraints, true, der.sequence()),
    extension(OID.keyUsage, true, der.bitString(Buffer.of(0b1000_0000), 7)), // digitalSignature
    extension(OID.extendedKeyUsage, false, der.sequence(der.oid(OID.serverAuth), der.oid(OID.clientAuth))),
    ...(hosts.length === 0 ? [] : [extension(OID.subjectAltName, false, der.sequence(...hosts.map(altName)))]),
  ]
}

function signed(
  signer: Signer,
  { name, notBefore, notAfter }: CertificateOptions,
  subject: KeyObject,
  extensions: Buffer[],
): string {
  const now = signer.wallClock()
  const from = notBefore ?? new Date(now - HOUR_MS)
  const until = notAfter ?? new Date(now + TEN_YEARS_MS)
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.of(2))), // version 3
    der.integer(randomBytes(16)),
    algorithm,
    distinguishedName(signer.name),
    der.sequence(der.time(from), der.time(until)),
    distinguishedName(name),
    subject.export({ type: 'spki', format: 'der' }),
    der.explicit(
      3,
      der.sequence(
        extension(OID.subjectKeyId, false, der.octetString(keyIdOf(subject))),
        extension(OID.authorityKeyId, false, der.sequence(der.implicit(0, signer.keyId))),
        ...extensions,
      ),
    ),
  )
  const whole = der.sequence(body, algorithm, der.bitString(sign('sha256', body, signer.key)))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function newKeys(): { privateKey: KeyObject; publicKey: KeyObject } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

const distinguishedName = (commonName: string): Buffer =>
  der.sequence(der.set(der.sequence(der.oid(OID.commonName), der.utf8String(commonName))))

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value))
}

function altName(host: string): Buffer {
  const isIp = host.includes(':') || /^\d+(\.\d+){3}$/.test(host)
  return isIp ? der.implicit(7, ipBytes(host)) : der.implicit(2, Buffer.from(host, 'latin1'))
}

function ipBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  // the URL parser knows every way to write one, and writes groups only
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}
