/** PLAIN (RFC 4616) with Kafka's texts. */
import { timingSafeEqual } from 'node:crypto'
import { type Exchange, LoginRefused, OTHER_AUTHORIZATION_ID, type Reply } from './exchange.ts'

export class PlainExchange implements Exchange {
  readonly #passwords: ReadonlyMap<string, string>

  constructor(passwords: ReadonlyMap<string, string>) {
    this.#passwords = passwords
  }

  next(token: Buffer): Reply {
    const parts = token.toString().split('\0')
    const [authorizationId, name, password] = parts
    if (parts.length !== 3 || authorizationId === undefined || name === undefined || password === undefined)
      throw new LoginRefused(`Invalid SASL/PLAIN response: expected 3 tokens, got ${Math.min(parts.length, 4)}`, 'message')
    if (name === '') throw new LoginRefused('Authentication failed: username not specified', 'message')
    if (password === '') throw new LoginRefused('Authentication failed: password not specified', 'message')
    const expected = this.#passwords.get(name)
    if (expected === undefined || !equal(expected, password))
      throw new LoginRefused('Authentication failed: Invalid username or password', 'message')
    if (authorizationId !== '' && authorizationId !== name) throw new LoginRefused(OTHER_AUTHORIZATION_ID, 'message')
    return { bytes: Buffer.alloc(0), done: { name } }
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
