/**
 * A real Kafka with a listener for every kind of security, and what tests need to get in and to be kept out: authorities,
 * certificates, users, tokens. Owns those and the configs of the listeners; how a Kafka is started is `index.ts`.
 */
import { CertificateAuthority, type KeyPair, selfSigned } from '../../src/main/testing/certificates.ts'
import { type Configs, type ListenerOptions, type RealKafka, type StartOptions, startKafka } from './index.ts'

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const
export type Mechanism = (typeof mechanisms)[number]

/** Users of PLAIN and of both kinds of SCRAM: name and password. */
export const users: ReadonlyMap<string, string> = new Map([
  ['alice', 'alice-secret'],
  ['bob', 'bob-secret'],
])

/**
 * SASL_SSL and SASL_PLAINTEXT know all mechanisms; SASL_SHORT is SASL_SSL with sessions of
 * `sessionMs`, SASL_QUICK the same without TLS. SSL asks for a client certificate
 * and does without one, MTLS insists. The others are as SSL, with a certificate that is not as it should be, see {@link flawed}.
 */
export type SecureListener = 'SASL_SSL' | 'SASL_PLAINTEXT' | 'SASL_SHORT' | 'SASL_QUICK' | 'SSL' | 'MTLS' | Flaw

const flaws = ['EXPIRED', 'FUTURE', 'MISNAMED', 'NAMED_IN_SUBJECT', 'SELF_SIGNED'] as const
export type Flaw = (typeof flaws)[number]

const HOUR_MS = 3_600_000

/** Certificates that are over, not valid yet, for another host, with the host's name in the subject only, and signed by nobody else. */
export function flawed(authority: CertificateAuthority, hosts: readonly string[]): Record<Flaw, KeyPair> {
  const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS)
  return {
    EXPIRED: authority.issue({ name: 'kafka', hosts, notBefore: inHours(-48), notAfter: inHours(-24) }),
    FUTURE: authority.issue({ name: 'kafka', hosts, notBefore: inHours(24), notAfter: inHours(48) }),
    MISNAMED: authority.issue({ name: 'kafka', hosts: ['kafka.example'] }),
    NAMED_IN_SUBJECT: authority.issue({ name: 'localhost' }),
    SELF_SIGNED: selfSigned({ name: 'kafka', hosts }),
  }
}

