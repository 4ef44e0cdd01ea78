/**
 * A group without a handler: whoever asks gets the next batch, and says when it is done. A partition gives one batch at a time, so that
 * its order holds and nothing is committed that was not said to be done (IC3).
 */
import { KafkaError } from '../../shared/errors.ts'
import { judge } from './actions.ts'
import { NotCommitted } from './transacted.ts'
import type { ConsumedRecord, HandlerBatch, HandlerHost, HandlerResult, Verdict } from './types.ts'

/** A batch in the hands of whoever pulled it. Its partition gives nothing more until it is committed. */
export interface PulledBatch {
  readonly topic: string
  readonly partition: number
  readonly records: ConsumedRecord[]
  /** Aborted when the partition was taken away: what was done with the batch cannot be committed any more. */
  readonly signal: AbortSignal
  readonly attempt: number
}

interface Held extends PromiseWithResolvers<Verdict> {
  batch: PulledBatch
  /** A transaction that has not ended has its offset. */
  joined?: boolean
  /** It was given back meanwhile. */
  returned?: boolean
}

export class Pull implements HandlerHost {
  /** Batches that nobody has taken, oldest first. */
  #ready: Held[] = []
  #askers: PromiseWithResolvers<PulledBatch | undefined>[] = []
  readonly #held = new Map<PulledBatch, Held>()
  /** By partition, the last commit that was asked for. */
  readonly #committing = new Map<string, Promise<void>>()
  #closed = false
  #refused: KafkaError | undefined

  /** The next batch; undefined when the group has ended. */
  async next(signal?: AbortSignal): Promise<PulledBatch | undefined> {
    for (let held = this.#ready.shift(); held; held = this.#ready.shift()) {
      if (held.batch.signal.aborted) continue
      this.#held.set(held.batch, held)
      return held.batch
    }
    if (this.#closed) return undefined
    const asker = Promise.withResolvers<PulledBatch | undefined>()
    this.#askers.push(asker)
    const onAbort = (): void => {
      this.#askers = this.#askers.filter((one) => one !== asker)
      asker.reject(new KafkaError('ABORTED', 'Gave up waiting for a batch: the signal was aborted.', { cause: signal?.reason }))
    }
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    try {
      return await asker.promise
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Says what became of a batch; resolves when that is committed. */
  done(batch: PulledBatch, result: HandlerResult): Promise<void> {
    const held = this.#held.get(batch)
    if (!held) return Promise.reject(notInHand(batch))
    if (held.joined) return Promise.reject(joined(batch))
    const verdict = judge(batch.records, result, batch)
    this.#held.delete(batch)
    const committed = new Promise<void>((resolve, reject) => {
      held.resolve({ ...verdict, onSettled: (error) => (error ? reject(error) : resolve()) })
    })
    const where = nameOf(batch)
    this.#committing.set(where, committed)
    const settled = (): void => {
      if (this.#committing.get(where) === committed) this.#committing.delete(where)
    }
    committed.then(settled, settled)
    return committed
  }

  /**
   * A transaction takes the batch's offset in (KIP-447): until {@link left} nobody else commits it. Resolves when no older commit of the
   * partition is under way, which would count if it came later.
   */
  async join(batch: PulledBatch): Promise<void> {
    const held = this.#held.get(batch)
    if (!held) throw notInHand(batch)
    if (held.joined) throw joined(batch)
    held.joined = true
    await this.#committing.get(nameOf(batch))?.catch(() => {})
  }

  /** The transaction has ended. One that was aborted leaves the batch in hand; if nobody knows, only the coordinator can say where to go on. */
  left(batch: PulledBatch, how: 'committed' | 'aborted' | 'unknown', error?: KafkaError): void {
    const held = this.#held.get(batch)
    if (!held) return
    held.joined = false
    if (how === 'aborted') {
      if (held.returned) this.giveBack(batch)
      return
    }
    this.#held.delete(batch)
    if (how === 'unknown') held.reject(new NotCommitted({ is: 'unknown', error: error! }))
    else held.resolve({ done: batch.records.length, skips: [], moves: [], cooldownMs: undefined, committed: true })
  }

  holds(batch: PulledBatch): boolean {
    return this.#held.has(batch)
  }

  /** Gives a batch back: it is delivered again, as if for the first time. */
  giveBack(batch: PulledBatch): void {
    const held = this.#held.get(batch)
    if (held?.joined) {
      held.returned = true
      return
    }
    this.#held.delete(batch)
    if (!held || batch.signal.aborted) return
    this.#ready.unshift(held)
    this.#serve()
  }

  async open(): Promise<void> {}

  async start(): Promise<void> {}

  handle({ topic, partition, records, signal, attempt }: HandlerBatch): Promise<Verdict> {
    if (this.#refused) return Promise.reject(this.#refused)
    const batch = { topic, partition, records, signal, attempt }
    const held: Held = { batch, ...Promise.withResolvers<Verdict>() }
    signal.addEventListener(
      'abort',
      () => {
        this.#ready = this.#ready.filter((one) => one !== held)
        this.#held.delete(batch)
        held.reject(signal.reason)
      },
      { once: true },
    )
    this.#ready.push(held)
    this.#serve()
    return held.promise
  }

  async stop(): Promise<void> {}

  doing(topic: string, partition: number): string | undefined {
    const waits = this.#ready.some(({ batch }) => batch.topic === topic && batch.partition === partition)
    return waits ? 'a batch waits to be pulled' : 'a batch was pulled and is not committed yet'
  }

  /** Nothing of the user's is called. */
  longest(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { resolve } of this.#askers) resolve(undefined)
    this.#askers = []
  }

  /** Nobody will take what is ready: it stays uncommitted. */
  refuse(reason: KafkaError): void {
    this.#refused = reason
    for (const { reject } of this.#ready) reject(reason)
    this.#ready = []
    void this.close()
  }

  #serve(): void {
    while (this.#askers.length > 0 && this.#ready.length > 0) {
      const held = this.#ready.shift()!
      this.#held.set(held.batch, held)
      this.#askers.shift()!.resolve(held.batch)
    }
  }
}

const nameOf = ({ topic, partition }: PulledBatch): string => `${topic}-${partition}`

function joined({ topic, partition }: PulledBatch): KafkaError {
  const text = `This batch of ${topic}-${partition} is part of a transaction that has not ended: it is committed with it.`
  return new KafkaError('INVALID_ARGUMENT', text, { topic, partition })
}

function notInHand({ topic, partition, signal }: PulledBatch): KafkaError {
  if (signal?.aborted && signal.reason instanceof KafkaError) return signal.reason
  const text = `This batch of ${topic}-${partition} is not in your hands: it was committed or given back before. Commit each batch that group.pull() gives once.`
  return new KafkaError('INVALID_ARGUMENT', text, { topic, partition })
}
