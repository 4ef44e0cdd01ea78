/**
 * One run of a handler on records: the parts that a group has between broker and handler, with a log, a coordinator and a producer in
 * memory around them. Wires and waits; what becomes of a record is decided where a group decides it.
 */
import type { Env } from '../../../shared/env.ts'
import { KafkaError } from '../../../shared/errors.ts'
import type { IoApi } from '../../../shared/io-api.ts'
import { nodeEnv } from '../../../shared/node-env.ts'
import { checkOptions } from '../../../shared/options.ts'
import { type OffsetCommitRequest, offsetCommit } from '../../../shared/protocol/generated/offset-commit.ts'
import type { ProducerRecord } from '../../../shared/types.ts'
import { Credits } from '../../credits.ts'
import { Fetchers } from '../../fetchers.ts'
import { Assignment } from '../../group/assignment.ts'
import { Committer } from '../../group/committer.ts'
import type { FeedContext, HandlerErrorEvent } from '../../group/feed-context.ts'
import { Flow } from '../../group/flow.ts'
import type { PartitionErrorEvent } from '../../group/group-events.ts'
import { GroupCounter } from '../../group/group-metrics.ts'
import { type CheckedGroupOptions, groupOptions, topicConfigFor } from '../../group/group-options.ts'
import { hostOf } from '../../group/hosts.ts'
import { Mover } from '../../group/moves.ts'
import { PrefetchBudget } from '../../group/prefetch-budget.ts'
import type { FeedTransactions } from '../../group/transacted.ts'
import type { Action, AssignedPartition, GroupHandler, StopReason, TopicPartition } from '../../group/types.ts'
import type { Producer } from '../../producer.ts'
import type { TransactionalGroup } from '../../transactions/group-offsets.ts'
import type { Transaction } from '../../transactions/transaction.ts'
import { handlerGroup } from './handler-group.ts'
import { HastyEnv } from './hasty-env.ts'
import { DEFAULT_TOPIC, encode, type HandlerRecord, logsOf, type PartitionLog, type Place } from './log.ts'
import { MemoryTransaction } from './memory-transaction.ts'
import { type RunHandlerOptions, runHandlerSchema } from './options.ts'
import { type HandlerCall, WatchedHost } from './watched-host.ts'

/** What became of one record. */
export interface HandledRecord extends Place {
  /** As the group would have taken it, `handlerGiveUp` included; 'retry': it is not done. Undefined: it was never handed out. */
  action: Action | undefined
  /** How often it was handed out. */
  attempts: number
}

/** An offset that the group would have committed. */
export interface HandlerCommit extends Place {
  /** What was skipped, moved or tried again, in words. */
  metadata: string
}

/** What a run of a handler came to. */
export interface HandlerRun {
  /** In the order in which the records were given. */
  records: HandledRecord[]
  /** Every call of the handler, in order. */
  calls: HandlerCall[]
  /** What went to other topics, as it would have been produced. */
  moved: ProducerRecord[]
  /** What the handler handed to `context.tx`, of transactions that were committed. */
  produced: ProducerRecord[]
  /** In the order in which they were committed. */
  commits: HandlerCommit[]
  /** As the group's event `handlerError` tells them. */
  errors: HandlerErrorEvent[]
  /** As the group's event `partitionFailed` tells them: partitions that stand still. */
  failed: PartitionErrorEvent[]
}

export type RunnableHandler = GroupHandler | GroupHandler['handleRecordBatch'] | URL

export async function run(
  handler: RunnableHandler,
  records: Iterable<HandlerRecord>,
  options: RunHandlerOptions,
): Promise<HandlerRun> {
  const { deliveries, signal, groupName, threads, threadOptions, handlerTimeoutMs, ...topicConfig } = checkOptions(
    runHandlerSchema,
    options,
    'runHandler()',
  )
  const env = nodeEnv()
  const { logs, places } = logsOf(records, env.wallClock())
  const names = new Set(logs.map(({ topic }) => topic))
  const group = checkOptions(
    groupOptions,
    {
      groupName,
      topics: names.size > 0 ? [...names] : [DEFAULT_TOPIC],
      handler: typeof handler === 'function' ? { handleRecordBatch: handler } : handler,
      defaultTopicConfig: topicConfig,
      ...(threads !== undefined && { threads }),
      ...(threadOptions !== undefined && { threadOptions }),
      ...(handlerTimeoutMs !== undefined && { handlerTimeoutMs }),
    },
    'runHandler()',
  )
  return new Run(env, logs, group, deliveries).result(places, signal)
}

