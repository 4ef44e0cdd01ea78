/**
 * What the embedded broker's thread cannot have of TLS and SASL: the authority that signs for it, and the caller's function that
 * judges tokens. Lives in the caller's thread.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { TlsServer } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { expose } from '../../shared/rpc.ts'
import type { ClusterOptions } from './broker/cluster-options.ts'
import { type Identity, saslMechanisms } from './broker/security/exchange.ts'
import type { SaslSettings } from './broker/security/sasl.ts'
import { CertificateAuthority, type CertificateOptions, type KeyPair } from './certificates.ts'
import type { CheckedSasl, CheckedTls } from './options/security.ts'
import { securityOptions } from './options.ts'

/** Who a token is for, or nothing when nobody is to come in with it. Throwing says the same. */
export type ValidateToken = (token: string) => TokenOwner | undefined | Promise<TokenOwner | undefined>

export interface TokenOwner {
  principal: string
  /** When the token ends, in milliseconds since 1970; left out: never. */
  expiresAtMs?: number
}

/** What the broker's thread calls. */
export interface TokenJudge {
  judge(token: string): Promise<Identity | undefined>
}

/** The hosts that a certificate made at start is good for, besides the one that the broker listens on. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1']

export class BrokerSecurity {
  /** What the broker's thread needs to know. */
  readonly forThread: Pick<ClusterOptions, 'tls' | 'sasl'>
  readonly #authority: CertificateAuthority | undefined
  readonly #judge: MessageChannel | undefined

  /** `host`: where the broker listens. Throws INVALID_OPTION. */
  constructor(wishes: { tls?: unknown; sasl?: unknown }, host: string) {
    const { tls, sasl } = securityOptions(wishes)
    if (tls) this.#authority = new CertificateAuthority()
    this.forThread = { ...(tls && { tls: this.#tlsOf(tls, host) }), ...(sasl && { sasl: settingsOf(sasl) }) }
    const validate = sasl?.validateToken
    if (validate === undefined) return
    this.#judge = new MessageChannel()
    expose(this.#judge.port1, { judge: (token: string) => judged(validate, token) } satisfies TokenJudge)
    this.#judge.port1.unref()
  }

  #tlsOf({ cert, key, hosts, ca, clientAuth }: CheckedTls, host: string): TlsServer {
    const own = cert !== undefined && key !== undefined ? { cert, key } : this.#issueOwn(host, hosts)
    return { ...own, ca: ca ?? this.ca, clientAuth }
  }

  /** The authority's own certificate. */
  get ca(): string {
    return this.#trusted('ca').cert
  }

  issue(options: CertificateOptions): KeyPair {
    return this.#trusted('issue()').issue(options)
  }

  #issueOwn(host: string, hosts: readonly string[] = [...new Set([...LOOPBACK, host])]): KeyPair {
    return this.issue({ name: 'odradek embedded broker', hosts })
  }

  /** The end for the broker's thread of the line that tokens are judged by. */
  get judgePort(): MessagePort | undefined {
    return this.#judge?.port2
  }

  close(): void {
    this.#judge?.port1.close()
  }

  #trusted(what: string): CertificateAuthority {
    if (this.#authority) return this.#authority
    throw new KafkaError('INVALID_ARGUMENT', `There is no ${what}: the embedded broker was started without the option 'tls'.`)
  }
}

function settingsOf({ mechanisms, users = {}, connectionsMaxReauthMs }: CheckedSasl): SaslSettings {
  const passwords = users instanceof Map ? users : new Map(Object.entries(users))
  return { mechanisms: mechanisms ?? saslMechanisms, users: passwords, connectionsMaxReauthMs }
}

async function judged(validate: ValidateToken, token: string): Promise<Identity | undefined> {
  let owner: TokenOwner | undefined
  try {
    owner = await validate(token)
  } catch {
    return undefined
  }
  if (typeof owner?.principal !== 'string' || owner.principal === '') return undefined
  const { principal: name, expiresAtMs } = owner
  return { name, ...(expiresAtMs !== undefined && { expiresAtMs }) }
}
