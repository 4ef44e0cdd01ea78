/** A client that speaks raw frames: one connection, any API at any version. */
import type { Env, Socket } from '../../../src/shared/env.ts'
import type { Api } from '../../../src/shared/protocol/api.ts'
import { encodeRequestFrame, readResponseHeader } from '../../../src/shared/protocol/frame.ts'
import { Reader } from '../../../src/shared/protocol/reader.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'

type AnyApi = Api
type ResponseOf<A extends AnyApi> = ReturnType<A['decodeResponse']>
type RequestOf<A extends AnyApi> = Parameters<A['encodeRequest']>[2]

interface Waiting {
  api: AnyApi
  version: number
  resolve: (body: unknown) => void
  reject: (error: Error) => void
}

export class RawClient {
  readonly #clientId: string
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  readonly #raw = new Map<number, Promise<unknown>>()
  #received = Buffer.alloc(0)
  #correlationId = 0
  #ignoring = false
  readonly connected: Promise<void>
  readonly closed: Promise<void>
  /** Correlation ids in the order of their answers. */
  readonly answered: number[] = []

  constructor(env: Env, address: string, clientId = 'raw') {
    this.#clientId = clientId
    const [host = '', port = ''] = address.split(':')
    const connected = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    this.connected = connected.promise
    this.closed = closed.promise
    this.connected.catch(() => {})
    this.#socket = env.connect(host, Number(port), {
      onConnect: () => connected.resolve(),
      onData: (bytes) => this.#onData(bytes),
      onClose: (error) => {
        const why = error ?? new Error('connection closed')
        connected.reject(why)
        for (const { reject } of this.#waiting.values()) reject(why)
        this.#waiting.clear()
        closed.resolve()
      },
    })
  }

  static async open(env: Env, address: string): Promise<RawClient> {
    const client = new RawClient(env, address)
    await client.connected
    return client
  }

  /** Sends a request and gives the decoded response; rejects when the connection ends first. */
  call<A extends AnyApi>(api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A>> {
    const correlationId = ++this.#correlationId
    const writer = new Writer()
    encodeRequestFrame(writer, api, version, correlationId, this.#clientId, body)
    return new Promise<ResponseOf<A>>((resolve, reject) => {
      this.#waiting.set(correlationId, { api, version, resolve: resolve as (body: unknown) => void, reject })
      this.#socket.write(writer.chunks())
    })
  }

  /** Awaits the answer to a frame that is sent by hand. */
  expectRaw(correlationId: number, api: AnyApi, version: number): void {
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(correlationId, { api, version, resolve, reject }))
    answer.catch(() => {})
    this.#raw.set(correlationId, answer)
  }

  raw(correlationId: number): Promise<unknown> {
    return this.#raw.get(correlationId) ?? Promise.reject(new Error(`no answer ${correlationId} is expected`))
  }

  /** For requests that are damaged on purpose: their answers cannot be told apart. */
  ignoreAnswers(): void {
    this.#ignoring = true
  }

  /** Bytes as they are. */
  send(bytes: Uint8Array): void {
    this.#socket.write([bytes])
  }

  close(): void {
    this.#socket.destroy()
  }

  #onData(bytes: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, bytes])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) return
      this.#onFrame(Buffer.from(this.#received.subarray(4, end)))
      this.#received = this.#received.subarray(end)
    }
  }

  #onFrame(frame: Buffer): void {
    const correlationId = frame.readInt32BE(0)
    const waiting = this.#waiting.get(correlationId)
    if (waiting === undefined && this.#ignoring) return
    if (waiting === undefined) throw new Error(`unexpected answer ${correlationId}`)
    this.#waiting.delete(correlationId)
    this.answered.push(correlationId)
    const { api, version, resolve, reject } = waiting
    try {
      const reader = new Reader(frame)
      readResponseHeader(reader, api, version)
      resolve(api.decodeResponse(reader, version))
    } catch (error) {
      reject(error as Error)
    }
  }
}
