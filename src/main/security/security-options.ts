/** The options of TLS and SASL. Each is one row; knows what is allowed, not what it does. Rules across rows are in `security-desk.ts`. */
import type { ConnectionOptions } from 'node:tls'
import * as v from 'valibot'
import {
  choice,
  flag,
  integer,
  isTable,
  milliseconds,
  optionalText,
  passed,
  secret,
  subTable,
  textType,
} from '../../shared/options.ts'

/** As of `tls.connect`, without what is the client's to choose. */
export type TlsOptions = Omit<
  ConnectionOptions,
  'host' | 'port' | 'path' | 'socket' | 'lookup' | 'secureContext' | 'rejectUnauthorized' | 'pskCallback'
> & {
  /**
   * Talks to any server, whoever it is: nothing of its certificate is checked, and whoever is on the way can read and change everything. The
   * process is warned. Default false.
   */
  insecure?: boolean
}

/** A token for OAUTHBEARER. */
export interface OAuthToken {
  value: string
  /** When it ends, in milliseconds since 1970 or as a Date; left out, it is asked for anew for each authentication. */
  expiresAt?: number | Date | undefined
  /** What the broker is told beside it (KIP-342), such as `logicalCluster`. */
  extensions?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined
}

/** What the function `token` is asked with. */
export interface TokenRequest {
  /** `host:port` of the broker that it is for; a token that is kept goes to others too. */
  broker: string
  /** Aborted when the client waits no more, after `connectTimeoutMs`. */
  signal: AbortSignal
}

/** The conversation of a mechanism of your own with one broker. */
export interface SaslSession {
  readonly mechanism: string
  readonly host: string
  readonly port: number
  /** Sends bytes to the broker and gives its answer. Rejects when the broker refuses, or the connection has ended. */
  send(bytes: Uint8Array): Promise<Buffer>
  /** Aborted when the conversation is over before its end. */
  readonly signal: AbortSignal
}

const KNOWN_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'] as const
export type KnownMechanism = (typeof KNOWN_MECHANISMS)[number]

function aFunction<T>(type: string, description: string) {
  return passed<T>((value) => typeof value === 'function', type, 'a function', description)
}

function texts(description: string) {
  return passed<Readonly<Record<string, string>>>(
    isTextTable,
    'Record<string, string>',
    'an object with strings only',
    description,
  )
}

/** `sasl.oidc` of the client. */
export const oidcOptions = v.strictObject({
  tokenEndpoint: textType(
    { min: 1, max: 2_048 },
    'Where tokens are issued: an `https:` address; `http:` on this machine only. Redirects are not followed.',
  ),
  clientId: textType({ min: 1, max: 1_024 }, 'The client that the issuer knows.'),
  clientSecret: secret('Its secret, or a function that gives it whenever a token is asked for. Required.'),
  scope: optionalText({ min: 1, max: 4_096 }, 'The scopes to ask for, with spaces between.'),
  clientAuthentication: choice(
    'basic',
    ['basic', 'post'],
    'How the secret is sent: as the header Authorization, or as a field of the form.',
  ),
  parameters: texts('Further fields of the form, such as `audience` or `resource`.'),
  extensions: texts('What brokers are told beside the token (KIP-342), such as `logicalCluster` and `identityPoolId`.'),
  timeoutMs: milliseconds(10_000, { min: 1 }, 'How long the issuer may take.'),
})

/** `sasl.aws` of the client. */
export const awsOptions = v.strictObject({
  region: textType({ min: 1, max: 64 }, 'The region of the cluster, such as `eu-central-1`.'),
  profile: optionalText(
    { min: 1, max: 256 },
    "A profile of the shared configuration; left out, the SDK's own chain of credentials.",
  ),
  roleArn: optionalText({ min: 1, max: 2_048 }, 'A role to assume.'),
  roleSessionName: optionalText({ min: 2, max: 64 }, 'The name of the session of that role.'),
  credentials: aFunction<() => Promise<unknown>>(
    'function',
    'A provider of credentials as of `@aws-sdk/credential-providers`, in place of profile and role.',
  ),
})

