/**
 * The tokens of a client: gets one when somebody needs it, keeps it for most of its life, and never hands on what brokers could misread.
 * Knows not where they come from.
 */
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { BearerToken } from '../../shared/security.ts'
import type { OAuthToken, TokenRequest } from './security-options.ts'

/** A token is kept for so much of the life that it had when it came: who shows it later needs some of it too. */
const KEPT_PART = 0.8

/** RFC 6750, 2.1; anything else could end the field that it is in. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/
const EXTENSION_NAME = /^[A-Za-z]+$/
const EXTENSION_VALUE = /^[\x20-\x7e]+$/
const MAX_TOKEN = 1 << 20

export type GetToken = (request: TokenRequest) => OAuthToken | Promise<OAuthToken>

export class TokenSource {
  readonly #env: Pick<Env, 'now' | 'wallClock'>
  readonly #get: GetToken
  /** Who gives them, for errors. */
  readonly #what: string
  readonly #timeoutMs: number
  #kept: { token: BearerToken; until: number } | undefined
  #coming: Promise<BearerToken> | undefined

  constructor(env: Pick<Env, 'now' | 'wallClock'>, get: GetToken, what: string, timeoutMs: number) {
    this.#env = env
    this.#get = get
    this.#what = what
    this.#timeoutMs = timeoutMs
  }

  /** `refused`: a broker did not take the last one. */
  async token(broker: string, refused: boolean): Promise<BearerToken> {
    if (refused) this.#kept = undefined
    if (this.#kept && this.#env.now() < this.#kept.until) return { ...this.#kept.token, kept: true }
    // many connections begin at once, and one token is enough for them
    this.#coming ??= this.#fetch(broker).finally(() => {
      this.#coming = undefined
    })
    return this.#coming
  }

  async #fetch(broker: string): Promise<BearerToken> {
    let given: OAuthToken
    try {
      given = await this.#inTime(broker)
    } catch (thrown) {
      if (thrown instanceof KafkaError) throw thrown
      // not as the cause: errors of HTTP clients hold the request with its secrets
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      throw new KafkaError('AUTHENTICATION_FAILED', `${capitalised(this.#what)} failed: ${why}. It is asked again.`, {
        retriable: true,
      })
    }
    const token = this.#checked(given)
    const expiresAt = Number(given.expiresAt)
    if (given.expiresAt !== undefined) {
      const left = expiresAt - this.#env.wallClock()
      if (!(left > 0)) throw this.#unusable(`has expired ${Math.round(-left)} ms ago`, 'Is the clock of this machine right?')
      this.#kept = { token, until: this.#env.now() + left * KEPT_PART }
    }
    return token
  }

  /** One that never comes must not keep the next one from being asked for. */
  #inTime(broker: string): Promise<OAuthToken> {
    const signal = AbortSignal.timeout(this.#timeoutMs)
    const { promise, resolve, reject } = Promise.withResolvers<OAuthToken>()
    const late = (): void => reject(new Error(`it gave nothing within ${this.#timeoutMs} ms (connectTimeoutMs)`))
    signal.addEventListener('abort', late, { once: true })
    // it may throw before it gives a promise
    new Promise<OAuthToken>((settle) => settle(this.#get({ broker, signal }))).then(resolve, reject)
    return promise.finally(() => signal.removeEventListener('abort', late))
  }

  #checked(given: unknown): BearerToken {
    const { value, expiresAt, extensions } = (given ?? {}) as OAuthToken
    const isTime = expiresAt === undefined || expiresAt instanceof Date || typeof expiresAt === 'number'
    if (typeof value !== 'string' || !isTime || Number.isNaN(Number(expiresAt ?? 0)))
      throw this.#unusable('is none', 'It has to be an object with a string as value, and a time or nothing as expiresAt.')
    if (value.length > MAX_TOKEN || !TOKEN.test(value))
      throw this.#unusable('is not a bearer token', 'It may have letters, digits and -._~+/ only (RFC 6750).')
    const entries = extensions instanceof Map ? [...extensions] : Object.entries(extensions ?? {})
    for (const [name, text] of entries) {
      if (!EXTENSION_NAME.test(name) || name === 'auth' || typeof text !== 'string' || !EXTENSION_VALUE.test(text))
        throw this.#unusable(
          'has extensions that cannot be sent',
          "Their names are letters, none is 'auth', and their values are printable ASCII (RFC 7628).",
        )
    }
    return { value, extensions: entries as [string, string][], kept: false }
  }

  #unusable(why: string, advice: string): KafkaError {
    return new KafkaError('AUTHENTICATION_FAILED', `The token that ${this.#what} gave ${why}. ${advice}`)
  }
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