export interface SecureKafka {
  readonly kafka: RealKafka
  /** The authority of all listeners and of clients that MTLS lets in; certificates for clients come from `authority.issue({ name })`. */
  readonly authority: CertificateAuthority
  /** An authority that no listener knows, and none has a certificate of. */
  readonly stranger: CertificateAuthority
  /** Bootstrap addresses, `localhost:port`. */
  brokers(listener: SecureListener): string[]
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface SecureOptions extends Omit<StartOptions, 'listeners' | 'nodes'> {
  nodes?: 1 | 3
  /** `connections.max.reauth.ms` of SASL_SHORT and SASL_QUICK; default 2 s. */
  sessionMs?: number
}

/** Certificates are made by us, so that no machine needs openssl or keytool; Kafka takes them as PEM in its configs. */
function keyStore({ cert, key }: KeyPair): Configs {
  return { 'ssl.keystore.type': 'PEM', 'ssl.keystore.certificate.chain': cert, 'ssl.keystore.key': key }
}

function trustStore({ cert }: CertificateAuthority): Configs {
  return { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': cert }
}

/** OAUTHBEARER takes unsecured tokens, as Kafka does for development: see `unsecuredToken`. */
function sasl(): Configs {
  const plain = [...users].map(([name, password]) => ` user_${name}="${password}"`).join('')
  const module = 'org.apache.kafka.common.security'
  return {
    'sasl.enabled.mechanisms': mechanisms.join(','),
    'plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required${plain};`,
    'scram-sha-256.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'scram-sha-512.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'oauthbearer.sasl.jaas.config': `${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  }
}

function listenersOf(authority: CertificateAuthority, sessionMs: number): Map<SecureListener, ListenerOptions> {
  const host = 'localhost'
  const hosts = [host, '127.0.0.1', '::1']
  const good = { ...keyStore(authority.issue({ name: 'kafka', hosts })), ...trustStore(authority) }
  const bad = flawed(authority, hosts)
  const short = Object.fromEntries(mechanisms.map((name) => [`${name.toLowerCase()}.connections.max.reauth.ms`, sessionMs]))
  return new Map<SecureListener, ListenerOptions>([
    ['SASL_SSL', { protocol: 'SASL_SSL', host, configs: { ...good, ...sasl() } }],
    ['SASL_PLAINTEXT', { protocol: 'SASL_PLAINTEXT', host, configs: sasl() }],
    ['SASL_SHORT', { protocol: 'SASL_SSL', host, configs: { ...good, ...sasl(), ...short } }],
    ['SASL_QUICK', { protocol: 'SASL_PLAINTEXT', host, configs: { ...sasl(), ...short } }],
    ['SSL', { protocol: 'SSL', host, configs: { ...good, 'ssl.client.auth': 'requested' } }],
    ['MTLS', { protocol: 'SSL', host, configs: { ...good, 'ssl.client.auth': 'required' } }],
    ...flaws.map((flaw) => [flaw, { protocol: 'SSL' as const, host, configs: { ...good, ...keyStore(bad[flaw]) } }] as const),
  ])
}

/** Rejects with KafkaUnavailable where `startKafka` does. */
export async function startSecureKafka(options: SecureOptions = {}): Promise<SecureKafka> {
  const { sessionMs = 2_000, nodes = 1, ...rest } = options
  const authority = new CertificateAuthority()
  const scramUsers = [...users].flatMap(([name, password]) =>
    (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).map((mechanism) => ({ mechanism, name, password })),
  )
  // nobody else's cluster can be given listeners
  const via = process.env['KAFKA_BROKERS'] && !process.env['ODRADEK_KAFKA_VIA'] ? 'maven' : undefined
  const kafka = await startKafka({
    ...(via && { via }),
    ...rest,
    nodes,
    scramUsers,
    listeners: listenersOf(authority, sessionMs),
  })
  return {
    kafka,
    authority,
    stranger: new CertificateAuthority('a stranger'),
    brokers: (listener) => kafka.listener(listener),
    stop: () => kafka.stop(),
    [Symbol.asyncDispose]: () => kafka.stop(),
  }
}

export interface TokenOptions {
  /** Default `alice`. */
  subject?: string
  /** Negative: it has expired. Default one hour. */
  lifetimeMs?: number
  /** More claims, or others. */
  claims?: Readonly<Record<string, unknown>>
}

/** A JSON Web Token without a signature (algorithm `none`), as the listeners take it. */
export function unsecuredToken({ subject = 'alice', lifetimeMs = 3_600_000, claims = {} }: TokenOptions = {}): string {
  const now = Date.now() / 1000
  const issued = Math.min(now, now + lifetimeMs / 1000 - 1)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: issued, exp: now + lifetimeMs / 1000, ...claims })}.`
}

export interface JavaLogin {
  mechanism?: Mechanism
  user?: string
  password?: string
  /** TLS: whose certificates to trust; left out: no TLS. */
  trust?: string
  /** The client's own certificate. */
  identity?: KeyPair
}

/** Configs of a Java client that logs in so. */
export function javaSecurity({ mechanism, user = 'alice', password, trust, identity }: JavaLogin): Configs {
  const protocol = `${mechanism ? 'SASL_' : ''}${trust ? 'SSL' : 'PLAINTEXT'}`
  const tls = trust && { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': trust }
  const module = { PLAIN: 'plain.Plain', OAUTHBEARER: 'oauthbearer.OAuthBearer' }[mechanism as string] ?? 'scram.Scram'
  const credential =
    mechanism === 'OAUTHBEARER'
      ? `unsecuredLoginStringClaim_sub="${user}"`
      : `username="${user}" password="${password ?? users.get(user)}"`
  const login = mechanism && {
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': `org.apache.kafka.common.security.${module}LoginModule required ${credential};`,
  }
  return { 'security.protocol': protocol, ...tls, ...(identity && keyStore(identity)), ...login }
}
