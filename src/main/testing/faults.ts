/** The caller's side of the fault desk: checks names, turns them into numbers, and counts hits by asking the broker's thread. */
import { KafkaError } from '../../shared/errors.ts'
import { nodeEnv } from '../../shared/node-env.ts'
import { brokerErrors } from '../../shared/protocol/errors.ts'
import type { Remote } from '../../shared/rpc.ts'
import { groupApis, handledApis, topicApis, transactionApis } from './broker/apis/names.ts'
import type { ControlApi } from './broker/control-api.ts'
import type { FaultRule } from './broker/fault-desk.ts'
import { nearest } from './nearest.ts'

/** Which requests a fault hits. What is left out is any. */
export interface FaultTarget {
  /** How many requests; Infinity for all until it is removed. Default 1. */
  times?: number
  /** How likely a request that fits is hit, above 0 to 1. Default 1. */
  probability?: number
  /** Of the chance of `probability` and of `corrupt`: the same requests are hit in the same way in every run. Default: the broker's. */
  seed?: number
  /** Only at this node. */
  node?: number
  /** Only requests of clients that call themselves so. */
  clientId?: string
  /** Only requests about this consumer group. */
  group?: string
  /** Only requests about this transactional id. */
  transactionalId?: string
  /** Only requests about this topic. */
  topic?: string
  /** Only requests about this partition of `topic`, or about the topic as a whole. */
  partition?: number
}

export interface FailOptions extends FaultTarget {
  /** Kafka's name of the error, such as `NOT_LEADER_OR_FOLLOWER`, or its code. */
  error: string | number
  /** Only the answer for this topic. Default: for all that the request is about. */
  topic?: string
  /** Only the answer for this partition of `topic`. */
  partition?: number
  /** The request takes effect all the same: the batch is in the log, the offset is committed; the answer says otherwise. */
  afterAppend?: boolean
}

export interface DelayOptions extends FaultTarget {
  /** How long the answer is held back. */
  ms: number
  /** The request takes no effect before the delay is over. Default false: it takes effect at once. */
  beforeApply?: boolean
}

export interface ThrottleOptions extends FaultTarget {
  /** How long the client is to be quiet on this connection, which is not read for so long. */
  ms: number
}

export interface LossOptions extends FaultTarget {
  /** Whether the request takes effect before its answer is lost. Default false. */
  afterApply?: boolean
}

export interface TruncateOptions extends FaultTarget {
  /** How many bytes of the answer are sent, its length field included; one byte less than all at most. */
  bytes: number
}

export interface CorruptOptions extends FaultTarget {
  /** What is wrong: bits behind the correlation id (default), the correlation id, or the length of the frame. */
  what?: 'bytes' | 'correlationId' | 'length'
  /** How many bits are flipped. Default 1. */
  bytes?: number
}

export interface HitOptions {
  /** How long to wait. Default 10 000. */
  timeoutMs?: number
  /** Gives the wait up. */
  signal?: AbortSignal
}

/** A fault that was set. */
export interface Fault extends AsyncDisposable {
  /** How many requests it has hit. */
  hits(): Promise<number>
  /**
   * Resolves once it has hit `count` requests (default 1). Rejects with TIMEOUT, or with ABORTED when it was removed or the signal
   * was raised.
   */
  hit(count?: number, options?: HitOptions): Promise<void>
  /** It hits no more requests. Also the end of `await using`. */
  remove(): Promise<void>
}

/** Usable at once; awaited, it is certain to be in force. */
export type PendingFault = Promise<Fault> & Fault

/** Whoever waits for a hit does so in real time, whatever the broker's clock is. */
const env = nodeEnv()
const DEFAULT_WAIT_MS = 10_000
const targets: ReadonlySet<string> = new Set<keyof FaultTarget>([
  ...(['times', 'probability', 'seed', 'node', 'clientId', 'group', 'transactionalId', 'topic', 'partition'] as const),
])

/** What is to go wrong with coming requests. A request is hit by the oldest fault that fits. `api` is Kafka's name, such as `Produce`. */
export class FaultDesk {
  readonly #remote: () => Remote<ControlApi>
  #waits = 0

  /** `remote` throws when the broker is closed. */
  constructor(remote: () => Remote<ControlApi>) {
    this.#remote = remote
  }

  /** Answers with an error. */
  fail(api: string, { error, afterAppend, ...target }: FailOptions): PendingFault {
    return this.#set('fail', api, target, { error: errorCode(error), afterAppend })
  }

  /** Answers late. The requests behind it on the same connection wait. */
  delay(api: string, { ms, beforeApply, ...target }: DelayOptions): PendingFault {
    if (!(ms >= 0)) throw invalid(`faults.delay(): ms must be 0 or more, but is ${ms}`)
    return this.#set('delay', api, target, { ms, beforeApply })
  }

  /**
   * Answers at once, tells the client to be quiet and reads nothing more from the connection for so long, as a broker does when a
   * quota is used up (KIP-219). A Fetch is answered without records then.
   */
  throttle(api: string, { ms, ...target }: ThrottleOptions): PendingFault {
    if (!(ms >= 1)) throw invalid(`faults.throttle(): ms must be 1 or more, but is ${ms}`)
    return this.#set('throttle', api, target, { ms })
  }

  /** Closes the connection instead of answering. */
  drop(api: string, { afterApply, ...target }: LossOptions = {}): PendingFault {
    return this.#set('drop', api, target, { afterApply })
  }

  /** Never answers this request nor any behind it; the connection stays open, and what is sent on it is taken and forgotten. */
  hang(api: string, { afterApply, ...target }: LossOptions = {}): PendingFault {
    return this.#set('hang', api, target, { afterApply })
  }

