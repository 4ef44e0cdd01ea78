/**
 * The server's side of a login for tests that damage it: does what the mechanism says with a password that it knows, or does not, and
 * tells afterwards by the bytes that went back and forth whether it has proven itself. Owns its own reading of RFC 5802, which shares
 * nothing with the client's.
 */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { lied, type TokenLie, type Truth } from './token-lies.ts'

export const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512', 'PLAIN', 'OAUTHBEARER'] as const
export type Mechanism = (typeof mechanisms)[number]

export const USER = 'alice'
/** Shown nowhere; no part of it stands in any text of the client. */
export const PASSWORD = 'gE4eim-Qx7vZ2k'
export const TOKEN = 'tOk3n.Zm9v-YmFy_Qw8.sIg7naTure'
export const secretOf = (mechanism: Mechanism): string => (mechanism === 'OAUTHBEARER' ? TOKEN : PASSWORD)

/** Bounds that let a case cost microseconds; what is beyond them has to cost nothing. */
export const BOUNDS = { minIterations: 16, maxIterations: 1_000 }

export interface LoginPlan {
  readonly mechanism: Mechanism
  /** It knows the password, so that all it says of that is right unless there is a lie. */
  readonly knows: boolean
  /** For its first token and its second one. */
  readonly lies: readonly (readonly TokenLie[])[]
}

const SERVER_NONCE = 'srvNonce+/9'
const SALT = Buffer.from('a little salt')

const salted = new Map<string, Buffer>()

/** Kept, since thousands of logins are with the same. */
function saltedPassword(hash: string, password: string, salt: Buffer, iterations: number): Buffer {
  const key = `${hash} ${password} ${salt.toString('hex')} ${iterations}`
  let known = salted.get(key)
  if (!known) {
    if (salted.size > 1_000) salted.clear()
    salted.set(key, (known = pbkdf2Sync(password, salt, iterations, createHash(hash).digest().length, hash)))
  }
  return known
}

export class Login {
  readonly #plan: LoginPlan
  readonly #hash: string
  /** What the client said, and what it was told, in turns. */
  readonly heard: string[] = []
  readonly told: Buffer[] = []

  constructor(plan: LoginPlan) {
    this.#plan = plan
    this.#hash = plan.mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256'
  }

  get isScram(): boolean {
    return this.#plan.mechanism.startsWith('SCRAM')
  }

  answer(token: Uint8Array): Buffer {
    this.heard.push(Buffer.from(token).toString())
    const lies = this.#plan.lies[this.told.length] ?? []
    const answer = lied(this.#honest(), lies, this.#truth())
    this.told.push(answer)
    return answer
  }

  #honest(): string {
    if (!this.isScram) return ''
    if (this.told.length === 0) return `r=${this.#clientNonce}${SERVER_NONCE},s=${SALT.toString('base64')},i=64`
    return this.told.length === 1 ? `v=${this.#signature(this.#plan.knows ? PASSWORD : 'another').toString('base64')}` : ''
  }

