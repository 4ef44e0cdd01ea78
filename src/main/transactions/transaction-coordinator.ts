/**
 * The coordinator of one transactional id: finds it, asks it, and asks again while the answer may still change (KIP-98). Says what the
 * last answer was; what that means for the transaction is not its business.
 */
import { backoffMs } from '../../shared/backoff.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { CallOptions } from '../../shared/io-api.ts'
import { nextIdentity } from '../../shared/next-identity.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import { type AddOffsetsToTxnResponse, addOffsetsToTxn } from '../../shared/protocol/generated/add-offsets-to-txn.ts'
import { type AddPartitionsToTxnResponse, addPartitionsToTxn } from '../../shared/protocol/generated/add-partitions-to-txn.ts'
import { type ApiVersionsResponse, apiVersions } from '../../shared/protocol/generated/api-versions.ts'
import { type EndTxnResponse, endTxn } from '../../shared/protocol/generated/end-txn.ts'
import { type FindCoordinatorResponse, findCoordinator } from '../../shared/protocol/generated/find-coordinator.ts'
import { type InitProducerIdResponse, initProducerId } from '../../shared/protocol/generated/init-producer-id.ts'
import { type AdminContext, worthAnotherTry } from '../retrying.ts'
import { pause, type WaitLimits, within } from '../wait.ts'
import { coordinatorRefusal, type Meaning, meaningOf } from './transaction-errors.ts'
import type { Identity } from './transaction-state.ts'

const TRANSACTION = 1
/** Newer requests are for `transaction.version` 2: the coordinator would change the epoch. */
const LAST_END_BEFORE_KIP_890 = 4
/** From version 4 on the request is for brokers. */
const LAST_ADD_OF_CLIENTS = 3
/** While it ends the transaction before, the coordinator takes a few milliseconds. */
const BUSY = { initialMs: 4, maxMs: 100 }
/** Nothing was sent. */
const NOT_SENT: ReadonlySet<KafkaError['code']> = new Set(['NO_BROKER', 'CONNECTION_FAILED', 'UNSUPPORTED'])

/** What a coordinator answered in the end. */
export type CoordinatorAnswer<T> =
  | { readonly ok: true; readonly value: T }
  /** It refused; `error` says why. */
  | { readonly ok: false; readonly meaning: Meaning; readonly error: KafkaError; readonly unknown: false }
  /** There was no answer in time. `unknown`: it may have done it all the same. */
  | { readonly ok: false; readonly meaning: 'again'; readonly error: KafkaError; readonly unknown: boolean }

export interface CoordinatorLimits extends WaitLimits {
  deadline: number
}

export interface Partition {
  handle: number
  topic: string
  partition: number
}

/** One answer: its code, who gave it, and what it brought. */
interface Round<T> {
  code: number
  value: T
}

/** What the coordinator of an id is found and asked with. */
export interface CoordinatorContext extends AdminContext {
  metadata: AdminContext['metadata'] & { readonly brokers: readonly { nodeId: number }[] }
}

export class TransactionCoordinator {
  readonly #context: CoordinatorContext
  readonly #id: string
  readonly #link: { producer: number }
  #node = -1

  /** `producer`: whose connections are used. */
  constructor(context: CoordinatorContext, transactionalId: string, producer: number) {
    this.#context = context
    this.#id = transactionalId
    this.#link = { producer }
  }

  /** An identity for the id: what was open under it is aborted, whoever had it is fenced. With a proof only if nobody has done so since. */
  init(
    proof: Identity | undefined,
    transactionTimeoutMs: number,
    limits: CoordinatorLimits,
  ): Promise<CoordinatorAnswer<{ identity: Identity; byBrokers: boolean }>> {
    const { producerId = -1, producerEpoch = -1 } = proof ?? {}
    const request = { transactionalId: this.#id, transactionTimeoutMs, producerId, producerEpoch }
    return this.#until(initProducerId.name, limits, async (node) => {
      const byBrokers = await this.#byBrokers(node, limits)
      // before version 3 nobody can prove anything, and would take the id back from who fenced us
      const least = proof ? { minVersion: 3 } : {}
      const { body } = await this.#ask(node, initProducerId.key, request, least)
      const answer = body as InitProducerIdResponse
      const identity = { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
      return { code: answer.errorCode, value: { identity, byBrokers } }
    })
  }

