/**
 * Main's part of TLS and SASL: holds what the user gave, tells I/O threads what is plain data, and calls his functions for them. Nothing
 * else in the client sees a secret.
 */
import { nameOf } from '../../shared/address.ts'
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { Credentials, SaslSettings, SecurityHost, SecuritySettings, TlsSettings } from '../../shared/security.ts'
import { awsToken } from './aws-msk.ts'
import { type Authenticate, Conversations } from './conversations.ts'
import { checkEndpoint, clientCredentials } from './oidc.ts'
import type { CheckedSaslOptions, TlsOption, TlsOptions } from './security-options.ts'
import { type IdentityCheck, type ReadTls, readTls, revived } from './tls-terms.ts'
import { TokenSource } from './token-source.ts'

export interface SecurityOptions {
  tls?: TlsOption | undefined
  sasl?: CheckedSaslOptions | undefined
  connectTimeoutMs: number
}

type DeskEnv = Pick<Env, 'now' | 'wallClock'>

export class SecurityDesk {
  /** What I/O threads are told at their start; undefined: there is neither TLS nor SASL. */
  readonly settings: SecuritySettings | undefined
  readonly #sasl: CheckedSaslOptions | undefined
  readonly #tlsFunction: (() => TlsOptions | Promise<TlsOptions>) | undefined
  readonly #tokens: TokenSource | undefined
  #checkIdentity: IdentityCheck | undefined
  #warned = false

  /** @throws KafkaError INVALID_OPTION */
  constructor(env: DeskEnv, { tls, sasl, connectTimeoutMs }: SecurityOptions) {
    this.#sasl = sasl
    if (typeof tls === 'function') this.#tlsFunction = tls
    const tlsSettings: TlsSettings | undefined = this.#tlsFunction
      ? 'ask-main'
      : tls
        ? this.#read(tls as true | TlsOptions).terms
        : undefined
    if (sasl) checkSasl(sasl, tlsSettings !== undefined)
    this.settings = tlsSettings || sasl ? { tls: tlsSettings, sasl: sasl && saslSettings(sasl) } : undefined
    this.#tokens = sasl && tokensOf(env, sasl, connectTimeoutMs)
  }

  /** What an I/O thread may ask; undefined when it has been told all. */
  host(): SecurityHost | undefined {
    const { settings } = this
    if (!settings) return undefined
    const sasl = settings.sasl
    const asksTls = settings.tls === 'ask-main' || (settings.tls?.checksIdentity ?? false)
    const asksSasl = sasl !== undefined && !('credentials' in sasl && sasl.credentials)
    if (!asksTls && !asksSasl) return undefined
    const authenticate = this.#sasl?.authenticate as Authenticate | undefined
    const conversations = authenticate && new Conversations(authenticate, this.#sasl!.mechanism)
    return {
      tlsTerms: async () => (await this.#askTls()).terms,
      checkIdentity: async (host, certificate) => this.#identity(host, certificate),
      credentials: () => this.#credentials(),
      token: (peer, refused) => this.#tokens!.token(nameOf(peer), refused),
      converse: (id, peer, answer) => conversations!.step(id, peer, answer),
      abandon: (id) => conversations!.abandon(id),
    }
  }

  #read(tls: true | TlsOptions): ReadTls {
    const read = readTls(tls)
    this.#checkIdentity = read.checkIdentity
    if (read.terms.insecure && !this.#warned) {
      this.#warned = true
      process.emitWarning(
        "The Kafka client was told to take any server for a broker (tls.insecure): whoever is on the way can read and change everything. Give the certificate of the authority as 'tls.ca' instead.",
        { code: 'ODRADEK_TLS_INSECURE' },
      )
    }
    return read
  }

  async #askTls(): Promise<ReadTls> {
    let given: unknown
    try {
      given = await this.#tlsFunction!()
    } catch (thrown) {
      throw tlsFunctionFailed(thrown, true)
    }
    try {
      if (typeof given !== 'object' || given === null) throw new Error('it did not give an object')
      return this.#read(given as TlsOptions)
    } catch (thrown) {
      throw tlsFunctionFailed(thrown, false)
    }
  }

