/** Sends records in every way a producer offers, gives some up, flushes, closes and begins anew. Enters everything in the ledger. */
import { type BatchResult, KafkaError, type Producer, type ProducerRecord, type RecordMetadata } from '../../src/main/index.ts'
import { Chance } from './chance.ts'
import { type Ledger, nameOf, type Promises, type Sent, TOO_LATE } from './ledger.ts'
import type { PlannedWriter } from './plan.ts'
import { sleep, type World } from './world.ts'

const WRITERS = 3
const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz'
const GRACE_MS = 1_000

type Settle = (error: KafkaError | null, metadata?: RecordMetadata) => void

export class Writer {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #plan: PlannedWriter
  readonly #chance: Chance
  readonly #promises: Promises
  /** Sends and other calls that are under way. */
  readonly #pending = new Set<Promise<unknown>>()
  #producer: Producer
  #life = 0
  #sequence = 0

  constructor(world: World, ledger: Ledger, plan: PlannedWriter, seed: number) {
    this.#world = world
    this.#ledger = ledger
    this.#plan = plan
    this.#chance = new Chance(seed, WRITERS, Number(plan.options.name.slice(1)))
    const { idempotent = true, acks, deliveryTimeoutMs } = plan.options
    this.#promises = { idempotent, confirmed: acks !== 0, deliveryTimeoutMs }
    this.#producer = world.kafka.producer(plan.options)
  }

