/**
 * What runs the handler, looked at: which batches it was called with, what became of each record, and when one was handed out often
 * enough. Decides nothing else: host and results are the group's own.
 */
import type { Action, ConsumedRecord, HandlerBatch, HandlerHost, StopReason, TopicPartition, Verdict } from '../../group/types.ts'
import { MemoryTransaction } from './memory-transaction.ts'

/** One call of the handler. */
export interface HandlerCall extends TopicPartition {
  /** Of the records it was called with. */
  offsets: number[]
  /** The highest attempt among them. */
  attempt: number
  /** What it failed with; undefined when it gave a result. */
  error: unknown
}

/** What became of a record, as far as the handler said. */
export interface Fate {
  attempts: number
  action: Action | undefined
}

export class WatchedHost implements HandlerHost {
  readonly calls: HandlerCall[] = []
  readonly #host: HandlerHost
  readonly #deliveries: number
  readonly #enough: (partition: TopicPartition) => void
  readonly #fates = new Map<string, Fate>()
  readonly #failedStarts = new Map<string, number>()

  /** `enough` is told of a partition in which a record would be handed out once too often, or that could not be started so often. */
  constructor(host: HandlerHost, deliveries: number, enough: (partition: TopicPartition) => void) {
    this.#host = host
    this.#deliveries = deliveries
    this.#enough = enough
  }

  fateOf(topic: string, partition: number, offset: number): Fate {
    const key = `${topic}-${partition}@${offset}`
    let fate = this.#fates.get(key)
    if (!fate) this.#fates.set(key, (fate = { attempts: 0, action: undefined }))
    return fate
  }

  open(): Promise<void> {
    return this.#host.open()
  }

  async start(topic: string, partition: number): Promise<void> {
    const key = `${topic}-${partition}`
    try {
      await this.#host.start(topic, partition)
    } catch (error) {
      const failures = (this.#failedStarts.get(key) ?? 0) + 1
      this.#failedStarts.set(key, failures)
      if (failures >= this.#deliveries) this.#enough({ topic, partition })
      throw error
    }
  }

  async handle(batch: HandlerBatch): Promise<Verdict> {
    const { topic, partition, records, attempt } = batch
    // the first one holds up all that follow
    if (records[0]!.attempt > this.#deliveries) {
      this.#enough({ topic, partition })
      throw new Error('handed out often enough')
    }
    const call: HandlerCall = { topic, partition, offsets: records.map(({ offset }) => offset), attempt, error: undefined }
    this.calls.push(call)
    for (const { offset, attempt } of records) this.fateOf(topic, partition, offset).attempts = attempt
    const { tx } = batch
    const memory = tx instanceof MemoryTransaction ? tx : undefined
    if (memory) memory.handling = true
    try {
      const verdict = await this.#host.handle(batch)
      // what its transaction was given and cannot write undoes what it said
      this.#note(records, memory?.failure ? undefined : verdict)
      return verdict
    } catch (error) {
      call.error = error
      this.#note(records, undefined)
      throw error
    } finally {
      if (memory) memory.handling = false
    }
  }

  stop(topic: string, partition: number, reason: StopReason): Promise<void> {
    return this.#host.stop(topic, partition, reason)
  }

  doing(topic: string, partition: number): string | undefined {
    return this.#host.doing(topic, partition)
  }

  longest(): ReturnType<HandlerHost['longest']> {
    return this.#host.longest()
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  /** Without a verdict all are to come again. */
  #note(records: readonly ConsumedRecord[], verdict: Verdict | undefined): void {
    const fates = records.map(({ topic, partition, offset }) => this.fateOf(topic, partition, offset))
    for (const [i, fate] of fates.entries()) fate.action = verdict && i < verdict.done ? 'commit' : 'retry'
    for (const { index, reason } of verdict?.skips ?? []) fates[index]!.action = { skip: reason }
    for (const { index, topic } of verdict?.moves ?? []) fates[index]!.action = { moveTo: topic }
  }
}