  #identity(host: string, certificate: Parameters<IdentityCheck>[1]): ReturnType<KafkaError['toWire']> | undefined {
    let problem: unknown
    try {
      problem = this.#checkIdentity?.(host, revived(certificate))
    } catch (thrown) {
      problem = thrown
    }
    if (problem === undefined) return undefined
    const why = problem instanceof Error ? problem.message : String(problem)
    return new KafkaError(
      'TLS_FAILED',
      `The function 'tls.checkServerIdentity' did not accept the certificate of ${host}: ${why}.`,
    ).toWire()
  }

  async #credentials(): Promise<Credentials> {
    const { username, password } = this.#sasl!
    let given: unknown
    try {
      given = typeof password === 'function' ? await password() : password
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new KafkaError('AUTHENTICATION_FAILED', `The function 'sasl.password' failed: ${why}. It is asked again.`, {
        retriable: true,
      })
    }
    if (typeof given === 'string' && given !== '') return { username: username!, password: given }
    throw new KafkaError('AUTHENTICATION_FAILED', "The function 'sasl.password' gave no string, or an empty one.")
  }
}

function tlsFunctionFailed(thrown: unknown, retriable: boolean): KafkaError {
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  const again = retriable ? ' It is asked again.' : ''
  return new KafkaError('TLS_FAILED', `The function 'tls' failed: ${why.replace(/\.$/, '')}.${again}`, {
    retriable,
    option: 'tls',
  })
}

function saslSettings(sasl: CheckedSaslOptions): SaslSettings {
  const { username, password, minIterations, maxIterations } = sasl
  const mechanism: string = sasl.mechanism
  const credentials = typeof password === 'string' ? { username: username!, password } : undefined
  if (sasl.authenticate) return { kind: 'custom', mechanism }
  switch (mechanism) {
    case 'PLAIN':
      return { kind: 'password', mechanism, credentials }
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return { kind: 'scram', mechanism, credentials, minIterations, maxIterations }
    default:
      // Amazon's tokens travel in it too
      return { kind: 'token', mechanism: 'OAUTHBEARER' }
  }
}

function tokensOf(env: DeskEnv, { mechanism, token, oidc, aws }: CheckedSaslOptions, timeoutMs: number): TokenSource | undefined {
  if (mechanism === 'AWS_MSK_IAM' && aws) return new TokenSource(env, () => awsToken(aws), "Amazon's signer", timeoutMs)
  if (oidc) return new TokenSource(env, () => clientCredentials(oidc, () => env.wallClock()), 'the token endpoint', timeoutMs)
  return token && new TokenSource(env, token, "the function 'sasl.token'", timeoutMs)
}

/** Rows that belong together: what each mechanism needs, and what it has no use for. */
function checkSasl(sasl: CheckedSaslOptions, encrypted: boolean): void {
  const { mechanism, authenticate, minIterations, maxIterations } = sasl
  if (minIterations > maxIterations) throw invalid('minIterations', "must not be above 'sasl.maxIterations'")
  const needed = authenticate ? ['authenticate'] : NEEDS.get(mechanism)
  if (!needed)
    throw invalid(
      'mechanism',
      `must be one of ${[...NEEDS.keys()].join(', ')}, or come with 'sasl.authenticate', but is '${mechanism}'`,
    )
  const given = ['username', 'password', 'token', 'oidc', 'aws', 'authenticate'].filter(
    (name) => sasl[name as keyof CheckedSaslOptions] !== undefined,
  )
  for (const name of needed) {
    const missing = name === 'token' ? !sasl.token && !sasl.oidc : !given.includes(name)
    if (missing) throw invalid(name, `is required with '${mechanism}'${name === 'token' ? ", or 'sasl.oidc' instead" : ''}`)
  }
  const extra = given.find((name) => !needed.includes(name) && !(name === 'oidc' && needed.includes('token')))
  if (extra) throw invalid(extra, `has no meaning with '${mechanism}'${authenticate ? " and 'sasl.authenticate'" : ''}`)
  if (sasl.token && sasl.oidc) throw invalid('oidc', "cannot be given together with 'sasl.token'")
  if (sasl.oidc) {
    checkEndpoint(sasl.oidc.tokenEndpoint)
    if (sasl.oidc.clientSecret === undefined) throw invalid('oidc.clientSecret', 'is required')
  }
  const telling = !mechanism.startsWith('SCRAM-') || authenticate !== undefined
  if (telling && !encrypted && !sasl.allowUnencrypted)
    throw invalid(
      'mechanism',
      `'${mechanism}' tells whoever listens what it takes to be this client, and 'tls' is not on. Set 'tls', or 'sasl.allowUnencrypted: true' where nobody can listen`,
    )
}

const NEEDS = new Map<string, readonly string[]>([
  ['PLAIN', ['username', 'password']],
  ['SCRAM-SHA-256', ['username', 'password']],
  ['SCRAM-SHA-512', ['username', 'password']],
  ['OAUTHBEARER', ['token']],
  ['AWS_MSK_IAM', ['aws']],
])

function invalid(name: string, why: string): KafkaError {
  return new KafkaError('INVALID_OPTION', `new Kafka(): option 'sasl.${name}' ${why}.`, { option: `sasl.${name}` })
}