class Run {
  readonly #env: HastyEnv
  readonly #logs: PartitionLog[]
  readonly #group: CheckedGroupOptions
  readonly #host: WatchedHost
  readonly #assignment: Assignment
  readonly #over = Promise.withResolvers<StopReason>()
  readonly #moved: ProducerRecord[] = []
  readonly #produced: ProducerRecord[] = []
  readonly #commits: HandlerCommit[] = []
  readonly #errors: HandlerErrorEvent[] = []
  readonly #failed: PartitionErrorEvent[] = []
  /** Partitions in which something was handed out often enough. */
  readonly #ended = new Set<string>()

  constructor(env: Env, logs: PartitionLog[], group: CheckedGroupOptions, deliveries: number) {
    this.#env = new HastyEnv(env)
    this.#logs = logs
    this.#group = group
    const seen = handlerGroup(
      group.groupName,
      () => this.#assignment,
      () => this.#look(),
      () => this.#over.resolve('stopped'),
    )
    // what the handler waits for takes its time, and so do the limits of it
    const { host } = hostOf(seen, group, env, () => {})
    this.#host = new WatchedHost(host, deliveries, (partition) => this.#enough(partition))
    const parts = this.#parts()
    this.#assignment = new Assignment({
      contextOf: ({ topic }) => {
        const topicConfig = topicConfigFor(group, topic)
        return { ...parts, topicConfig, ...(topicConfig.transactional && { transactions: this.#transactions() }) }
      },
      place: (feeds) => {
        for (const feed of feeds)
          feed.begin({ offset: this.#logs[feed.partition.handle]!.records[0]!.offset, leaderEpoch: -1 }, true)
      },
      unplace: () => {},
    })
  }

  async result(places: readonly Place[], signal: AbortSignal | undefined): Promise<HandlerRun> {
    await this.#host.open()
    const onAbort = (): void => this.#over.resolve('revoked')
    try {
      signal?.addEventListener('abort', onAbort, { once: true })
      if (signal?.aborted) onAbort()
      const partitions = this.#logs.map(({ topic, partition }, handle) => ({ topic, partition, handle, topicId: topic }))
      this.#assignment.add(partitions)
      this.#look()
      const reason = await this.#over.promise
      await this.#end(partitions, reason)
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await this.#host.close()
    }
    const { calls } = this.#host
    const committed = new Map(this.#commits.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]))
    const records = places.map((place) => this.#handled(place, committed))
    const [moved, produced] = [this.#moved, this.#produced]
    return { records, calls, moved, produced, commits: this.#commits, errors: this.#errors, failed: this.#failed }
  }

  /** One that was aborted waits for nothing. */
  async #end(partitions: AssignedPartition[], reason: StopReason): Promise<void> {
    const feeds = [...this.#assignment.feeds]
    await this.#assignment.giveBack(partitions, reason, reason === 'stopped' ? Number.POSITIVE_INFINITY : this.#env.now())
    await Promise.all(feeds.map(({ ended }) => ended))
  }

  #parts(): Omit<FeedContext, 'topicConfig'> {
    const env = this.#env
    const group = this.#group
    const fetchers = new Fetchers()
    const credits = this.#credits(fetchers)
    return {
      env,
      credits,
      fetcher: fetchers.number(group.fetcherName, group.isolationLevel),
      flow: new Flow(env, group, { onLimited() {}, onAdapted() {}, onGate() {}, onGateFailed() {} }),
      host: this.#host,
      committer: this.#committer(),
      mover: new Mover(() => this.#producer(), group.groupName),
      budget: new PrefetchBudget(group.prefetchBytes),
      metrics: new GroupCounter(),
      events: {
        onHandlerError: (event) => this.#errors.push(event),
        onFailed: ({ topic, partition }, error) => {
          this.#failed.push({ topic, partition, error })
          this.#look()
        },
        // the log in memory answers every read, and no position is ever lost
        onReadError() {},
        onPositionNeeded() {},
      },
      highWatermark: (handle) => this.#logs[handle]!.end,
    }
  }

  /** Every read gets all that there is from its offset on; one at the end is never answered. */
  #credits(fetchers: Fetchers): Credits {
    const bytes = this.#logs.map(({ records }) => encode(records))
    const cancelled = new Set<number>()
    const credits: Credits = new Credits(
      this.#env,
      {
        home: () => 0,
        submission: () => ({
          credit: (number, handle, { offset }) => {
            const { end } = this.#logs[handle]!
            if (offset >= end) return
            this.#env.defer(() => {
              if (!cancelled.delete(number)) credits.onFetched(number, end, -1, bytes[handle]!)
            })
          },
          cancel: (number) => void cancelled.add(number),
        }),
      },
      fetchers,
    )
    return credits
  }

  #committer(): Committer {
    const call = async (_node: unknown, apiKey: number, body: unknown) => {
      if (apiKey !== offsetCommit.key) throw new KafkaError('INTERNAL', `a run of a handler has no API ${apiKey}`)
      const { topics } = body as OffsetCommitRequest
      for (const { name: topic, partitions } of topics) {
        for (const { partitionIndex: partition, committedOffset: offset, committedMetadata } of partitions)
          this.#commits.push({ topic, partition, offset, metadata: committedMetadata ?? '' })
      }
      this.#look()
      const answered = topics.map(({ name, topicId, partitions }) => {
        return { name, topicId, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: 0 })) }
      })
      return { body: { topics: answered } }
    }
    return new Committer(
      { env: this.#env, io: { call } as unknown as Pick<IoApi, 'call'>, options: { requestTimeoutMs: 1_000, retryBackoffMs: 1 } },
      this.#coordinates,
      { instanceId: undefined, count: 1 },
      { onRefused() {}, onCommitted() {} },
    )
  }

  get #coordinates(): TransactionalGroup {
    const { groupName: groupId } = this.#group
    const member = { memberId: () => 'handler', memberEpoch: () => 1, instanceId: undefined }
    return { groupId, ...member, coordinator: async () => 1, coordinatorFailed() {} }
  }

