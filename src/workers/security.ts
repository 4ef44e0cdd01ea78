/**
 * Who this client is to brokers and how it knows them: TLS options and SASL conversations for the connections of one I/O core. Uses what
 * it was told at its start, and asks main for what only functions of the user can say. Knows no connection's state.
 */
import type { Env, TlsClient } from '../shared/env.ts'
import { isRefusal, KafkaError } from '../shared/errors.ts'
import type { Credentials, PeerAddress, SaslSettings, SecurityHost, SecuritySettings, TlsTerms } from '../shared/security.ts'
import { authenticate, type SaslTerms } from './sasl/authenticate.ts'
import type { Conversation } from './sasl/conversation.ts'
import { oauthBearer, secretsOf } from './sasl/oauth-bearer.ts'
import { plain } from './sasl/plain.ts'
import { scram } from './sasl/scram.ts'

/** A conversation that has all it needs. */
export interface Prepared {
  readonly conversation: Conversation
  /** What must not show in an error. */
  readonly secrets: readonly string[]
  /** It says what was kept from before: should that be refused, something newer may do. */
  readonly replaceable: boolean
  /** It will not be used, or failed. */
  abandon(): void
}

const nothing = (): void => {}
/** The peer is given up when main cannot say in time what is needed. */
type PatientEnv = Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>

export class Security {
  readonly #env: PatientEnv
  readonly #settings: SecuritySettings
  readonly #host: SecurityHost | undefined
  #nextConversation = 0
  /** A broker did not take the last token. */
  #refused = false

  constructor(env: PatientEnv, settings: SecuritySettings, host: SecurityHost | undefined) {
    this.#env = env
    this.#settings = settings
    this.#host = host
  }

  get authenticates(): boolean {
    return this.#settings.sasl !== undefined
  }

  /** Of the next connection; undefined: without TLS. At once, unless main has to be asked. */
  tls(peer: PeerAddress, timeoutMs: number): TlsClient | undefined | Promise<TlsClient> {
    const { tls } = this.#settings
    if (tls !== 'ask-main') return tls && this.#tlsClient(tls)
    return this.#within(timeoutMs, "the function 'tls'", 'TLS_FAILED', async () =>
      this.#tlsClient(await this.#host!.tlsTerms({ host: peer.host, port: peer.port })),
    )
  }

  #tlsClient({ options, insecure, checksIdentity }: TlsTerms): TlsClient {
    const checkIdentity: TlsClient['checkIdentity'] = async (name, certificate) => {
      const problem = await this.#host!.checkIdentity(name, certificate)
      return problem && KafkaError.fromWire(problem)
    }
    return {
      options: insecure ? { ...options, rejectUnauthorized: false } : options,
      ...(checksIdentity && { checkIdentity }),
    }
  }

  /** Gets what the conversation needs; only then is there something to send. */
  async prepare({ host, port }: PeerAddress, timeoutMs: number): Promise<Prepared> {
    const sasl = this.#settings.sasl!
    const work = () => this.#prepare(sasl, { host, port })
    return this.#within(timeoutMs, `what SASL ${sasl.mechanism} needs`, 'AUTHENTICATION_FAILED', work)
  }

  async #prepare(sasl: SaslSettings, peer: PeerAddress): Promise<Prepared> {
    const host = this.#host
    switch (sasl.kind) {
      case 'password': {
        const credentials = sasl.credentials ?? (await host!.credentials())
        return withPassword(plain(credentials), credentials)
      }
      case 'scram': {
        const credentials = sasl.credentials ?? (await host!.credentials())
        return withPassword(scram(sasl.mechanism, credentials, sasl), credentials)
      }
      case 'token': {
        const refused = this.#refused
        this.#refused = false
        const token = await host!.token(peer, refused)
        return { conversation: oauthBearer(token), secrets: secretsOf(token), replaceable: token.kept, abandon: nothing }
      }
      case 'custom':
        return this.#custom(peer)
    }
  }

  #custom(peer: PeerAddress): Prepared {
    const host = this.#host!
    const id = this.#nextConversation++
    const conversation: Conversation = async (exchange) => {
      let answer: Buffer | undefined
      for (;;) {
        const bytes = await host.converse(id, peer, answer)
        if (!bytes) return
        answer = await exchange(bytes)
      }
    }
    return { conversation, secrets: [], replaceable: false, abandon: () => void Promise.resolve(host.abandon(id)).catch(nothing) }
  }

  /** Has the conversation on the connection. Resolves with how long the broker is still content with it; 0: for ever. */
  async authenticate(terms: SaslTerms, prepared: Prepared): Promise<number> {
    const from = this.#env.now()
    const { mechanism } = this.#settings.sasl!
    const talk = () => authenticate(terms, mechanism, prepared.conversation, prepared.secrets)
    const what = `SASL ${mechanism} with ${terms.connection.broker}`
    try {
      const lifetimeMs = await this.#within(terms.timeoutMs, what, 'AUTHENTICATION_FAILED', talk)
      // the broker counts from some moment of the conversation
      return lifetimeMs > 0 ? Math.max(1, lifetimeMs - (this.#env.now() - from)) : 0
    } catch (thrown) {
      prepared.abandon()
      const error = KafkaError.from(thrown, `SASL ${mechanism}`)
      if (!isRefusal(error)) throw error
      this.#refused = true
      throw prepared.replaceable ? error.with({ retriable: true }) : error
    }
  }

  #within<T>(timeoutMs: number, what: string, code: 'TLS_FAILED' | 'AUTHENTICATION_FAILED', work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#env.setTimeout(() => {
        const text = `Waited ${timeoutMs} ms for ${what} (connectTimeoutMs). It is tried again.`
        reject(new KafkaError(code, text, { retriable: true, elapsedMs: timeoutMs }))
      }, timeoutMs)
      work()
        .then(resolve, reject)
        .finally(() => this.#env.clearTimeout(timer))
    })
  }
}

function withPassword(conversation: Conversation, { password }: Credentials): Prepared {
  return { conversation, secrets: [password], replaceable: false, abandon: nothing }
}
