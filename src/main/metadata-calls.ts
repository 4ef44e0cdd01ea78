/** Single Metadata requests: which broker is asked, and how long it may think about it. Knows no view and no schedule. */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { BrokerAddress, CallResult, CallTarget, IoApi } from '../shared/io-api.ts'
import type { MetadataResponse } from '../shared/protocol/generated/metadata.ts'
import { readAnswer } from './metadata-answer.ts'
import type { Wait } from './wait.ts'

const METADATA = 3
/**
 * A stopped broker takes requests and never answers: metadata turns to another one before the request times out, with more patience
 * each time in case all are slow. The request itself is left alone, since its timeout would take the connection down.
 */
const PATIENCE_MS = 1_500

export class MetadataCalls {
  readonly #env: Pick<Env, 'now'>
  readonly #io: Pick<IoApi, 'call'>
  readonly #timeoutMs: number
  readonly #startWait: (deadline: number, what: string) => Wait<CallResult>
  #timeouts = 0
  #cursor = 0
  #wasInTurn = false
  #asked: CallTarget = 'any'
  /** Brokers that took a request in turn and did not answer it. */
  readonly #silent = new Set<number>()

  constructor(
    env: Pick<Env, 'now'>,
    io: Pick<IoApi, 'call'>,
    timeoutMs: number,
    startWait: (deadline: number, what: string) => Wait<CallResult>,
  ) {
    this.#env = env
    this.#io = io
    this.#timeoutMs = timeoutMs
    this.#startWait = startWait
  }

  /**
   * Whichever broker is at hand; after a silent one the known ones in turn, or the same one might be at hand again. So too, every other
   * time, while answers are `doubtful`: a broker that is cut off from the others goes on telling what it knew.
   */
  target(brokers: readonly BrokerAddress[], doubtful = false): CallTarget {
    const inTurn = this.#timeouts % 2 === 1 || (doubtful && !this.#wasInTurn)
    this.#wasInTurn = inTurn
    this.#asked = inTurn && brokers.length > 1 ? this.#nextOf(brokers) : 'any'
    return this.#asked
  }

  /** Those that kept silent when it was their turn are passed over, unless all of them did. */
  #nextOf(brokers: readonly BrokerAddress[]): number {
    if (brokers.every(({ nodeId }) => this.#silent.has(nodeId))) this.#silent.clear()
    for (;;) {
      const { nodeId } = brokers[this.#cursor++ % brokers.length]!
      if (!this.#silent.has(nodeId)) return nodeId
    }
  }

  async ask(target: CallTarget, topics: readonly string[]): Promise<MetadataResponse> {
    const request = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: false }
    const patience = PATIENCE_MS * 2 ** Math.floor(this.#timeouts / 2)
    const deadline = this.#env.now() + Math.min(this.#timeoutMs, patience)
    const wait = this.#startWait(deadline, 'an answer to a metadata request')
    this.#io
      .call(target, METADATA, request, { timeoutMs: this.#timeoutMs })
      .then(wait.resolve, (error) => wait.reject(KafkaError.from(error, 'IoApi.call')))
    const { body, broker } = await wait.promise
    return readAnswer(body as MetadataResponse, broker)
  }

  /** An answer was good; or the last request failed like this. */
  ended(failure?: KafkaError): void {
    const late = failure?.code === 'TIMEOUT'
    this.#timeouts = late ? this.#timeouts + 1 : 0
    if (this.#asked === 'any') return
    if (late) this.#silent.add(this.#asked)
    else this.#silent.delete(this.#asked)
  }
}