  /** Partitions become part of the transaction; for brokers that do not see to it themselves. */
  addPartitions(
    identity: Identity,
    partitions: readonly Partition[],
    limits: CoordinatorLimits,
  ): Promise<CoordinatorAnswer<void>> {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
    const request = {
      v3AndBelowTransactionalId: this.#id,
      v3AndBelowProducerId: identity.producerId,
      v3AndBelowProducerEpoch: identity.producerEpoch,
      v3AndBelowTopics: Array.from(byTopic, ([name, some]) => ({ name, partitions: some.map(({ partition }) => partition) })),
    }
    return this.#until(addPartitionsToTxn.name, limits, async (node) => {
      const { body } = await this.#ask(node, addPartitionsToTxn.key, request, { maxVersion: LAST_ADD_OF_CLIENTS })
      const { resultsByTopicV3AndBelow: topics } = body as AddPartitionsToTxnResponse
      const codes = topics.flatMap(({ resultsByPartition }) => resultsByPartition.map((one) => one.partitionErrorCode))
      // one that was not even tried says nothing
      const told = codes.filter((code) => code !== ErrorCode.NONE)
      const worst = told.find((code) => code !== ErrorCode.OPERATION_NOT_ATTEMPTED) ?? told[0]
      return { code: worst ?? (codes.length === 0 ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.NONE), value: undefined }
    })
  }

  /** The offsets of a group become part of the transaction; for brokers that do not see to it themselves. */
  addOffsets(
    { producerId, producerEpoch }: Identity,
    groupId: string,
    limits: CoordinatorLimits,
  ): Promise<CoordinatorAnswer<void>> {
    const request = { transactionalId: this.#id, producerId, producerEpoch, groupId }
    return this.#until(addOffsetsToTxn.name, limits, async (node) => {
      const { body } = await this.#ask(node, addOffsetsToTxn.key, request)
      return { code: (body as AddOffsetsToTxnResponse).errorCode, value: undefined }
    })
  }

  /**
   * Ends the transaction. Repeating it is safe and proves how it ended, as long as nothing else was asked in between. Brokers that add
   * partitions by themselves name the next epoch; the I/O threads have taken it over then.
   */
  end(
    { producerId, producerEpoch }: Identity,
    committed: boolean,
    byBrokers: boolean,
    limits: CoordinatorLimits,
  ): Promise<CoordinatorAnswer<Identity | undefined>> {
    const request = { transactionalId: this.#id, producerId, producerEpoch, committed }
    const options = byBrokers
      ? { minVersion: LAST_END_BEFORE_KIP_890 + 1, endsTransactionOf: this.#link.producer }
      : { maxVersion: LAST_END_BEFORE_KIP_890 }
    return this.#until(endTxn.name, limits, async (node) => {
      const { body } = await this.#ask(node, endTxn.key, request, options)
      const answer = body as EndTxnResponse
      return { code: answer.errorCode, value: byBrokers ? nextIdentity(answer) : undefined }
    })
  }

  async #until<T>(
    api: string,
    limits: CoordinatorLimits,
    round: (node: number) => Promise<Round<T>>,
  ): Promise<CoordinatorAnswer<T>> {
    const { env, options } = this.#context
    let unknown = false
    let last: KafkaError | undefined
    for (let tries = 1; ; tries++) {
      let bounds = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs }
      try {
        const node = await this.#find(limits)
        const { code, value } = await within(env, limits, `an answer to ${api}`, round(node))
        if (code === ErrorCode.NONE) return { ok: true, value }
        const meaning = meaningOf(code)
        last = coordinatorRefusal(api, { transactionalId: this.#id, broker: `node ${node}` }, code)
        if (meaning === 'moved') this.#node = -1
        else if (meaning !== 'again') return { ok: false, meaning, error: last, unknown: false }
        if (code === ErrorCode.CONCURRENT_TRANSACTIONS) bounds = BUSY
        // it may have failed after it was done
        if (brokerError(code).name === 'REQUEST_TIMED_OUT' || code === ErrorCode.UNKNOWN_SERVER_ERROR) unknown = true
      } catch (thrown) {
        const error = KafkaError.from(thrown, api)
        const { brokerErrorCode } = error.context
        if (brokerErrorCode !== undefined && !worthAnotherTry(error))
          return { ok: false, meaning: meaningOf(brokerErrorCode), error, unknown: false }
        if (!worthAnotherTry(error) && error.code !== 'ABORTED') return { ok: false, meaning: 'fatal', error, unknown: false }
        if (!NOT_SENT.has(error.code) && brokerErrorCode === undefined) unknown = true
        last = error
        this.#node = -1
        if (error.code === 'ABORTED' || env.now() >= limits.deadline) return { ok: false, meaning: 'again', error, unknown }
      }
      try {
        await pause(env, backoffMs(tries, bounds, env.random()), limits, `${api} of '${this.#id}'`)
      } catch {
        return { ok: false, meaning: 'again', error: last, unknown }
      }
    }
  }

  async #find(limits: CoordinatorLimits): Promise<number> {
    if (this.#node >= 0) return this.#node
    const { env, io, metadata, options } = this.#context
    const what = `the coordinator of the transactional id '${this.#id}'`
    // the first call of a client: the I/O thread may not have heard of any broker yet
    if (metadata.brokers.length === 0) await metadata.refresh(limits)
    const timeoutMs = options.requestTimeoutMs
    const newer = { keyType: TRANSACTION, coordinatorKeys: [this.#id] }
    const call = io.call('any', findCoordinator.key, newer, { timeoutMs, minVersion: 4 }).catch((error: KafkaError) => {
      if (error.code !== 'UNSUPPORTED') throw error
      // Apache Kafka before 3.0
      return io.call('any', findCoordinator.key, { keyType: TRANSACTION, key: this.#id }, { timeoutMs, maxVersion: 3 })
    })
    const { body, broker, version } = await within(env, limits, what, call)
    const answer = body as FindCoordinatorResponse
    const found = version >= 4 ? answer.coordinators.find(({ key }) => key === this.#id) : answer
    const code = found?.errorCode ?? ErrorCode.COORDINATOR_NOT_AVAILABLE
    const detail = found?.errorMessage ?? ''
    if (!found || code !== ErrorCode.NONE)
      throw coordinatorRefusal(findCoordinator.name, { transactionalId: this.#id, broker, detail }, code)
    const isKnown = (): boolean => metadata.brokers.some(({ nodeId }) => nodeId === found.nodeId)
    if (!isKnown()) await metadata.refresh(limits)
    if (isKnown()) return (this.#node = found.nodeId)
    const text = `Broker ${found.nodeId} coordinates the transactional id '${this.#id}', but metadata does not name it.`
    throw new KafkaError('NO_BROKER', text, { transactionalId: this.#id, retriable: true })
  }

  /** What the cluster has agreed on: `transaction.version` 2 or later (IT4). */
  async #byBrokers(node: number, limits: CoordinatorLimits): Promise<boolean> {
    const request = { clientSoftwareName: 'odradek', clientSoftwareVersion: '0.1.0' }
    const { body } = await within(this.#context.env, limits, apiVersions.name, this.#ask(node, apiVersions.key, request))
    const { finalizedFeatures } = body as ApiVersionsResponse
    return finalizedFeatures.some(({ name, maxVersionLevel }) => name === 'transaction.version' && maxVersionLevel >= 2)
  }

  #ask(
    node: number,
    apiKey: number,
    body: unknown,
    more: Pick<CallOptions, 'minVersion' | 'maxVersion' | 'endsTransactionOf'> = {},
  ) {
    const { io, options } = this.#context
    return io.call(node, apiKey, body, { timeoutMs: options.requestTimeoutMs, link: this.#link, ...more })
  }
}
