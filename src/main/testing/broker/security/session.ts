/**
 * How far a connection's login is (KIP-152), and when it has to be renewed (KIP-368). Owns the order in which requests may come;
 * what passes between client and mechanism is the exchange's.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { apiVersions } from '../../../../shared/protocol/generated/api-versions.ts'
import { type SaslAuthenticateResponse, saslAuthenticate } from '../../../../shared/protocol/generated/sasl-authenticate.ts'
import { type SaslHandshakeResponse, saslHandshake } from '../../../../shared/protocol/generated/sasl-handshake.ts'
import { type Exchange, type Identity, LoginRefused, type SaslMechanism } from './exchange.ts'

/** What a session needs of the broker. */
export interface SaslGround {
  readonly mechanisms: readonly SaslMechanism[]
  /** How long a session lasts; 0: as long as the credential. */
  readonly connectionsMaxReauthMs: number
  now(): number
  wallClock(): number
  exchange(mechanism: SaslMechanism): Exchange
}

/** What is to become of a request: handled, answered with ILLEGAL_SASL_STATE, or the connection closed. */
export type Verdict = 'take' | 'refuse' | 'close'

type State =
  /** `versions`: ApiVersions may still come first. */
  | { name: 'handshake'; versions: boolean }
  /** `bare`: after a handshake of version 0 tokens come without a request around them. */
  | { name: 'tokens'; exchange: Exchange; mechanism: SaslMechanism; bare: boolean }
  | { name: 'open'; identity: Identity; mechanism: SaslMechanism; expiresAt: number }
  /** Nothing that comes will do. */
  | { name: 'lost' }

/** Kafka lets nobody renew a session more often. */
const MIN_REAUTH_INTERVAL_MS = 1000

export class SaslSession {
  readonly #ground: SaslGround
  #state: State = { name: 'handshake', versions: true }
  /** The session that is being renewed. */
  #before: { identity: Identity; mechanism: SaslMechanism } | undefined
  #renewalBegan = Number.NEGATIVE_INFINITY

  constructor(ground: SaslGround) {
    this.#ground = ground
  }

  /** The next frame is a token of the mechanism, and no request. */
  get takesTokens(): boolean {
    return this.#state.name === 'tokens' && this.#state.bare
  }

  get isOpen(): boolean {
    return this.#state.name === 'open'
  }

  /** A request has come. */
  admit(apiKey: number): Verdict {
    const state = this.#state
    if (state.name === 'handshake') {
      return apiKey === saslHandshake.key || (apiKey === apiVersions.key && state.versions) ? 'take' : 'close'
    }
    if (state.name === 'tokens') return apiKey === saslAuthenticate.key ? 'take' : 'refuse'
    if (state.name === 'lost') return 'close'
    const now = this.#ground.now()
    if (apiKey === saslHandshake.key && this.#mayRenew(state.expiresAt, now)) {
      this.#renewalBegan = now
      this.#before = state
      this.#state = { name: 'handshake', versions: false }
      return 'take'
    }
    return now > state.expiresAt ? 'close' : 'take'
  }

  /** ApiVersions was answered; a handshake is to follow. */
  versionsTold(): void {
    if (this.#state.name === 'handshake') this.#state.versions = false
  }

  /** The second value says whether the connection ends with this answer. Throws {@link LoginRefused} when there is to be none. */
  handshake(mechanism: string, version: number): [Draft<SaslHandshakeResponse>, boolean] {
    if (this.#state.name !== 'handshake') return [{ errorCode: ErrorCode.ILLEGAL_SASL_STATE }, false]
    const mechanisms = [...this.#ground.mechanisms]
    const known = mechanisms.find((name) => name === mechanism)
    if (known === undefined) {
      this.#state = { name: 'lost' }
      if (this.#before) throw new LoginRefused(`Unsupported SASL mechanism ${mechanism}`, 'nothing')
      return [{ errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms }, true]
    }
    // Kafka says yes to another mechanism than before, and then closes the connection on what comes next.
    const changed = this.#before !== undefined && this.#before.mechanism !== known
    this.#state = changed
      ? { name: 'lost' }
      : { name: 'tokens', exchange: this.#ground.exchange(known), mechanism: known, bare: version === 0 }
    return [{ errorCode: ErrorCode.NONE, mechanisms }, false]
  }

  /** The second value says whether the connection ends with this answer. Throws {@link LoginRefused} when there is to be none. */
  async authenticate(token: Buffer): Promise<[Draft<SaslAuthenticateResponse>, boolean]> {
    try {
      const { bytes, lifetimeMs } = await this.token(token)
      return [{ errorCode: ErrorCode.NONE, errorMessage: '', authBytes: bytes, sessionLifetimeMs: lifetimeMs }, false]
    } catch (error) {
      if (!(error instanceof LoginRefused) || error.telling === 'nothing') throw error
      return [{ errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED, errorMessage: error.message }, true]
    }
  }

  /** Throws {@link LoginRefused}, with what the client is told. */
  async token(token: Buffer): Promise<{ bytes: Buffer; lifetimeMs: number }> {
    const state = this.#state
    if (state.name !== 'tokens') throw new Error('no token was asked for')
    try {
      const { bytes, done } = await state.exchange.next(token)
      if (done) this.#checkSame(done)
      return { bytes, lifetimeMs: done ? this.#open(done, state.mechanism) : 0 }
    } catch (error) {
      this.#state = { name: 'lost' }
      if (!(error instanceof LoginRefused) || error.telling !== 'invalid') throw error
      // no reason: it might tell who is there and who is not
      const what = this.#before ? 're-authentication' : 'authentication'
      const message = `Authentication failed during ${what} due to invalid credentials with SASL mechanism ${state.mechanism}`
      throw new LoginRefused(message, 'message')
    }
  }

  #checkSame({ name }: Identity): void {
    const before = this.#before?.identity.name
    if (before === undefined || before === name) return
    const message = `Cannot change principals during re-authentication from User.${before}: User.${name}`
    throw new LoginRefused(message, 'message')
  }

  /** Gives what is left of the session, 0 for no end. */
  #open(identity: Identity, mechanism: SaslMechanism): number {
    const { connectionsMaxReauthMs: most } = this.#ground
    const { expiresAtMs } = identity
    const left = expiresAtMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, expiresAtMs - this.#ground.wallClock())
    const lifetimeMs = Math.min(left, most > 0 ? most : Number.POSITIVE_INFINITY)
    this.#state = { name: 'open', identity, mechanism, expiresAt: this.#ground.now() + lifetimeMs }
    this.#before = undefined
    return lifetimeMs === Number.POSITIVE_INFINITY ? 0 : lifetimeMs
  }

  #mayRenew(expiresAt: number, now: number): boolean {
    return expiresAt !== Number.POSITIVE_INFINITY && now - this.#renewalBegan >= MIN_REAUTH_INTERVAL_MS
  }
}
