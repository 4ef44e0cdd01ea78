/**
 * Judges what members of a group did to topics while something went wrong: what was delivered and handled, by the offsets, and that no
 * commit was ever ahead of it. Members share one ledger; it does not matter who handles what.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { ConsumedRecord, ConsumerGroup, ConsumerGroupOptions, HandlerContext, Kafka } from '../../src/main/index.ts'
import { committedOffsets, eventually, fill, freshGroup } from './group-support.ts'

interface Line {
  /** How often each record was delivered, and how often a handler was done with it. */
  delivered: number[]
  handled: number[]
}

export interface Verdict {
  /** Whether something happened that may deliver a record twice. */
  repeats?: boolean
  timeoutMs?: number
}

export class GroupLedger {
  readonly groupName: string
  readonly topic: string
  readonly partitions: number
  /** What must not be. */
  readonly wrong: string[] = []
  readonly events: string[] = []
  readonly members: ConsumerGroup[] = []
  written = 0
  readonly #brokers: readonly string[]
  readonly #lines: Line[]
  #watching: Promise<void> | undefined
  #over = false

  constructor(brokers: readonly string[], topic: string, partitions: number, groupName = freshGroup()) {
    this.#brokers = brokers
    this.topic = topic
    this.partitions = partitions
    this.groupName = groupName
    this.#lines = Array.from({ length: partitions }, () => ({ delivered: [], handled: [] }))
  }

  /** So many more records to each partition. */
  async write(kafka: Kafka, count: number): Promise<void> {
    await fill(kafka, this.topic, this.partitions, count, this.written)
    this.written += count
  }

  get handledCount(): number {
    return this.#lines.reduce((sum, { handled }) => sum + handled.filter((times) => times > 0).length, 0)
  }

  get repeated(): number {
    return this.#lines.reduce((sum, { handled }) => sum + handled.reduce((all, times) => all + Math.max(0, times - 1), 0), 0)
  }

  /** Everything before this offset was handled. */
  handledUpTo(partition: number): number {
    const { handled } = this.#lines[partition]!
    const gap = handled.findIndex((times) => !(times > 0))
    return gap < 0 ? handled.length : gap
  }

  deliver(records: readonly { partition: number; offset: number; value?: unknown }[]): void {
    for (const { partition, offset, value } of records) {
      const { delivered } = this.#lines[partition]!
      if (offset > delivered.length) this.wrong.push(`${partition}@${offset} was delivered after ${delivered.length - 1}`)
      if (value !== undefined && String(value) !== `${partition}:${offset}`)
        this.wrong.push(`${partition}@${offset} came with the value ${value}`)
      delivered[offset] = (delivered[offset] ?? 0) + 1
    }
  }

  done(records: readonly { partition: number; offset: number }[]): void {
    for (const { partition, offset } of records) {
      const { handled } = this.#lines[partition]!
      while (handled.length < offset) handled.push(0)
      handled[offset] = (handled[offset] ?? 0) + 1
    }
  }

  /** There is no such record, or somebody decided to go past it: as good as handled. */
  skip(partition: number, offsets: readonly number[]): void {
    const records = offsets.map((offset) => ({ partition, offset }))
    this.deliver(records)
    this.done(records)
  }

  /** A member that handles by `work`, and is done with a batch when that has ended well. */
  member(
    kafka: Kafka,
    options: Partial<ConsumerGroupOptions> = {},
    work: (records: ConsumedRecord[], context: HandlerContext) => unknown = () => {},
  ): ConsumerGroup {
    const group = kafka.consumerGroup({
      groupName: this.groupName,
      topics: [this.topic],
      ...options,
      defaultTopicConfig: {
        offsetResetPolicy: 'earliest',
        handlerMaxBatchSize: 10,
        handlerRetryBackoffMs: 5,
        ...options.defaultTopicConfig,
      },
      handler: {
        handleRecordBatch: async (_topic, _partition, records, context) => {
          this.deliver(records)
          await work(records, context)
          // what was taken away meanwhile does not count
          if (!context.signal.aborted) this.done(records)
        },
      },
    })
    const name = `member ${this.members.push(group)}`
    const note = (text: string): void => void this.events.push(`${name}: ${text}`)
    group.on('assigned', (partitions) => note(`assigned ${partitions.length}`))
    group.on('revoked', (partitions) => note(`revoked ${partitions.length}`))
    group.on('lost', (partitions, reason) =>
      note(`lost ${partitions.length} ${reason.code} ${reason.context.brokerError ?? ''}`.trimEnd()),
    )
    group.on('fatal', (error) => note(`fatal ${error.message}`))
    group.on('partitionFailed', ({ partition, error }) => note(`failed ${partition} ${error.code}`))
    group.on('offsetReset', ({ partition, offset, error }) => {
      // where nothing is committed that is how it begins
      if (offset > 0 || error) note(`reset ${partition} to ${offset} ${error?.code}`)
    })
    return group
  }

  /** From now on no commit may be ahead of what was handled (IC3), nor go back. Ends with {@link settle}. */
  watchCommits(): void {
    const places = Array.from({ length: this.partitions }, (_, partition) => ({ topic: this.topic, partition }))
    const last = places.map(() => -1)
    this.#watching ??= (async () => {
      while (!this.#over) {
        try {
          const committed = await committedOffsets(this.#brokers, this.groupName, places)
          for (const [partition, { offset }] of committed.entries()) {
            if (offset > this.handledUpTo(partition))
              this.wrong.push(
                `${partition}: ${offset} was committed, but only ${this.handledUpTo(partition)} records were handled`,
              )
            if (offset < last[partition]!)
              this.wrong.push(`${partition}: the commit went back from ${last[partition]} to ${offset}`)
            last[partition] = offset
          }
        } catch {
          // a broker that is down says nothing
        }
        await sleep(100)
      }
    })()
  }

  /** Resolves when everything that was written was handled. */
  async caughtUp(timeoutMs = 45_000): Promise<void> {
    await eventually(() => {
      const all = Array.from({ length: this.partitions }, (_, partition) => this.handledUpTo(partition))
      const what = this.members.map((member) => member.why()).filter(({ partitions }) => partitions.length > 0)
      expect(all, JSON.stringify({ what, events: this.events }, undefined, 1)).toEqual(all.map(() => this.written))
    }, timeoutMs)
  }

  /** Everything was handled, in order, once unless something had to be repeated; then all members stop, and all of it is committed. */
  async settle({ repeats = false, timeoutMs }: Verdict = {}): Promise<void> {
    await this.caughtUp(timeoutMs)
    // what should not come has time to come
    await sleep(100)
    await Promise.all(this.members.map((member) => member.stop()))
    this.#over = true
    await this.#watching
    expect(this.wrong).toEqual([])
    if (!repeats) expect(this.repeated).toBe(0)
    const places = Array.from({ length: this.partitions }, (_, partition) => ({ topic: this.topic, partition }))
    const committed = await committedOffsets(this.#brokers, this.groupName, places)
    expect(committed.map(({ offset }) => offset)).toEqual(places.map(() => this.written))
  }
}

/** A few records now and then until it is told to stop. */
export function traffic(ledger: GroupLedger, kafka: Kafka, { count = 5, pauseMs = 20 } = {}): { stop(): Promise<void> } {
  let over = false
  const running = (async () => {
    while (!over) {
      await ledger.write(kafka, count)
      await sleep(pauseMs)
    }
  })()
  running.catch(() => {})
  return {
    stop: () => {
      over = true
      return running
    },
  }
}
