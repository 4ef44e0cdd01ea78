/**
 * Many callers that send to one topic while faults happen, and the judge of what the log has afterwards, by the values alone (see
 * `numbered-values.ts`). Knows no faults.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { KafkaError, Producer, RecordMetadata } from '../../src/main/index.ts'
import { scanLog } from './log-reader.ts'
import { faultOf, writeNumbered } from './numbered-values.ts'

export interface LoadOptions {
  partitions: number
  /** Caller n sends to partition n modulo their number, one record after the other. Default 64. */
  callers?: number
  /** Each caller ends after so many; default when told to. */
  recordsEach?: number
  /** Pause of a caller between two records. */
  paceMs?: number
  valueBytes?: number
  /** Every other caller uses callbacks, which fail rather than wait when there is no room. Default true. */
  callbacks?: boolean
}

interface Lane {
  sent: number
  lastAckAt: number
  /** Times of some length without an acknowledgement. */
  pauses: { from: number; to: number }[]
}

/** Shorter pauses are nobody's business. */
const PAUSE_MS = 250

export class Load {
  readonly topic: string
  readonly errors: KafkaError[] = []
  acked = 0
  readonly #producer: Producer
  readonly #options: Required<LoadOptions>
  readonly #lanes: Lane[]
  readonly #callers: Promise<void>[] = []
  readonly #marks: { count: number; reached: () => void }[] = []
  /** What was answered wrongly, in words; a few are enough. */
  readonly #wrong: string[] = []
  #stopped = false

  constructor(producer: Producer, topic: string, options: LoadOptions) {
    this.topic = topic
    this.#producer = producer
    this.#options = {
      callers: 64,
      recordsEach: Number.POSITIVE_INFINITY,
      paceMs: 0,
      valueBytes: 100,
      callbacks: true,
      ...options,
    }
    this.#lanes = Array.from({ length: options.partitions }, () => ({ sent: 0, lastAckAt: performance.now(), pauses: [] }))
    for (let caller = 0; caller < this.#options.callers; caller++) this.#callers.push(this.#call(caller))
  }

  get sent(): number {
    return this.#lanes.reduce((sum, { sent }) => sum + sent, 0)
  }

  /** Resolves when so many records are acknowledged. */
  reached(count: number): Promise<void> {
    if (this.acked >= count) return Promise.resolve()
    return new Promise((reached) => this.#marks.push({ count, reached }))
  }

  /** Resolves when each of the partitions has an acknowledgement of a record that was sent from now on. */
  async flowing(partitions: readonly number[] = this.#lanes.map((_, partition) => partition)): Promise<void> {
    await Promise.all(partitions.map((partition) => this.#send(partition, 0)))
  }

  /** No new records; resolves when all are settled. */
  async end(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#callers)
  }

  /** Resolves when every caller has sent its share. */
  async done(): Promise<void> {
    await Promise.all(this.#callers)
  }

  /** The longest time in milliseconds that each partition went without an acknowledgement after `since`, partition by partition. */
  pauses(since: number): number[] {
    return this.#lanes.map(({ pauses }) =>
      Math.round(Math.max(0, ...pauses.filter(({ to }) => to >= since).map(({ from, to }) => to - Math.max(from, since)))),
    )
  }

  /** Ends the load, reads the log and compares. */
  async expectExactlyOnce(brokers: readonly string[]): Promise<void> {
    await this.end()
    expect(this.errors.slice(0, 3)).toEqual([])
    expect(this.#wrong).toEqual([])
    expect(this.acked).toBe(this.sent)
    const sent = this.#lanes.map((lane) => lane.sent)
    await expectNumbered(brokers, this.topic, sent, this.#options.valueBytes)
  }

  async #call(caller: number): Promise<void> {
    const { partitions, recordsEach, paceMs } = this.#options
    for (let i = 0; i < recordsEach && !this.#stopped; i++) {
      await this.#send(caller % partitions, caller)
      // the test is over, or the client can do nothing any more
      if (this.errors.length > 0) return
      if (paceMs > 0) await sleep(paceMs)
    }
  }

  /** Resolves when it is settled, either way. Even callers use promises, odd ones callbacks. */
  #send(partition: number, caller: number): Promise<void> {
    const lane = this.#lanes[partition]!
    const sequence = lane.sent++
    const value = writeNumbered(Buffer.alloc(this.#options.valueBytes), partition, caller, sequence)
    const record = { topic: this.topic, partition, value }
    let times = 0
    return new Promise((resolve) => {
      const settle = (error: KafkaError | null, metadata?: RecordMetadata): void => {
        if (++times > 1) this.#complain(`${partition}#${sequence} was settled ${times} times`)
        if (error) this.errors.push(error)
        else this.#onAck(lane, partition, sequence, metadata!)
        resolve()
      }
      if (caller % 2 === 1 && this.#options.callbacks) {
        try {
          this.#producer.produceAsync(record, settle)
        } catch (thrown) {
          settle(thrown as KafkaError)
        }
      } else
        this.#producer.produce(record).then(
          (metadata) => settle(null, metadata),
          (error: KafkaError) => settle(error),
        )
    })
  }

  #onAck(lane: Lane, partition: number, sequence: number, metadata: RecordMetadata): void {
    const now = performance.now()
    if (now - lane.lastAckAt >= PAUSE_MS) lane.pauses.push({ from: lane.lastAckAt, to: now })
    lane.lastAckAt = now
    // −1: the broker had it already and does not say where
    if (metadata.partition !== partition || (metadata.offset !== sequence && metadata.offset !== -1))
      this.#complain(`${partition}#${sequence} was acknowledged as ${metadata.partition}@${metadata.offset}`)
    this.acked++
    for (const { count, reached } of this.#marks) if (count === this.acked) reached()
  }

  #complain(text: string): void {
    if (this.#wrong.length < 10) this.#wrong.push(text)
  }
}

/** The log has each partition's records, `sent` of them, once and in order. Read past the client. */
export async function expectNumbered(
  brokers: readonly string[],
  topic: string,
  sent: readonly number[],
  valueBytes: number,
): Promise<void> {
  const faults: string[] = []
  const found = sent.map(() => 0)
  await scanLog(brokers, topic, ({ partition, offset, value }) => {
    const fault = faultOf(value, valueBytes, partition, found[partition]!++)
    if (fault && faults.length < 10) faults.push(`${partition}@${offset} ${fault}`)
  })
  expect(faults).toEqual([])
  expect(found).toEqual(sent)
}
