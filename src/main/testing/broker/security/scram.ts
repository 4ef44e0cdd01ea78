/**
 * The broker's side of SCRAM (RFC 5802), as strict and as lax as Kafka: no channel binding, names in ASCII, extensions ignored. A
 * client learns from no answer whether a user is there.
 */
import { timingSafeEqual } from 'node:crypto'
import { hash, hmac, type ScramMechanism } from '../../../../shared/scram.ts'
import { type Exchange, LoginRefused, OTHER_AUTHORIZATION_ID, type Reply } from './exchange.ts'
import type { ScramCredential, ScramUsers } from './scram-users.ts'

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: the grammar of RFC 5802 has them
const CLIENT_FIRST =
  /^n,(?:a=((?:[\x01-+\--<>-\x7f]|=2C|=3D)+))?,((?:m=[\x01-+\--\x7f]+,)?n=((?:[\x01-+\--<>-\x7f]|=2C|=3D)+),r=([\x21-+\--\x7e]+)(?:,[A-Za-z]+=[\x01-+\--\x7f]+)*)$/
const BASE64 = '(?:[a-zA-Z0-9/+]{4})*(?:[a-zA-Z0-9/+]{3}=|[a-zA-Z0-9/+]{2}==)?'
const CLIENT_FINAL = new RegExp(`^(c=${BASE64},r=([\\x21-+\\--\\x7e]+))(?:,[A-Za-z]+=[\\x01-+\\--\\x7f]+)*,p=(${BASE64})$`)
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: the grammar of RFC 5802 has them

interface Challenge {
  user: string
  credential: ScramCredential
  nonce: string
  clientFirstBare: string
  serverFirst: string
}

export class ScramExchange implements Exchange {
  readonly #mechanism: ScramMechanism
  readonly #users: ScramUsers
  readonly #serverNonce: string
  #challenge: Challenge | undefined

  constructor(mechanism: ScramMechanism, users: ScramUsers, serverNonce: string) {
    this.#mechanism = mechanism
    this.#users = users
    this.#serverNonce = serverNonce
  }

  next(token: Buffer): Reply {
    const text = token.toString()
    return this.#challenge ? this.#verify(text, this.#challenge) : this.#begin(text)
  }

  #begin(text: string): Reply {
    const [, authorizationId = '', clientFirstBare, name, clientNonce] = CLIENT_FIRST.exec(text) ?? []
    if (clientFirstBare === undefined || name === undefined) throw new LoginRefused('Invalid SCRAM client first message format')
    const user = plainName(name)
    const credential = this.#users.credential(user, this.#mechanism)
    if (credential === undefined) throw new LoginRefused('Authentication failed: Invalid user credentials')
    if (authorizationId !== '' && authorizationId !== user) throw new LoginRefused(OTHER_AUTHORIZATION_ID, 'message')
    const nonce = `${clientNonce}${this.#serverNonce}`
    const serverFirst = `r=${nonce},s=${credential.salt.toString('base64')},i=${credential.iterations}`
    this.#challenge = { user, credential, nonce, clientFirstBare, serverFirst }
    return { bytes: Buffer.from(serverFirst) }
  }

  #verify(text: string, { user, credential, nonce, clientFirstBare, serverFirst }: Challenge): Reply {
    const [, withoutProof, sentNonce, proof = ''] = CLIENT_FINAL.exec(text) ?? []
    if (withoutProof === undefined) throw new LoginRefused('Invalid SCRAM client final message format')
    if (sentNonce !== nonce) throw new LoginRefused('Invalid client nonce in the final client message.')
    const authMessage = `${clientFirstBare},${serverFirst},${withoutProof}`
    const signature = hmac(this.#mechanism, credential.storedKey, authMessage)
    const clientKey = xor(Buffer.from(proof, 'base64'), signature)
    if (clientKey === undefined) throw new LoginRefused('A proof of the wrong length', 'nothing')
    if (!timingSafeEqual(hash(this.#mechanism, clientKey), credential.storedKey))
      throw new LoginRefused('Invalid client credentials')
    const serverSignature = hmac(this.#mechanism, credential.serverKey, authMessage)
    return { bytes: Buffer.from(`v=${serverSignature.toString('base64')}`), done: { name: user } }
  }
}

const plainName = (saslName: string): string => saslName.replaceAll('=2C', ',').replaceAll('=3D', '=')

function xor(a: Buffer, b: Buffer): Buffer | undefined {
  return a.length === b.length ? Buffer.from(a.map((byte, i) => byte ^ b[i]!)) : undefined
}
