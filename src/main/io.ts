/** All I/O threads of a client as one: spreads partitions over them and says everything else to each. */
import type { Env } from '../shared/env.ts'
import { KafkaError, type WireError } from '../shared/errors.ts'
import type {
  BrokerAddress,
  CallOptions,
  CallResult,
  CallTarget,
  IoApi,
  LaneOpening,
  PartitionLeader,
  ProducerSettings,
  TransactionTerms,
} from '../shared/io-api.ts'
import { nextIdentity } from '../shared/next-identity.ts'
import { createOffsetTable, OffsetTable } from '../shared/offset-table.ts'
import type { EndTxnRequest, EndTxnResponse } from '../shared/protocol/generated/end-txn.ts'
import type { SubmissionWriter } from '../shared/submission.ts'
import { Heartbeats } from './heartbeats.ts'
import { IoThread, type IoThreadEvents, type IoThreadOptions } from './io-thread.ts'

export class Io implements Omit<IoApi, 'adopt' | 'nextTransaction' | 'heartbeat' | 'endHeartbeats'> {
  readonly offsets: OffsetTable
  /** Of all members of groups; the first thread sends them. */
  readonly heartbeats: Heartbeats
  readonly #threads: IoThread[]
  /** Handle → index of its thread. */
  readonly #homes: number[] = []

  /** `ioThreads` 0 runs the one core on the calling thread. */
  constructor(env: Env, options: IoThreadOptions & { ioThreads: number }, events: (thread: number) => IoThreadEvents) {
    const memory = createOffsetTable()
    this.offsets = new OffsetTable(memory)
    const count = Math.max(1, options.ioThreads)
    this.heartbeats = new Heartbeats(env, () => this.#threads[0]!)
    this.#threads = Array.from({ length: count }, (_, index) => {
      const told = index === 0 ? this.heartbeats.hear(events(index)) : events(index)
      return new IoThread(env, options, memory, options.ioThreads === 0, told)
    })
  }

  /** The index of the thread that a partition lives on for its whole life. */
  home(handle: number): number {
    return this.#homes[handle]!
  }

  submission(thread: number): SubmissionWriter {
    return this.#threads[thread]!.submission
  }

  get submissions(): SubmissionWriter[] {
    return this.#threads.map(({ submission }) => submission)
  }

  /** Whether records are waiting outside a full ring. */
  get spilled(): boolean {
    const threads = this.#threads
    for (let i = 0; i < threads.length; i++) if (threads[i]!.submission.spilled) return true
    return false
  }

  waitForRoom(thread: number): void {
    this.#threads[thread]!.waitForRoom()
  }

  async setBrokers(brokers: BrokerAddress[]): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.tell('setBrokers', brokers)))
  }

  async setPartitions(partitions: PartitionLeader[]): Promise<void> {
    for (const { handle, topic, partition } of partitions) {
      this.offsets.grow(handle)
      this.#homes[handle] ??= homeOf(topic, partition, this.#threads.length)
    }
    await this.#eachWith(
      partitions,
      ({ handle }) => handle,
      (thread, some) => thread.tell('setPartitions', some),
    )
  }

  async dropPartitions(handles: number[], error: WireError): Promise<void> {
    await this.#eachWith(
      handles,
      (handle) => handle,
      (thread, some) => thread.tell('dropPartitions', some, error),
    )
  }

  async openProducer(settings: ProducerSettings): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.tell('openProducer', settings)))
  }

  async closeProducer(producer: number): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.tell('closeProducer', producer)))
  }

  async openLanes(lanes: LaneOpening[]): Promise<void> {
    await this.#eachWith(
      lanes,
      ({ handle }) => handle,
      (thread, some) => thread.tell('openLanes', some),
    )
  }

  async setTransaction(producer: number, terms: TransactionTerms): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.tell('setTransaction', producer, terms)))
  }

  async admitPartitions(producer: number, handles: number[]): Promise<void> {
    await this.#eachWith(
      handles,
      (handle) => handle,
      (thread, some) => thread.tell('admitPartitions', producer, some),
    )
  }

  async dropRecords(producer: number, error: WireError): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.tell('dropRecords', producer, error)))
  }

  /** The first thread makes it. When it resolves, all know of the identity that the answer names for `endsTransactionOf`. */
  async call(target: CallTarget, apiKey: number, body: unknown, options?: CallOptions): Promise<CallResult> {
    const [first, ...others] = this.#threads as [IoThread, ...IoThread[]]
    const result = await first.call(target, apiKey, body, options)
    const producer = options?.endsTransactionOf
    const terms = producer === undefined ? undefined : nextIdentity(result.body as EndTxnResponse)
    if (terms) {
      const { producerId, producerEpoch } = body as EndTxnRequest
      const news = [producer!, { producerId, producerEpoch }, terms] as const
      first.heard('nextTransaction', ...news)
      if (others.length > 0) await Promise.all(others.map((thread) => thread.tell('nextTransaction', ...news)))
    }
    return result
  }

  /** @internal Ends a thread as a crash does. */
  crash(thread: number, cause: Error): void {
    this.#threads[thread]!.crash(cause)
  }

  async close(): Promise<void> {
    this.heartbeats.close(new KafkaError('CLOSED', 'The client was closed.'))
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  async #eachWith<T>(
    items: T[],
    handleOf: (item: T) => number,
    say: (thread: IoThread, items: T[]) => Promise<void>,
  ): Promise<void> {
    const groups = this.#threads.map((): T[] => [])
    for (const item of items) groups[this.home(handleOf(item))]!.push(item)
    await Promise.all(this.#threads.map((thread, index) => groups[index]!.length > 0 && say(thread, groups[index]!)))
  }
}

/** FNV-1a over topic and partition: the same on every client, so that load is spread alike. */
function homeOf(topic: string, partition: number, threads: number): number {
  if (threads === 1) return 0
  let hash = 0x811c9dc5
  for (let i = 0; i < topic.length; i++) hash = Math.imul(hash ^ topic.charCodeAt(i), 0x01000193)
  return (Math.imul(hash ^ partition, 0x01000193) >>> 0) % threads
}