  get #clientNonce(): string {
    return /,r=([^,]*)/.exec(this.heard[0] ?? '')?.[1] ?? ''
  }

  #truth(): Truth {
    const client = this.#clientNonce
    const right = this.isScram && this.#plan.knows ? this.#signature(PASSWORD).toString('base64') : 'AAAA'
    const wrong = this.isScram ? this.#signature('another').toString('base64') : 'AAAA'
    const { mechanism } = this.#plan
    return new Map([
      ...Object.entries({
        client,
        server: SERVER_NONCE,
        upper: client.toUpperCase(),
        salt: SALT.toString('base64'),
        right,
        wrong,
      }),
      ...Object.entries({ zeros: Buffer.alloc(mechanism === 'SCRAM-SHA-512' ? 64 : 32).toString('base64') }),
      // SCRAM never tells its password, but the same one may have been told elsewhere
      ...Object.entries({ secret: secretOf(mechanism), echo: this.heard.at(-1) ?? '' }),
    ])
  }

  /** By what was really said, whatever that was. */
  #signature(password: string): Buffer {
    const [first = '', final = ''] = this.heard
    const { salt, iterations } = readLoosely(this.told[0]?.toString('latin1') ?? '')
    const key = createHmac(this.#hash, saltedPassword(this.#hash, password, salt, iterations))
      .update('Server Key')
      .digest()
    const parts = [Buffer.from(`${first.slice(3)},`), this.told[0] ?? '', `,${final.replace(/,p=[^,]*$/, '')}`]
    return createHmac(this.#hash, key)
      .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
      .digest()
  }

  /** Why the client should have said no more after the first token; undefined when that was in order. */
  get flawOfFirst(): string | undefined {
    if (!this.isScram || this.told.length === 0) return undefined
    const first = this.told[0]!
    if (!isText(first)) return 'it is no text of SCRAM'
    const [r = '', s = '', i = '', ...extensions] = first.toString().split(',')
    const nonce = r.slice(2)
    if (!r.startsWith('r=') || !s.startsWith('s=') || !i.startsWith('i=')) return 'its fields'
    if (!nonce.startsWith(this.#clientNonce) || nonce.length <= this.#clientNonce.length) return 'its nonce'
    if ([...nonce].some((c) => c < '!' || c > '~')) return 'a nonce that is not printable'
    const salt = Buffer.from(s.slice(2), 'base64')
    if (salt.length === 0 || salt.length > 1_024 || salt.toString('base64') !== s.slice(2)) return 'its salt'
    const iterations = Number(i.slice(2))
    if (String(iterations) !== i.slice(2) || !Number.isInteger(iterations)) return 'its count is no number'
    if (iterations < BOUNDS.minIterations || iterations > BOUNDS.maxIterations) return 'its count'
    return flawOfExtensions(extensions)
  }

  /** Why the client must not be content; undefined when the server has proven itself. */
  get flaw(): string | undefined {
    if (this.#plan.mechanism === 'PLAIN') return this.told.length === 1 ? undefined : 'it was not asked once'
    if (this.#plan.mechanism === 'OAUTHBEARER') return this.told[0]?.length === 0 ? undefined : 'it gave a reason'
    if (this.flawOfFirst !== undefined || this.told.length < 2) return this.flawOfFirst ?? 'it did not end'
    if (!isText(this.told[1]!)) return 'its end is no text of SCRAM'
    const [field = '', ...extensions] = this.told[1]!.toString().split(',')
    if (!/^v=[A-Za-z0-9+/]+={0,2}$/.test(field)) return 'its last field'
    const signature = Buffer.from(field.slice(2), 'base64')
    const right = this.#signature(PASSWORD)
    if (signature.length !== right.length || !timingSafeEqual(signature, right)) return 'its signature'
    return flawOfExtensions(extensions)
  }
}

function isText(bytes: Buffer): boolean {
  return bytes.length <= 4_096 && Buffer.from(bytes.toString()).equals(bytes)
}

function flawOfExtensions(extensions: readonly string[]): string | undefined {
  for (const extension of extensions) {
    const [, name] = /^([A-Za-z]+)=[^\0]+$/.exec(extension) ?? []
    if (name === undefined) return 'what follows is no extension'
    if (name.length === 1 && 'aceimnprsv'.includes(name)) return `a second '${name}'`
  }
  return undefined
}

/** A salt and a count out of anything, so that there is something to make a signature of. */
function readLoosely(text: string): { salt: Buffer; iterations: number } {
  const count = Number(/(?:^|,)i=(\d+)/.exec(text)?.[1] ?? 1)
  const salt = Buffer.from(/(?:^|,)s=([^,]*)/.exec(text)?.[1] ?? '', 'base64')
  return { salt, iterations: count >= 1 && count <= BOUNDS.maxIterations ? count : 1 }
}
