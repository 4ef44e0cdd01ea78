/** What a user's `tls` comes to: options that cross threads, and what has to stay here. Knows no connection. */
import type { PeerCertificate } from 'node:tls'
import { KafkaError } from '../../shared/errors.ts'
import { tlsProblem } from '../../shared/node-env.ts'
import type { TlsData, TlsTerms } from '../../shared/security.ts'
import type { TlsOptions } from './security-options.ts'

export type IdentityCheck = (host: string, certificate: PeerCertificate) => Error | undefined

export interface ReadTls {
  terms: TlsTerms
  checkIdentity: IdentityCheck | undefined
}

/** Names that `tls.connect` knows and this client does not take, with the reason as the end of "option 'tls.…' ". */
const REFUSED = new Map([
  ['host', "is the client's to set; the addresses are in 'brokers'"],
  ['port', "is the client's to set; the addresses are in 'brokers'"],
  ['path', 'cannot be used: brokers have addresses'],
  ['socket', 'cannot be used: the client makes its own sockets'],
  ['lookup', 'cannot be used: names are looked up on another thread'],
  ['secureContext', "cannot be passed to another thread; give its parts: 'ca', 'cert', 'key'"],
  [
    'rejectUnauthorized',
    "is not taken, since it turns off the check of who a broker is without saying so; 'tls.insecure: true' does that. For a private authority give its certificate as 'tls.ca'",
  ],
])

/** @throws KafkaError INVALID_OPTION */
export function readTls(given: true | TlsOptions): ReadTls {
  if (given === true) return { terms: { options: {}, insecure: false, checksIdentity: false }, checkIdentity: undefined }
  const { insecure = false, checkServerIdentity, ...rest } = given
  if (typeof insecure !== 'boolean') throw invalid('insecure', 'must be true or false')
  const isFunction = typeof checkServerIdentity === 'function'
  if (checkServerIdentity !== undefined && !isFunction) throw invalid('checkServerIdentity', 'must be a function')
  const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  for (const [name, value] of Object.entries(options)) {
    const refusal = name === 'rejectUnauthorized' && value === true ? undefined : REFUSED.get(name)
    if (refusal) throw invalid(name, refusal)
    if (!isData(value)) throw invalid(name, 'must be plain data, since it goes to another thread')
  }
  const data = options as TlsData
  const problem = tlsProblem(data)
  if (problem !== undefined) {
    const text = `option 'tls' has certificates, keys or ciphers that cannot be used: ${problem}. See 'ca', 'cert', 'key' and 'passphrase'.`
    throw new KafkaError('INVALID_OPTION', text, { option: 'tls' })
  }
  const terms = { options: data, insecure, checksIdentity: isFunction && !insecure }
  return { terms, checkIdentity: checkServerIdentity as IdentityCheck | undefined }
}

/** A certificate as the user's function expects it: bytes lose their class on the way between threads. */
export function revived(certificate: PeerCertificate, seen = new Set<unknown>()): PeerCertificate {
  if (seen.has(certificate)) return certificate
  seen.add(certificate)
  const parts = certificate as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(parts))
    if (value instanceof Uint8Array && !Buffer.isBuffer(value))
      parts[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const { issuerCertificate } = parts
  if (issuerCertificate) revived(issuerCertificate as PeerCertificate, seen)
  return certificate
}

function isData(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}

function invalid(name: string, why: string): KafkaError {
  return new KafkaError('INVALID_OPTION', `option 'tls.${name}' ${why}.`, { option: `tls.${name}` })
}
