/**
 * The client: one object a process, holding the I/O threads, the view of the cluster, the producers and the admin. Wires them
 * and owns their end; knows no records.
 */
import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { IoEvent } from '../shared/io-api.ts'
import { nodeEnv } from '../shared/node-env.ts'
import { checkOptions } from '../shared/options.ts'
import type { Abortable, FetchedBatch, FetchPosition } from '../shared/types.ts'
import { Admin } from './admin.ts'
import { guarded } from './callback-guard.ts'
import { Credits } from './credits.ts'
import { Fetcher } from './fetcher.ts'
import { Fetchers } from './fetchers.ts'
import { ConsumerGroup } from './group/consumer-group.ts'
import { type ConsumerGroupOptions, checkGroupOptions } from './group/group-options.ts'
import { Io } from './io.ts'
import type { IoThreadEvents, ThreadNews } from './io-thread.ts'
import { Metadata } from './metadata.ts'
import {
  bootstrapAddresses,
  type CheckedKafkaOptions,
  type CloseOptions,
  closeOptions,
  connectableHosts,
  type FetchOptions,
  fetchOptions,
  type KafkaOptions,
  kafkaOptions,
} from './options.ts'
import { Producer, type ProducerDeps } from './producer.ts'
import { type CheckedProducerOptions, type ProducerOptions, producerOptions } from './producer-options.ts'
import { checkFits, checkSame } from './producer-settings.ts'
import type { ProducerLane } from './producer-topic.ts'
import type { LaneTally } from './salvage.ts'
import { SecurityDesk } from './security/security-desk.ts'
import { makeTransactionalId } from './transactions/make-transactional-id.ts'
import type { Transaction } from './transactions/transaction.ts'
import { type TransactionOptions, transactionOptions, transactionPoolOptions } from './transactions/transaction-options.ts'
import { TransactionPool } from './transactions/transaction-pool.ts'

/** A connection to a broker came up or ended. */
export interface ConnectionEvent {
  nodeId: number
  /** `host:port`. */
  broker: string
  state: 'connected' | 'disconnected'
  /** Why it ended. */
  error: KafkaError | undefined
}

/** A broker holds this client back, since a quota of it is used up (KIP-219). */
export interface ThrottleEvent {
  nodeId: number
  /** `host:port`. */
  broker: string
  /** The API whose answer said so, such as `Produce`. */
  api: string
  /** Nothing is sent on that connection for so long; 60,000 at most, whatever the broker says. */
  throttleTimeMs: number
}

/** A broker lost records that it had acknowledged. */
export interface DataLossEvent {
  topic: string
  partition: number
  detail: string
}

/** News of one I/O thread; `thread` counts from 0. */
export type IoThreadEvent = { thread: number } & ThreadNews

export interface KafkaEvents {
  connection: [event: ConnectionEvent]
  /** Once a second at most for each connection. Records wait meanwhile, so a quota that is too small shows as latency. */
  throttle: [event: ThrottleEvent]
  dataLoss: [event: DataLossEvent]
  /** An I/O thread crashed, was replaced, does not react, or reacts again. */
  ioThread: [event: IoThreadEvent]
  /** The client can do nothing any more; make a new one. Calls fail with the same error. */
  fatal: [error: KafkaError]
}

/** All but secrets. */
type OpenOptions = Omit<CheckedKafkaOptions, 'tls' | 'sasl'>

interface RegisteredLane {
  lane: ProducerLane
  producer: Producer
}

export class Kafka extends EventEmitter<KafkaEvents> {
  /** Topics and offsets. */
  readonly admin: Admin
  readonly #env: Env
  readonly #options: OpenOptions
  readonly #security: SecurityDesk
  readonly #io: Io
  readonly #metadata: Metadata
  readonly #fetchers = new Fetchers()
  readonly #credits: Credits
  readonly #fetcher: Fetcher
  readonly #producers = new Map<string, { producer: Producer; options: CheckedProducerOptions }>()
  /** Of transactional ids; nobody can ask for them. */
  readonly #transactional = new Set<Producer>()
  #transactions: TransactionPool | undefined
  readonly #groups = new Set<ConsumerGroup>()
  readonly #lanes: (RegisteredLane | undefined)[] = []
  #nextProducer = 0
  #nextSerial = 0
  #closing: Promise<void> | undefined
  #ended: KafkaError | undefined

