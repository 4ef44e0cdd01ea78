/** The producer id of one idempotent producer on this thread (KIP-98): asked for when first needed, again when used up. */
import { backoffMs } from '../shared/backoff.ts'
import { KafkaError } from '../shared/errors.ts'
import { withAdvice } from '../shared/protocol/error-advice.ts'
import { brokerError } from '../shared/protocol/errors.ts'
import { type InitProducerIdResponse, initProducerId } from '../shared/protocol/generated/init-producer-id.ts'
import type { IoContext } from './io-context.ts'

export interface ProducerIdentity {
  producerId: number
  producerEpoch: number
}

/** Where lanes have their identity from. */
export interface IdentitySource {
  /** Why there is none yet. */
  readonly lastError: KafkaError | undefined
  /** The identity, or undefined while there is none: lanes are told when there is. */
  get(): ProducerIdentity | undefined
  /** This id has no epochs left. */
  discard(producerId: number): void
}

export class ProducerId implements IdentitySource {
  readonly #io: IoContext
  readonly #onReady: (refusal?: KafkaError) => void
  /** Why there is none yet. */
  lastError: KafkaError | undefined
  #identity: ProducerIdentity | undefined
  #asking = false
  #failures = 0

  /** `onReady` is called when a new identity is there, or may be asked for again, or with the cluster's final refusal. */
  constructor(io: IoContext, onReady: (refusal?: KafkaError) => void) {
    this.#io = io
    this.#onReady = onReady
  }

  /** The identity, or undefined while the cluster is being asked. */
  get(): ProducerIdentity | undefined {
    if (!this.#identity && !this.#asking) {
      this.#asking = true
      void this.#ask()
    }
    return this.#identity
  }

  /** This id has no epochs left. */
  discard(producerId: number): void {
    if (this.#identity?.producerId === producerId) this.#identity = undefined
  }

  async #ask(): Promise<void> {
    const { env, options } = this.#io
    try {
      const { body, broker } = await this.#io.call('any', initProducerId.key, { transactionalId: null, transactionTimeoutMs: 0 })
      const { errorCode, producerId, producerEpoch } = body as InitProducerIdResponse
      if (errorCode !== 0 || producerId < 0) throw refused(errorCode, broker)
      this.#identity = { producerId, producerEpoch }
      this.#failures = 0
      this.lastError = undefined
      this.#asking = false
      // not in here, where what it throws would look like the cluster's answer
      env.defer(() => this.#onReady())
    } catch (thrown) {
      const error = KafkaError.from(thrown, 'InitProducerId')
      this.lastError = error
      if (!error.retriable) {
        this.#asking = false
        env.defer(() => this.#onReady(error))
        return
      }
      // records wait for it until their delivery timeout
      const delay = backoffMs(
        ++this.#failures,
        { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs },
        env.random(),
      )
      env.setTimeout(() => {
        this.#asking = false
        this.#onReady()
      }, delay)
    }
  }
}

function refused(errorCode: number, broker: string): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const text = `Broker ${broker} gave no producer id, which an idempotent producer needs: ${name}.`
  return new KafkaError('BROKER_ERROR', withAdvice(text, errorCode), {
    broker,
    api: initProducerId.name,
    brokerError: name,
    brokerErrorCode: errorCode,
    retriable,
  })
}
