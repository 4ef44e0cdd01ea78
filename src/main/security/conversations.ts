/** Conversations of a mechanism of the user's own: turns his function, which sends and awaits, into steps that an I/O thread asks for. */
import { KafkaError } from '../../shared/errors.ts'
import type { PeerAddress } from '../../shared/security.ts'
import type { SaslSession } from './security-options.ts'

export type Authenticate = (session: SaslSession) => Promise<void>

type Step = (bytes: Uint8Array | undefined) => void

class Talk {
  readonly #ending = new AbortController()
  #onStep = Promise.withResolvers<Uint8Array | undefined>()
  #onAnswer: PromiseWithResolvers<Buffer> | undefined

  constructor(authenticate: Authenticate, mechanism: string, { host, port }: PeerAddress) {
    const session: SaslSession = { mechanism, host, port, signal: this.#ending.signal, send: (bytes) => this.#send(bytes) }
    // it may throw before it gives a promise
    const said = new Promise<void>((resolve) => resolve(authenticate(session)))
    const tell: Step = (bytes) => this.#onStep.resolve(bytes)
    said.then(
      () => tell(undefined),
      (thrown) => this.#onStep.reject(failed(mechanism, thrown)),
    )
    this.#onStep.promise.catch(() => {})
  }

  /** The next bytes to send; undefined when it is done. */
  next(answer: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    if (answer) {
      this.#onStep = Promise.withResolvers()
      this.#onStep.promise.catch(() => {})
      this.#onAnswer?.resolve(Buffer.from(answer))
    }
    return this.#onStep.promise
  }

  abandon(): void {
    this.#ending.abort()
    this.#onAnswer?.reject(new KafkaError('ABORTED', 'The SASL conversation was ended by the broker or its connection.'))
  }

  #send(bytes: Uint8Array): Promise<Buffer> {
    if (this.#ending.signal.aborted) return Promise.reject(new KafkaError('ABORTED', 'The SASL conversation is over.'))
    this.#onAnswer = Promise.withResolvers()
    // the user need not be waiting
    this.#onAnswer.promise.catch(() => {})
    this.#onStep.resolve(Buffer.from(bytes))
    return this.#onAnswer.promise
  }
}

function failed(mechanism: string, thrown: unknown): KafkaError {
  if (thrown instanceof KafkaError && thrown.code === 'AUTHENTICATION_FAILED') return thrown
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  return new KafkaError('AUTHENTICATION_FAILED', `The function 'sasl.authenticate' (${mechanism}) failed: ${why}.`)
}

/** Those of one I/O thread. */
export class Conversations {
  readonly #authenticate: Authenticate
  readonly #mechanism: string
  readonly #talks = new Map<number, Talk>()

  constructor(authenticate: Authenticate, mechanism: string) {
    this.#authenticate = authenticate
    this.#mechanism = mechanism
  }

  async step(id: number, peer: PeerAddress, answer: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    // one of that number may be left from a thread that crashed
    if (!answer) this.abandon(id)
    let talk = this.#talks.get(id)
    if (!talk) {
      if (answer) throw new KafkaError('AUTHENTICATION_FAILED', 'The SASL conversation is over.', { retriable: true })
      this.#talks.set(id, (talk = new Talk(this.#authenticate, this.#mechanism, peer)))
    }
    try {
      const bytes = await talk.next(answer)
      if (!bytes) this.#talks.delete(id)
      return bytes
    } catch (thrown) {
      this.#talks.delete(id)
      throw thrown
    }
  }

  abandon(id: number): void {
    this.#talks.get(id)?.abandon()
    this.#talks.delete(id)
  }
}