  #transactions(): FeedTransactions {
    return {
      group: this.#coordinates,
      run: async (work) => {
        const tx = new MemoryTransaction(`${this.#group.groupName}-0`)
        try {
          const result = await work(tx as unknown as Transaction)
          tx.commit()
          this.#moved.push(...tx.moved)
          this.#produced.push(...tx.produced)
          for (const { topic, partition, offset, metadata } of tx.offsets)
            this.#commits.push({ topic, partition, offset, metadata })
          return result
        } finally {
          tx.abort()
          this.#look()
        }
      },
    }
  }

  #producer(): Producer {
    const produceBatch = async (records: ProducerRecord[]) => {
      this.#moved.push(...records)
      return records.map(({ topic, timestamp = 0 }) => ({ ok: true, metadata: { topic, partition: 0, offset: 0, timestamp } }))
    }
    return { produceBatch } as unknown as Producer
  }

  #enough({ topic, partition }: TopicPartition): void {
    this.#ended.add(`${topic}-${partition}`)
    void this.#assignment.get(topic, partition)?.stop('stopped', Number.POSITIVE_INFINITY)
    this.#look()
  }

  /** Whether there is anything left to do, as soon as what is under way shows. */
  #look(): void {
    this.#env.defer(() => {
      for (const { partition, state } of this.#assignment.feeds) {
        const { topic, partition: index, handle } = partition
        const done = state.committed >= this.#logs[handle]!.end && state.doing !== 'commit'
        if (done || state.doing === 'failed' || state.doing === 'paused' || this.#ended.has(`${topic}-${index}`)) continue
        return
      }
      this.#over.resolve('stopped')
    })
  }

  #handled({ topic, partition, offset }: Place, committed: ReadonlyMap<string, number>): HandledRecord {
    const { attempts, action } = this.#host.fateOf(topic, partition, offset)
    const { handlerGiveUp } = topicConfigFor(this.#group, topic)
    // the group decided about it when the handler could not
    const givenUp = action === 'retry' && handlerGiveUp !== 'stop' && offset < (committed.get(`${topic}-${partition}`) ?? 0)
    return { topic, partition, offset, action: givenUp ? handlerGiveUp : action, attempts }
  }
}