  /**
   * Checks the options and starts the I/O threads. It connects when it is first used; `connect()` does so at once.
   *
   * @param env @internal another world than the real one, for simulations with `ioThreads: 0`
   * @throws KafkaError INVALID_OPTION
   */
  constructor(options: KafkaOptions, env: Env = nodeEnv()) {
    super()
    this.#env = env
    const { tls, sasl, ...open } = checkOptions(kafkaOptions, options, 'new Kafka()')
    this.#options = Object.freeze(open)
    this.#security = new SecurityDesk(this.#env, { tls, sasl, connectTimeoutMs: open.connectTimeoutMs })
    // functions cannot go to threads, nor do transactions concern them
    const { transactionPool: _, ...settings } = open
    const ioOptions = { ...settings, allowedHosts: connectableHosts(open), security: this.#security.settings }
    this.#io = new Io(this.#env, ioOptions, (thread) => this.#threadEvents(thread))
    this.#metadata = new Metadata({
      env: this.#env,
      io: this.#io,
      options: this.#options,
      bootstrap: bootstrapAddresses(this.#options.brokers),
    })
    this.#credits = new Credits(this.#env, this.#io, this.#fetchers)
    this.#fetcher = new Fetcher({
      env: this.#env,
      offsets: this.#io.offsets,
      metadata: this.#metadata,
      credits: this.#credits,
      fetchers: this.#fetchers,
    })
    this.admin = new Admin({ env: this.#env, io: this.#io, metadata: this.#metadata, options: this.#options })
  }

  /**
   * Reaches the cluster now rather than at first use.
   *
   * @throws KafkaError NO_BROKER with the reason for each address
   */
  async connect({ signal }: Abortable = {}): Promise<void> {
    this.#checkOpen()
    await this.#metadata.connect(signal)
  }

  /**
   * A producer; the same object for the same name (default 'default') until it is closed. The first call says what its options are;
   * later ones name it only, or give the same options again.
   *
   * @throws KafkaError INVALID_OPTION, also when a producer of this name exists with other options: it says which differ
   */
  producer(options: ProducerOptions = {}): Producer {
    this.#checkOpen()
    const checked = checkOptions(producerOptions, options, 'kafka.producer()')
    checkFits(checked, this.#options)
    const known = this.#producers.get(checked.name)
    if (known) {
      if (Object.keys(options).some((key) => key !== 'name')) checkSame(known.options, checked)
      return known.producer
    }
    const producer = this.#makeProducer(checked)
    this.#producers.set(checked.name, { producer, options: checked })
    return producer
  }

  /**
   * Runs the function in a transaction: commits when it returns, and resolves with what it returned; aborts when it throws, and rejects
   * with what it threw. The commit waits for all that was handed in, awaited or not, and a record that failed makes it an abort. Readers
   * with `read_committed` see all of a transaction or nothing.
   *
   * @throws KafkaError TRANSACTION_FAILED, whose `context.transaction` says what happened and `retriable` whether it may be run again;
   *   TIMEOUT when no transactional id was free in time, ABORTED, TRANSACTION_MISUSED
   */
  async transaction<T>(work: (tx: Transaction) => T | Promise<T>, options: TransactionOptions = {}): Promise<T> {
    this.#checkOpen()
    const { timeoutMs, signal } = checkOptions(transactionOptions, options, 'kafka.transaction()')
    if (typeof work !== 'function')
      throw new KafkaError('INVALID_ARGUMENT', 'kafka.transaction() takes a function of a transaction.')
    return this.#pool().run(work, { timeoutMs, signal })
  }

  /**
   * A member of a consumer group (KIP-848). It joins with `start()`, and leaves with `stop()` or the client's `close()`.
   *
   * @throws KafkaError INVALID_OPTION
   */
  consumerGroup(options: ConsumerGroupOptions): ConsumerGroup {
    this.#checkOpen()
    const checked = checkGroupOptions(options)
    const group: ConsumerGroup = new ConsumerGroup(
      {
        env: this.#env,
        io: this.#io,
        metadata: this.#metadata,
        credits: this.#credits,
        fetchers: this.#fetchers,
        options: this.#options,
        producer: () => this.producer({ name: `moved by group ${checked.groupName}`.slice(0, 249) }),
        transactions: () => this.#pool(),
        onStopped: (stopped) => this.#groups.delete(stopped),
      },
      checked,
    )
    this.#groups.add(group)
    return group
  }

  /**
   * Reads from offsets without a group. Resolves with one batch for each position, in input order, as soon as at least one has
   * records, or after `maxWaitMs` without any.
   *
   * @throws KafkaError OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC, UNKNOWN_PARTITION, CORRUPT_BATCH, TIMEOUT, …
   */
  async fetch(positions: readonly FetchPosition[], options: FetchOptions = {}): Promise<FetchedBatch[]> {
    this.#checkOpen()
    return this.#fetcher.fetch(positions, checkOptions(fetchOptions, options, 'kafka.fetch()'))
  }

  /**
   * Lets producers finish within `timeoutMs`, then ends everything; what is left fails with code CLOSED. Safe to call again.
   *
   * @throws KafkaError INVALID_OPTION, and nothing else
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { timeoutMs } = checkOptions(closeOptions, options, 'kafka.close()')
    this.#closing ??= this.#close(timeoutMs)
    await this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal Ends an I/O thread as a crash does. */
  crashIoThread(thread: number): void {
    this.#io.crash(thread, new Error('it was ended on purpose'))
  }

  async #close(timeoutMs: number): Promise<void> {
    const began = this.#env.now()
    // what handlers are doing may still want to produce
    await Promise.all(Array.from(this.#groups, (group) => group.stop({ timeoutMs: Math.floor(timeoutMs / 2) })))
    const half = began + Math.floor(timeoutMs / 2)
    await this.#transactions?.close(new KafkaError('CLOSED', 'The client was closed.'), half)
    const producers = [...this.#producers.values()]
    let timer: ReturnType<Env['setTimeout']> | undefined
    const patience = new Promise<void>((resolve) => {
      timer = this.#env.setTimeout(resolve, Math.max(0, timeoutMs - (this.#env.now() - began)))
    })
    await Promise.race([Promise.allSettled(producers.map(({ producer }) => producer.close())), patience])
    if (timer) this.#env.clearTimeout(timer)
    await this.#end(new KafkaError('CLOSED', 'The client was closed.'))
  }

  async #end(error: KafkaError): Promise<void> {
    if (this.#ended) return
    this.#ended = error
    this.#metadata.close()
    this.admin.close()
    this.#transactions?.refuse(error)
    for (const producer of this.#allProducers()) producer.stop(error)
    for (const group of [...this.#groups]) group.abandon(error)
    await this.#io.close()
    this.#fetcher.close(error)
    this.#credits.close(error)
    for (const producer of this.#allProducers()) producer.abandon(error)
    this.#producers.clear()
    this.#transactional.clear()
  }

  #checkOpen(): void {
    if (this.#ended && this.#ended.code !== 'CLOSED') throw this.#ended
    if (this.#closing) throw new KafkaError('CLOSED', 'The client is closed. Make a new one with new Kafka().')
  }

  #makeProducer(
    options: CheckedProducerOptions,
    transactional: Pick<ProducerDeps, 'transactionalId' | 'onFailure'> = {},
  ): Producer {
    const producer: Producer = new Producer(this.#nextProducer++, options, {
      env: this.#env,
      io: this.#io,
      metadata: this.#metadata,
      registerLane: (make, owner) => this.#registerLane(make, owner),
      onClosed: () => this.#producerClosed(producer),
      ...transactional,
    })
    return producer
  }

  #allProducers(): Producer[] {
    return [...this.#transactional, ...Array.from(this.#producers.values(), ({ producer }) => producer)]
  }

  /** Made when first needed: it asks coordinators for identities. */
  #pool(): TransactionPool {
    if (this.#transactions) return this.#transactions
    const context = { env: this.#env, io: this.#io, metadata: this.#metadata, options: this.#options }
    const options = checkOptions(transactionPoolOptions, this.#options.transactionPool ?? {}, 'option transactionPool')
    const prefix = options.idPrefix ?? `odradek-${randomUUID()}`
    this.#transactions = new TransactionPool({
      env: this.#env,
      options,
      patienceMs: Math.max(options.timeoutMs, this.#options.requestTimeoutMs),
      make: (index) => {
        const settings = {
          transactionalId: `${prefix}-${index}`,
          timeoutMs: options.timeoutMs,
          isOurs: options.idPrefix === undefined,
          producer: options.producer,
        }
        return makeTransactionalId(context, settings, (checked, transactional) => {
          const producer = this.#makeProducer(checked, transactional)
          this.#transactional.add(producer)
          return producer
        })
      },
    })
    return this.#transactions
  }

  #registerLane(make: (id: number, serial: number) => ProducerLane, producer: Producer): ProducerLane {
    let id = this.#lanes.indexOf(undefined)
    if (id < 0) id = this.#lanes.length
    const lane = make(id, this.#nextSerial++)
    this.#lanes[id] = { lane, producer }
    return lane
  }

  #producerClosed(producer: Producer): void {
    if (this.#producers.get(producer.name)?.producer === producer) this.#producers.delete(producer.name)
    for (let id = 0; id < this.#lanes.length; id++) if (this.#lanes[id]?.producer === producer) this.#lanes[id] = undefined
  }

  #threadEvents(thread: number): IoThreadEvents {
    return {
      security: this.#security.host(),
      tallies: () => this.#tallies(thread),
      onRestart: () => {
        this.#metadata.hintsLost((handle) => this.#io.home(handle) === thread)
        this.#credits.askAgain(thread)
      },
      onNews: (news) => guarded('the client', () => this.emit('ioThread', { thread, ...news })),
      onAcked: (id, count, baseOffset, logAppendTime, bytes) => {
        const registered = this.#lanes[id]
        registered?.producer.onAcked(registered.lane, count, baseOffset, logAppendTime, bytes)
      },
      onFailed: (id, count, bytes, error) => {
        const registered = this.#lanes[id]
        registered?.producer.onFailed(registered.lane, count, bytes, error)
      },
      onFetched: (ticket, nextOffset, lastFetchedEpoch, bytes) =>
        this.#credits.onFetched(ticket, nextOffset, lastFetchedEpoch, bytes),
      onFetchFailed: (ticket, error) => this.#credits.onFetchFailed(ticket, error),
      onRoom: () => {
        for (const { producer } of this.#producers.values()) producer.onRoom()
        for (const producer of this.#transactional) producer.onRoom()
      },
      onEvent: (event) => this.#onEvent(event),
      onDeath: (error) => {
        void this.#end(error)
        guarded('the client', () => this.emit('fatal', error))
      },
    }
  }

  #tallies(thread: number): LaneTally[] {
    return this.#lanes.flatMap((registered) => {
      if (registered?.lane.thread !== thread) return []
      const { id, serial, holding, sends } = registered.lane
      return [{ lane: id, serial, accepted: sends.accepted, settled: sends.settled, bytes: holding.bytes }]
    })
  }

  #onEvent(event: IoEvent): void {
    switch (event.type) {
      case 'metadata-stale':
        this.#metadata.stale(event.topics, event.reason)
        break
      case 'leader-hints':
        this.#metadata.hinted(event.hints)
        break
      case 'unadmitted': {
        const { producer, handle, topic, partition } = event
        this.#transactions?.ofProducer(producer)?.unadmitted({ handle, topic, partition })
        break
      }
      case 'connection': {
        const { nodeId, broker, state, error } = event
        const news = { nodeId, broker, state, error: error && KafkaError.fromWire(error) }
        guarded('the client', () => this.emit('connection', news))
        break
      }
      case 'throttle': {
        const { nodeId, broker, api, throttleTimeMs } = event
        guarded('the client', () => this.emit('throttle', { nodeId, broker, api, throttleTimeMs }))
        break
      }
      case 'data-loss':
        guarded('the client', () =>
          this.emit('dataLoss', { topic: event.topic, partition: event.partition, detail: event.detail }),
        )
        break
    }
  }
}