  /** Sends all its records. */
  async run(): Promise<void> {
    for (let left = this.#plan.records; left > 0; ) {
      const burst = Math.min(left, this.#chance.between(1, this.#chance.oneOf([3, 12, 40])))
      left -= burst
      this.#burst(burst)
      if (this.#chance.oneIn(25)) this.#watch(this.#flush())
      if (this.#chance.oneIn(60)) this.#reopen()
      await sleep(this.#world, this.#chance.oneIn(3) ? this.#chance.pick(400) : this.#chance.pick(20))
    }
  }

  /** Resolves when everything under way has ended. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
  }

  /** IX4: writes to every partition until each has taken a record. */
  async resume(deadline: number): Promise<void> {
    const targets = [...this.#world.cluster.topics.values()].flatMap(({ name, partitions }) =>
      partitions.map(({ index }) => ({ topic: name, partition: index })),
    )
    await Promise.all(
      targets.map(async ({ topic, partition }) => {
        let last: unknown
        while (this.#world.env.now() < deadline) {
          const sent = this.#enter(topic, partition)
          await this.#produce(sent)
          if (sent.result && 'metadata' in sent.result) return
          last = sent.result?.error
          await sleep(this.#world, 100)
        }
        this.#problem(`IX4: nothing can be sent to ${topic}-${partition} after the trouble: ${last}`)
      }),
    )
  }

  /** IP8, to be looked at in every moment. */
  check(): void {
    const { bufferedBytes } = this.#producer
    if (bufferedBytes < 0 || bufferedBytes > this.#plan.options.bufferMemory) {
      this.#problem(`IP8: ${this.#plan.options.name} holds ${bufferedBytes} bytes`)
    }
  }

  /** When everything is settled nothing may be left. */
  checkEmpty(): void {
    const { bufferedBytes } = this.#producer
    if (bufferedBytes !== 0) this.#problem(`IP8: ${this.#plan.options.name} still holds ${bufferedBytes} bytes`)
  }

  #problem(text: string): void {
    this.#world.problems.add(text)
  }

  #watch(work: Promise<unknown>): void {
    this.#pending.add(work)
    work.finally(() => this.#pending.delete(work))
  }

  #enter(topic: string, partition?: number): Sent {
    const chance = this.#chance
    const sequence = this.#sequence++
    const writer = `${this.#plan.options.name}.${this.#life}`
    const filler = CHARACTERS[sequence % CHARACTERS.length]!.repeat(
      chance.oneIn(150) ? 60_000 : chance.pick(this.#plan.valueBytes),
    )
    const value = `${writer}/${sequence}/${filler}`
    const early = chance.oneIn(4) ? { timestamp: 1_600_000_000_000 + chance.pick(1e9) } : {}
    const timestamp = chance.oneIn(100) ? { timestamp: TOO_LATE } : early
    const record = { topic, ...(partition !== undefined && { partition }), value, ...timestamp }
    return this.#ledger.enter(writer, sequence, record, this.#promises)
  }

  #next(): Sent {
    const topic = this.#chance.oneOf(this.#plan.topics)
    const known = this.#world.cluster.topics.get(topic)?.partitions.length ?? 1
    return this.#enter(topic, this.#chance.oneIn(6) ? undefined : this.#chance.pick(known))
  }

  #settle(sent: Sent): Settle {
    return (error, metadata) => this.#ledger.end(sent, error ? { error } : { metadata: metadata! })
  }

  #settleAll(all: readonly Sent[], results: readonly BatchResult[]): void {
    for (const [index, result] of results.entries()) {
      this.#ledger.end(all[index]!, result.ok ? { metadata: result.metadata } : { error: result.error })
    }
  }

  #burst(size: number): void {
    switch (this.#chance.pick(8)) {
      case 0:
        this.#watch(this.#produceBatch(Array.from({ length: size }, () => this.#next())))
        break
      case 1: {
        const all = Array.from({ length: size }, () => this.#next())
        const done = Promise.withResolvers<void>()
        this.#watch(done.promise)
        this.#guard(all, () =>
          this.#producer.produceBatchAsync(
            all.map(({ record }) => record),
            (results) => {
              this.#settleAll(all, results)
              done.resolve()
            },
          ),
        )
        break
      }
      default:
        for (let i = 0; i < size; i++) this.#send(this.#next())
    }
  }

  #send(sent: Sent): void {
    switch (this.#chance.pick(10)) {
      case 0: {
        const attempt = this.#producer.tryProduce(sent.record)
        if (attempt) this.#watch(this.#follow(sent, attempt))
        else this.#refuse(sent)
        break
      }
      case 1: {
        const done = Promise.withResolvers<void>()
        this.#watch(done.promise)
        const settle = this.#settle(sent)
        this.#guard([sent], () =>
          this.#producer.produceAsync(sent.record, (error, metadata) => {
            settle(error, metadata)
            done.resolve()
          }),
        )
        break
      }
      case 2:
        sent.unobserved = true
        this.#guard([sent], () => this.#producer.produceAsync(sent.record))
        break
      case 3: {
        const abort = new AbortController()
        const ms = this.#chance.pick(this.#chance.oneOf([5, 500, 5_000]))
        this.#world.env.setTimeout(() => abort.abort(new Error('changed my mind')), ms)
        this.#watch(this.#follow(sent, this.#producer.produce(sent.record, { signal: abort.signal })))
        break
      }
      default:
        this.#watch(this.#produce(sent))
    }
  }

  #produce(sent: Sent): Promise<void> {
    return this.#follow(sent, this.#producer.produce(sent.record))
  }

  async #follow(sent: Sent, promise: Promise<RecordMetadata>): Promise<void> {
    const settle = this.#settle(sent)
    await promise.then(
      (metadata) => settle(null, metadata),
      (error) => settle(error),
    )
  }

  async #produceBatch(all: Sent[]): Promise<void> {
    const abort = new AbortController()
    if (this.#chance.oneIn(4)) this.#world.env.setTimeout(() => abort.abort(), this.#chance.pick(1_000))
    const records: ProducerRecord[] = all.map(({ record }) => record)
    try {
      this.#settleAll(all, await this.#producer.produceBatch(records, { signal: abort.signal }))
    } catch (error) {
      // given up as a whole: each may be written or not
      for (const sent of all) this.#ledger.end(sent, { error })
    }
  }

  /** A call that throws has accepted nothing. */
  #guard(all: Sent[], call: () => unknown): void {
    try {
      call()
    } catch (error) {
      for (const sent of all) {
        sent.unobserved = false
        this.#ledger.end(sent, { error })
      }
    }
  }

  #refuse(sent: Sent): void {
    this.#ledger.end(sent, { error: new KafkaError('BUFFER_FULL', 'tryProduce had no room', { outcome: 'not-written' }) })
  }

  /** Everything sent before is settled when a flush resolves; it rejects only for what nobody observed. */
  async #flush(): Promise<void> {
    const { env } = this.#world
    const before = this.#ledger.sent.filter(({ writer }) => writer === `${this.#plan.options.name}.${this.#life}`)
    const began = env.now()
    await this.#producer.flush().catch((error) => this.#checkError('flush', error))
    const open = before.find(({ endings, unobserved }) => endings === 0 && !unobserved)
    if (open) this.#problem(`IP7: flush() ended before ${nameOf(open)} was settled`)
    // what gets room while it waits is waited for too
    const limit = 2 * this.#promises.deliveryTimeoutMs + GRACE_MS
    if (env.now() - began > limit) this.#problem(`IP7: flush() took ${(env.now() - began).toFixed(0)} ms`)
  }

  /** The old one finishes while the new one begins. */
  #reopen(): void {
    const { kafka } = this.#world
    const old = this.#producer
    const [name, life] = [this.#plan.options.name, ++this.#life]
    this.#watch(
      old.close().then(
        () => {},
        (error) => this.#checkError('close', error),
      ),
    )
    try {
      this.#producer = kafka.producer({ ...this.#plan.options, name: `${name}-${life}` })
    } catch (error) {
      this.#checkError('kafka.producer', error)
    }
  }

  #checkError(call: string, error: unknown): void {
    if (!(error instanceof KafkaError) || error.code === 'INTERNAL') this.#problem(`IX1: ${call}() ended with ${error}`)
  }
}