  /** Never answers and never reads the connection again, so that writing to it comes to a stop too. */
  stall(api: string, { afterApply, ...target }: LossOptions = {}): PendingFault {
    return this.#set('stall', api, target, { afterApply })
  }

  /** The request takes effect; only the first bytes of its answer are sent, then the connection is closed. */
  truncate(api: string, { bytes, ...target }: TruncateOptions): PendingFault {
    if (!(Number.isInteger(bytes) && bytes >= 0))
      throw invalid(`faults.truncate(): bytes must be a whole number, but is ${bytes}`)
    return this.#set('truncate', api, target, { bytes })
  }

  /** The request takes effect; its answer arrives damaged. The connection stays open. */
  corrupt(api: string, { what = 'bytes', bytes = 1, ...target }: CorruptOptions = {}): PendingFault {
    if (!(Number.isInteger(bytes) && bytes >= 1)) throw invalid(`faults.corrupt(): bytes must be 1 or more, but is ${bytes}`)
    if (!['bytes', 'correlationId', 'length'].includes(what))
      throw invalid(`faults.corrupt(): what must be 'bytes', 'correlationId' or 'length', but is '${what}'`)
    return this.#set('corrupt', api, target, { what, bytes })
  }

  /** Ends all faults; what already hangs stays so. */
  async clear(): Promise<void> {
    await this.#remote().clearFaults()
  }

  #set(kind: FaultRule['kind'], api: string, target: FaultTarget, rest: Partial<FaultRule>): PendingFault {
    const where = `faults.${kind}()`
    const apiKey = keyOf(api, where)
    checkTarget(api, target, where)
    const rule: FaultRule = { ...target, kind, apiKey, times: target.times ?? 1, ...rest }
    const id = (async () => this.#remote().addFault(rule))()
    const remove = async () => this.#remote().removeFault(await id)
    const fault: Fault = {
      hits: async () => this.#remote().faultHits(await id),
      hit: async (count = 1, options = {}) => this.#hit(await id, count, rule.times, `${where} of ${api}`, options),
      remove,
      // a closed broker has no faults any more
      [Symbol.asyncDispose]: () => remove().catch(ifClosed),
    }
    // Whoever does not await it learns of a dead broker from the next call.
    const settled = id.then(() => fault)
    settled.catch(() => {})
    return Object.assign(settled, fault)
  }

  async #hit(id: number, count: number, times: number, what: string, options: HitOptions): Promise<void> {
    const { timeoutMs = DEFAULT_WAIT_MS, signal } = options
    if (!(Number.isInteger(count) && count >= 1)) throw invalid(`hit(): the count must be 1 or more, but is ${count}`)
    if (count > times) throw invalid(`hit(): ${what} hits ${times} requests at most, so it never hits ${count}`)
    if (!(timeoutMs >= 0)) throw invalid(`hit(): timeoutMs must be 0 or more, but is ${timeoutMs}`)
    const waitId = ++this.#waits
    const remote = this.#remote()
    const { promise, reject } = Promise.withResolvers<never>()
    const aborted = () => reject(new KafkaError('ABORTED', `hit(): the wait for ${what} was given up`, { cause: signal!.reason }))
    const timer = env.setTimeout(() => {
      remote.faultHits(id).then((hits) => {
        reject(new KafkaError('TIMEOUT', `hit(): ${what} has hit ${hits} of ${count} requests within ${timeoutMs} ms`))
      }, reject)
    }, timeoutMs)
    if (signal?.aborted) aborted()
    else signal?.addEventListener('abort', aborted, { once: true })
    try {
      await Promise.race([remote.faultHit(id, count, waitId), promise])
    } catch (error) {
      remote.abandonHit(id, waitId).catch(() => {})
      throw error
    } finally {
      env.clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    }
  }
}

function checkTarget(api: string, target: FaultTarget, where: string): void {
  const { times = 1, probability = 1, group, transactionalId, topic, partition } = target
  const unknown = Object.keys(target).find((name) => !targets.has(name))
  if (unknown !== undefined) throw invalid(`${where}: unknown option '${unknown}'`)
  if (!(times >= 1)) throw invalid(`${where}: times must be 1 or more, but is ${times}`)
  if (!(probability > 0 && probability <= 1))
    throw invalid(`${where}: probability must be above 0 and at most 1, but is ${probability}`)
  if (group !== undefined && !groupApis.has(api)) throw invalid(`${where}: ${api} is not about consumer groups`)
  if (topic !== undefined && !topicApis.has(api)) throw invalid(`${where}: ${api} is not about topics`)
  if (transactionalId !== undefined && !transactionApis.has(api)) throw invalid(`${where}: ${api} is not about transactions`)
  if (partition !== undefined && topic === undefined) throw invalid(`${where}: a partition needs a topic`)
}

function ifClosed(error: unknown): void {
  if (!(error instanceof KafkaError && (error.code === 'CLOSED' || error.code === 'WORKER_DIED'))) throw error
}

function keyOf(name: string, where: string): number {
  const key = handledApis.get(name)
  if (key !== undefined) return key
  throw invalid(`${where}: the embedded broker has no API '${name}'; did you mean '${nearest(name, handledApis.keys())}'?`)
}

function errorCode(error: string | number): number {
  for (const { code, name } of brokerErrors.values()) if (code === error || name === error) return code
  if (typeof error === 'number') throw invalid(`faults.fail(): ${error} is not a code of a broker error`)
  const names = Array.from(brokerErrors.values(), ({ name }) => name)
  throw invalid(`faults.fail(): unknown error '${error}'; did you mean '${nearest(error, names)}'?`)
}

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', message)
}
