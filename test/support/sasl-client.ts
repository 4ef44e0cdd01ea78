/** One connection on which frames go back and forth one after the other: requests, or tokens without requests around them. */
import { randomBytes } from 'node:crypto'
import type { Env, Socket } from '../../src/shared/env.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { encodeRequestFrame, readResponseHeader } from '../../src/shared/protocol/frame.ts'
import { saslAuthenticate } from '../../src/shared/protocol/generated/sasl-authenticate.ts'
import { saslHandshake } from '../../src/shared/protocol/generated/sasl-handshake.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import { hash, hmac, type ScramMechanism, saltPasswordNow, scramKeys } from '../../src/shared/scram.ts'

type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>

export class SaslClient {
  readonly #socket: Socket
  readonly #connected = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<'closed'>()
  #received = Buffer.alloc(0)
  #frame: ((frame: Buffer) => void) | undefined
  #correlationId = 0

  constructor(address: string, env: Env = nodeEnv()) {
    const colon = address.lastIndexOf(':')
    this.#connected.promise.catch(() => {})
    this.#socket = env.connect(address.slice(0, colon), Number(address.slice(colon + 1)), {
      onConnect: () => this.#connected.resolve(),
      onData: (bytes) => this.#take(bytes),
      onClose: (error) => {
        this.#connected.reject(error)
        this.#closed.resolve('closed')
      },
    })
  }

  get closed(): Promise<'closed'> {
    return this.#closed.promise
  }

  async ask<A extends Api>(api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A> | 'closed'> {
    const writer = new Writer()
    encodeRequestFrame(writer, api, version, ++this.#correlationId, 'sasl', body)
    const frame = await this.#exchange(writer.chunks())
    if (frame === 'closed') return 'closed'
    const reader = new Reader(frame)
    readResponseHeader(reader, api, version)
    return api.decodeResponse(reader, version)
  }

  /** A token without a request around it. */
  async bare(token: Buffer): Promise<Buffer | 'closed'> {
    const length = Buffer.alloc(4)
    length.writeInt32BE(token.length)
    return this.#exchange([length, token])
  }

  handshake(mechanism: string, version = 1) {
    return this.ask(saslHandshake, version, { mechanism })
  }

  token(token: Buffer | string, version = 2) {
    return this.ask(saslAuthenticate, version, { authBytes: Buffer.from(token as string) })
  }

  close(): void {
    this.#socket.destroy()
  }

  async #exchange(chunks: readonly Uint8Array[]): Promise<Buffer | 'closed'> {
    await this.#connected.promise
    const answer = new Promise<Buffer>((resolve) => {
      this.#frame = resolve
    })
    this.#socket.write(chunks)
    return Promise.race([answer, this.#closed.promise])
  }

  #take(bytes: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, bytes])
    if (this.#received.length < 4) return
    const end = 4 + this.#received.readInt32BE(0)
    if (this.#received.length < end) return
    const frame = Buffer.from(this.#received.subarray(4, end))
    this.#received = this.#received.subarray(end)
    this.#frame?.(frame)
  }
}

export const plainToken = (user: string, password: string, authorizationId = ''): Buffer =>
  Buffer.from([authorizationId, user, password].join('\0'))

export const bearerToken = (token: string, authorizationId = ''): Buffer =>
  Buffer.from(`n,${authorizationId && `a=${authorizationId}`},\x01auth=Bearer ${token}\x01\x01`)

/** The client's side of SCRAM, to be got wrong on purpose. */
export class ScramTokens {
  readonly #mechanism: ScramMechanism
  readonly #user: string
  readonly #password: string
  readonly #nonce = randomBytes(12).toString('hex')
  #authMessage = ''

  constructor(mechanism: ScramMechanism, user: string, password: string) {
    this.#mechanism = mechanism
    this.#user = user
    this.#password = password
  }

  get #bare(): string {
    return `n=${this.#user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${this.#nonce}`
  }

  first(header = 'n,,'): string {
    return `${header}${this.#bare}`
  }

  /** `edit` may change what is sent, after the proof was made. */
  final(serverFirst: Buffer, edit: (text: string) => string = (text) => text): string {
    const said = serverFirst.toString()
    const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(said) ?? []
    const withoutProof = `c=biws,r=${nonce}`
    this.#authMessage = `${this.#bare},${said},${withoutProof}`
    const salted = this.#salted(Buffer.from(salt, 'base64'), Number(iterations))
    const clientKey = hmac(this.#mechanism, salted, 'Client Key')
    const signature = hmac(this.#mechanism, hash(this.#mechanism, clientKey), this.#authMessage)
    this.#serverSignature = hmac(this.#mechanism, scramKeys(this.#mechanism, salted).serverKey, this.#authMessage)
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!))
    return edit(`${withoutProof},p=${proof.toString('base64')}`)
  }

  #serverSignature: Buffer = Buffer.alloc(0)

  /** What the server has to say at the end. */
  get expected(): string {
    return `v=${this.#serverSignature.toString('base64')}`
  }

  #salted(salt: Buffer, iterations: number): Buffer {
    return saltPasswordNow(this.#mechanism, Buffer.from(this.#password), salt, iterations)
  }
}
