/** SASL of a whole cluster: which mechanisms there are, who may come in. Makes the sessions of connections. */
import type { Env } from '../../../../shared/env.ts'
import { type Exchange, type Identity, type SaslMechanism, saslMechanisms } from './exchange.ts'
import { type JudgeToken, OAuthBearerExchange } from './oauthbearer.ts'
import { PlainExchange } from './plain.ts'
import { ScramExchange } from './scram.ts'
import type { ScramUsers } from './scram-users.ts'
import { type SaslGround, SaslSession } from './session.ts'
import { unsecuredIdentity } from './unsecured-jwt.ts'

/** Plain data, but for `judge`. */
export interface SaslSettings {
  mechanisms: readonly SaslMechanism[]
  /** Passwords by user: of PLAIN, and as SCRAM credentials to begin with. */
  users: ReadonlyMap<string, string>
  connectionsMaxReauthMs: number
  /** Left out: unsecured tokens are taken, as Kafka does when nobody configured more. */
  judge?: JudgeToken
}

export class Sasl implements SaslGround {
  readonly mechanisms: readonly SaslMechanism[]
  readonly connectionsMaxReauthMs: number
  readonly #env: Env
  readonly #users: ReadonlyMap<string, string>
  readonly #scramUsers: ScramUsers
  readonly #judge: JudgeToken
  readonly #newNonce: () => string

  constructor(env: Env, settings: SaslSettings, scramUsers: ScramUsers, newNonce: () => string) {
    this.#env = env
    // in one order, as Kafka tells them in whatever order its set has
    this.mechanisms = saslMechanisms.filter((name) => settings.mechanisms.includes(name))
    this.connectionsMaxReauthMs = settings.connectionsMaxReauthMs
    this.#users = settings.users
    this.#scramUsers = scramUsers
    this.#judge = settings.judge ?? ((token): Identity | undefined => unsecuredIdentity(token, env.wallClock()))
    this.#newNonce = newNonce
    for (const [user, password] of settings.users) scramUsers.putPassword(user, password, Buffer.from(newNonce()))
  }

  newSession(): SaslSession {
    return new SaslSession(this)
  }

  now(): number {
    return this.#env.now()
  }

  wallClock(): number {
    return this.#env.wallClock()
  }

  exchange(mechanism: SaslMechanism): Exchange {
    if (mechanism === 'PLAIN') return new PlainExchange(this.#users)
    if (mechanism === 'OAUTHBEARER') return new OAuthBearerExchange(this.#judge)
    return new ScramExchange(mechanism, this.#scramUsers, this.#newNonce())
  }
}
