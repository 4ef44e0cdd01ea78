/** OAUTHBEARER (RFC 7628, KIP-255). A token that is not valid is told in two steps, as the RFC has it. */
import { type Exchange, type Identity, LoginRefused, type Reply } from './exchange.ts'

/** Who a token is for; undefined: nobody may come in with it. */
export type JudgeToken = (token: string) => Identity | undefined | Promise<Identity | undefined>

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: the grammar of RFC 7628 has them
const FIRST = /^n,(?:a=((?:[\x01-+\--<>-\x7f]|=2C|=3D)+))?,\x01((?:[A-Za-z]+=[\x21-\x7e \t\r\n]+\x01)*)\x01$/
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: the grammar of RFC 7628 has them
const AUTH = /^(\w+) +([-_~+/.a-zA-Z0-9]+=*)$/
const INVALID = '{"status":"invalid_token"}'

export class OAuthBearerExchange implements Exchange {
  readonly #judge: JudgeToken
  /** The client has been told why, and is to say that it heard. */
  #refused = false

  constructor(judge: JudgeToken) {
    this.#judge = judge
  }

  async next(message: Buffer): Promise<Reply> {
    if (this.#refused && message.length === 1 && message[0] === 1) throw new LoginRefused(INVALID, 'message')
    const { token, authorizationId } = parse(message.toString())
    const identity = await this.#judge(token)
    this.#refused = identity === undefined
    if (identity === undefined) return { bytes: Buffer.from(INVALID) }
    const { name } = identity
    if (authorizationId !== '' && authorizationId !== name) {
      const difference = `Client requested an authorization id (${authorizationId}) that is different from the token's principal name (${name})`
      throw new LoginRefused(`Authentication failed: ${difference}`, 'message')
    }
    return { bytes: Buffer.alloc(0), done: identity }
  }
}

function parse(text: string): { token: string; authorizationId: string } {
  const [, authorizationId = '', pairs] = FIRST.exec(text) ?? []
  if (pairs === undefined) throw new LoginRefused('Invalid OAUTHBEARER client first message')
  const auth = pairs.split('\x01').find((pair) => pair.startsWith('auth='))
  if (auth === undefined) throw new LoginRefused("Invalid OAUTHBEARER client first message: 'auth' not specified")
  const [, scheme, token] = AUTH.exec(auth.slice('auth='.length)) ?? []
  if (token === undefined) throw new LoginRefused("Invalid OAUTHBEARER client first message: invalid 'auth' format")
  if (scheme?.toLowerCase() !== 'bearer')
    throw new LoginRefused(`Invalid scheme in OAUTHBEARER client first message: ${scheme}`, 'nothing')
  return { token, authorizationId }
}
