/** The caller's side of the fault desk: checks names, turns them into numbers, and counts hits by asking the broker's thread. */
import { KafkaError } from '../../shared/errors.ts'
import { brokerErrors } from '../../shared/protocol/errors.ts'
import type { Remote } from '../../shared/rpc.ts'
import { groupApis, handledApis } from './broker/apis/names.ts'
import type { FaultRule } from './broker/control.ts'
import type { ControlApi } from './broker/control-api.ts'
import { nearest } from './nearest.ts'

/** Which requests a fault hits. */
export interface FaultTarget {
  /** How many requests; Infinity for all until it is cancelled. Default 1. */
  times?: number
  /** Only at this node. Default: any. */
  node?: number
  /** Only requests about this consumer group. Default: any. */
  group?: string
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
  /** The request takes effect at once, its answer is held back so long. */
  ms: number
}

export interface ThrottleOptions extends FaultTarget {
  /** How long the client is to be quiet on this connection, which is not read for so long. */
  ms: number
}

export interface LossOptions extends FaultTarget {
  /** Whether the request takes effect before its answer is lost. Default false. */
  afterApply?: boolean
}

/** A fault that was set. */
export interface Fault {
  /** How many requests it has hit. */
  hits(): Promise<number>
  /** It hits no more requests. */
  cancel(): Promise<void>
}

/** Usable at once; awaited, it is certain to be in force. */
export type PendingFault = Promise<Fault> & Fault

/** What is to go wrong with coming requests. A request is hit by the oldest fault that fits. `api` is Kafka's name, such as `Produce`. */
export class FaultDesk {
  readonly #remote: () => Remote<ControlApi>

  /** `remote` throws when the broker is closed. */
  constructor(remote: () => Remote<ControlApi>) {
    this.#remote = remote
  }

  /** Answers with an error. */
  fail(api: string, options: FailOptions): PendingFault {
    const { error, topic, partition, afterAppend, ...target } = options
    if (partition !== undefined && topic === undefined) throw invalid('faults.fail(): a partition needs a topic')
    return this.#set('fail', api, target, { error: errorCode(error), topic, partition, afterAppend })
  }

  /** Answers late. The requests behind it on the same connection wait. */
  delay(api: string, { ms, ...target }: DelayOptions): PendingFault {
    if (!(ms >= 0)) throw invalid(`faults.delay(): ms must be 0 or more, but is ${ms}`)
    return this.#set('delay', api, target, { ms })
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

  /** Never answers; the connection stays open and nothing behind it is answered either. */
  hang(api: string, { afterApply, ...target }: LossOptions = {}): PendingFault {
    return this.#set('hang', api, target, { afterApply })
  }

  /** Ends all faults; what already hangs stays so. */
  async clear(): Promise<void> {
    await this.#remote().clearFaults()
  }

  #set(kind: FaultRule['kind'], api: string, target: FaultTarget, rest: Partial<FaultRule>): PendingFault {
    const { times = 1, node, group } = target
    const where = `faults.${kind}()`
    if (!(times >= 1)) throw invalid(`${where}: times must be 1 or more, but is ${times}`)
    const unknown = Object.keys(target).find((name) => name !== 'times' && name !== 'node' && name !== 'group')
    if (unknown !== undefined) throw invalid(`${where}: unknown option '${unknown}'`)
    const rule: FaultRule = { kind, apiKey: apiKey(api, where), times, node, group, ...rest }
    if (group !== undefined && !groupApis.has(api)) throw invalid(`${where}: ${api} is not about consumer groups`)
    const id = (async () => this.#remote().addFault(rule))()
    const fault: Fault = {
      hits: async () => this.#remote().faultHits(await id),
      cancel: async () => this.#remote().cancelFault(await id),
    }
    // Whoever does not await it learns of a dead broker from the next call.
    const settled = id.then(() => fault)
    settled.catch(() => {})
    return Object.assign(settled, fault)
  }
}

function apiKey(name: string, where: string): number {
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
