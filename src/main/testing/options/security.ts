/** The options of TLS and SASL: who may come in, and what the broker shows of itself. */
import * as v from 'valibot'
import { KafkaError } from '../../../shared/errors.ts'
import { checkOptions, choice, integer, optionalText, passed } from '../../../shared/options.ts'
import { type SaslMechanism, saslMechanisms } from '../broker/security/exchange.ts'
import type { ValidateToken } from '../security.ts'
import { isNames, isObject } from './kinds.ts'

/** Which certificate the broker shows, and which it wants to see; docs/testing.md has the table. */
export interface BrokerTls {
  cert?: string
  key?: string
  hosts?: readonly string[]
  ca?: string
  clientAuth?: 'none' | 'requested' | 'required'
}

/** Who may come in; docs/testing.md has the table. */
export interface BrokerSasl {
  mechanisms?: readonly SaslMechanism[]
  users?: Readonly<Record<string, string>> | ReadonlyMap<string, string>
  validateToken?: ValidateToken
  connectionsMaxReauthMs?: number
}

function isUsers(value: unknown): boolean {
  if (!isObject(value)) return false
  const entries = value instanceof Map ? [...value] : Object.entries(value as object)
  return entries.every(
    ([name, password]) => typeof name === 'string' && name !== '' && typeof password === 'string' && password !== '',
  )
}

const pem = { min: 1, max: 1024 * 1024 }

export const tlsSchema = v.strictObject({
  cert: optionalText(
    pem,
    "The nodes' certificate as PEM, with those between it and its authority. Default: one that is made at start.",
  ),
  key: optionalText(pem, 'Its key as PEM.'),
  hosts: passed<readonly string[]>(
    isNames,
    'string[]',
    'a list of names and addresses',
    'The host names and IP addresses that the certificate made at start is good for. Default: localhost, 127.0.0.1, ::1 and `host`.',
  ),
  ca: optionalText(
    pem,
    'Whose client certificates are taken, as PEM. Default: those of the authority made at start, from `broker.issueCertificate()`.',
  ),
  clientAuth: choice(
    'none',
    ['none', 'requested', 'required'],
    'Whether clients are to show a certificate (`ssl.client.auth`). `requested`: who has none comes in as well.',
  ),
})

export const saslSchema = v.strictObject({
  mechanisms: passed<readonly SaslMechanism[]>(
    (value) => isNames(value) && (value as SaslMechanism[]).every((name) => saslMechanisms.includes(name)),
    'string[]',
    `a list of ${saslMechanisms.join(', ')}`,
    `Which mechanisms there are (\`sasl.enabled.mechanisms\`): ${saslMechanisms.join(', ')}. Default: all of them.`,
  ),
  users: passed<Readonly<Record<string, string>> | ReadonlyMap<string, string>>(
    isUsers,
    'object | Map',
    'an object or a Map with a password for each user',
    'The password of each user, for PLAIN and SCRAM. More SCRAM users come by `admin.alterUserScramCredentials()`.',
  ),
  validateToken: passed<ValidateToken>(
    (value) => typeof value === 'function',
    'function',
    'a function',
    'Judges the tokens of OAUTHBEARER: gives `{ principal, expiresAtMs? }`, or nothing (or throws) to keep somebody out. Default: tokens without a signature are taken when they have not expired, as by a Kafka without validator.',
  ),
  connectionsMaxReauthMs: integer(
    0,
    { min: 0, max: 86_400_000 },
    'How long a session lasts before the client has to log in again (`connections.max.reauth.ms`, KIP-368); 0: for ever. With OAUTHBEARER it never lasts longer than the token.',
  ),
})

export type CheckedTls = v.InferOutput<typeof tlsSchema>
export type CheckedSasl = v.InferOutput<typeof saslSchema>

/** What the caller wants of TLS and SASL, checked; `where` says whose options these are. Throws INVALID_OPTION. */
export function checkSecurity(
  input: { tls?: unknown; sasl?: unknown },
  where: string,
): {
  tls: CheckedTls | undefined
  sasl: CheckedSasl | undefined
} {
  const { tls: wishes, sasl: login } = input
  const tls = wishes === undefined ? undefined : checkOptions(tlsSchema, wishes === true ? {} : wishes, `${where}: tls`)
  if (tls && (tls.cert === undefined) !== (tls.key === undefined)) {
    const option = tls.cert === undefined ? 'cert' : 'key'
    throw new KafkaError('INVALID_OPTION', `${where}: tls: 'cert' and 'key' belong together, but '${option}' is missing.`, {
      option,
    })
  }
  return { tls, sasl: login === undefined ? undefined : checkOptions(saslSchema, login, `${where}: sasl`) }
}
