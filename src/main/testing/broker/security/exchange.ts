/** What a SASL mechanism is to the broker: an exchange of tokens that ends with a name, or with a refusal. */

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER'

/** In the order in which Kafka names them. */
export const saslMechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'OAUTHBEARER']

/** What the client is told next. */
export interface Reply {
  bytes: Buffer
  /** The exchange is over: who the client is. */
  done?: Identity
}

export interface Identity {
  name: string
  /** By the wall clock, when the credential itself ends; left out: never. */
  expiresAtMs?: number
}

/** One client's exchange. */
export interface Exchange {
  /** Throws {@link LoginRefused}. */
  next(token: Buffer): Reply | Promise<Reply>
}

/** What a client learns of a refusal: the message; that its credentials are invalid; nothing, the connection closes. */
export type Telling = 'message' | 'invalid' | 'nothing'

/** The client does not get in. */
export class LoginRefused extends Error {
  readonly telling: Telling

  constructor(message: string, telling: Telling = 'invalid') {
    super(message)
    this.telling = telling
  }
}

export const OTHER_AUTHORIZATION_ID =
  'Authentication failed: Client requested an authorization id that is different from username'
