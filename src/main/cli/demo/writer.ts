/** Produces the demo's records as fast as they are taken, as long as the reader is not too far behind. */
import type { KafkaError, Producer, ProducerRecord } from '../../index.ts'
import { clock, fillRecord, RECORD_BYTES } from './content.ts'
import type { Verdict } from './verdict.ts'

/** Records a turn of the event loop; more would keep the reader waiting. */
const BURST = 600
/** Records that share one look at the clock. */
const SAME_TIME = 25

export class Writer {
  /** The first failure of a record. */
  error: KafkaError | undefined
  readonly #producer: Producer
  readonly #verdict: Verdict
  readonly #maxBehind: number
  /** One record for all: its bytes are free again when `produceAsync` returns. */
  readonly #record: ProducerRecord & { value: Buffer; partition: number }
  #round = 0
  #running = true
  #blocked: 'drain' | 'reader' | undefined
  #end: () => void = () => {}
  readonly #turn = () => {
    if (!this.#running) return
    try {
      this.#burst()
    } catch (thrown) {
      this.error ??= thrown as KafkaError
      this.stop()
    }
  }

  constructor(producer: Producer, topic: string, verdict: Verdict, maxBehind: number) {
    this.#producer = producer
    this.#verdict = verdict
    this.#maxBehind = maxBehind
    this.#record = { topic, partition: 0, value: Buffer.alloc(RECORD_BYTES) }
  }

  /** Writes until {@link stop} and resolves when all is acknowledged. */
  async run(): Promise<void> {
    this.#producer.on('error', (error) => {
      this.error ??= error
      this.stop()
    })
    this.#producer.on('drain', () => this.#go('drain'))
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve
    })
    this.#turn()
    await ended
    await this.#producer.flush().catch((error: KafkaError) => {
      this.error ??= error
    })
  }

  stop(): void {
    this.#running = false
    this.#end()
  }

  /** The reader has moved on. */
  readerAdvanced(): void {
    if (this.#blocked === 'reader' && this.#verdict.behind < this.#maxBehind / 2) this.#go('reader')
  }

  #go(cause: 'drain' | 'reader'): void {
    if (this.#blocked !== cause) return
    this.#blocked = undefined
    setImmediate(this.#turn)
  }

  #burst(): void {
    const { sent } = this.#verdict
    const record = this.#record
    let now = 0
    for (let i = 0; i < BURST; i++) {
      if (i % SAME_TIME === 0) now = clock()
      const partition = this.#round++ % sent.length
      record.partition = partition
      fillRecord(record.value, partition, sent[partition]!++, now)
      if (!this.#producer.produceAsync(record)) {
        this.#blocked = 'drain'
        return
      }
    }
    if (this.#verdict.behind > this.#maxBehind) this.#blocked = 'reader'
    else setImmediate(this.#turn)
  }
}