/** `sasl` of the client. */
export const saslOptions = v.strictObject({
  mechanism: v.pipe(
    v.custom<KnownMechanism | (string & {})>((value) => typeof value === 'string' && /^[A-Z0-9][A-Z0-9_-]{0,39}$/.test(value)),
    v.description('How this client shows who it is; with `authenticate` a name of your own.'),
    v.metadata({
      type: 'string',
      bounds: KNOWN_MECHANISMS.map((name) => `'${name}'`).join(', '),
      allowed: `one of ${KNOWN_MECHANISMS.map((name) => `'${name}'`).join(', ')}, or with 'authenticate' another name in capitals`,
    }),
  ),
  username: optionalText({ min: 1, max: 1_024 }, 'For PLAIN and SCRAM.'),
  password: secret('For PLAIN and SCRAM, or a function that gives it for each authentication.'),
  token: aFunction<(request: TokenRequest) => OAuthToken | Promise<OAuthToken>>(
    'function',
    'For OAUTHBEARER: gives `{ value, expiresAt?, extensions? }`. A token is kept for four fifths of its life.',
  ),
  oidc: v.optional(
    subTable(
      oidcOptions,
      { type: 'object', what: 'an object with tokenEndpoint, clientId and clientSecret' },
      'For OAUTHBEARER instead of `token`: gets tokens from an issuer with client credentials (RFC 6749, 4.4).',
    ),
  ),
  aws: v.optional(
    subTable(
      awsOptions,
      { type: 'object', what: 'an object with a region' },
      'For AWS_MSK_IAM, which needs the package `aws-msk-iam-sasl-signer-js`.',
    ),
  ),
  authenticate: aFunction<(session: SaslSession) => Promise<void>>(
    'function',
    'A mechanism of your own: has the conversation, and resolves when it is content with the broker.',
  ),
  minIterations: integer(
    4_096,
    { min: 1, max: 1_000_000_000 },
    'A broker that asks for fewer rounds of SCRAM is not told anything.',
  ),
  maxIterations: integer(
    1_000_000,
    { min: 1, max: 1_000_000_000 },
    'A broker that asks for more rounds of SCRAM is not told anything: it may only want to keep this client busy.',
  ),
  allowUnencrypted: flag(
    false,
    'Lets PLAIN, OAUTHBEARER, AWS_MSK_IAM and mechanisms of your own be used without `tls`, where whoever listens gets the password or the token.',
  ),
})

export const securityRows = {
  tls: passed<boolean | TlsOptions | (() => TlsOptions | Promise<TlsOptions>)>(
    (value) => typeof value === 'boolean' || typeof value === 'function' || isTable(value),
    'boolean | object | function',
    'true, false, an object with options of tls.connect, or a function that gives one',
    'Encrypts all connections and checks that brokers are who they should be: `true` with the authorities that Node.js trusts, an object with options of `tls.connect` such as `ca`, `cert` and `key`, or a function that gives one for each new connection, so that certificates are renewed without a restart. See [security.md](security.md).',
  ),
  sasl: v.optional(
    subTable(
      saslOptions,
      { type: 'object', what: "an object with a 'mechanism'" },
      'How this client shows brokers who it is. See [security.md](security.md).',
    ),
  ),
}

export type SaslOptions = v.InferInput<typeof saslOptions>
export type CheckedSaslOptions = Readonly<v.InferOutput<typeof saslOptions>>
export type CheckedOidcOptions = Readonly<v.InferOutput<typeof oidcOptions>>
export type CheckedAwsOptions = Readonly<v.InferOutput<typeof awsOptions>>
export type TlsOption = v.InferOutput<(typeof securityRows)['tls']>

function isTextTable(value: unknown): boolean {
  return isTable(value) && Object.values(value as object).every((text) => typeof text === 'string')
}
