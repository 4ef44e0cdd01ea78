/**
 * Transactions by raw requests to the nodes of any cluster, past the client: each call is one request, and its answer is kept as a line
 * of text with Kafka's names of errors and letters for producer ids, so that what two brokers say can be compared.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { brokerError } from '../../src/shared/protocol/errors.ts'
import { addOffsetsToTxn } from '../../src/shared/protocol/generated/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../src/shared/protocol/generated/add-partitions-to-txn.ts'
import { describeProducers } from '../../src/shared/protocol/generated/describe-producers.ts'
import { describeTransactions } from '../../src/shared/protocol/generated/describe-transactions.ts'
import { endTxn } from '../../src/shared/protocol/generated/end-txn.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { initProducerId } from '../../src/shared/protocol/generated/init-producer-id.ts'
import { listOffsets } from '../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { offsetCommit } from '../../src/shared/protocol/generated/offset-commit.ts'
import { offsetFetch } from '../../src/shared/protocol/generated/offset-fetch.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { txnOffsetCommit } from '../../src/shared/protocol/generated/txn-offset-commit.ts'
import { writeTxnMarkers } from '../../src/shared/protocol/generated/write-txn-markers.ts'
import { type BatchInit, headerOf, makeBatch } from '../main/testing/batches.ts'
import { RawClient } from '../main/testing/client.ts'

type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>

const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const TOPIC_IDS_SINCE = 13
const KeyType = { GROUP: 0, TRANSACTION: 1 } as const

/** A producer at an epoch. */
export interface Identity {
  producerId: number
  epoch: number
}

export const nobody: Identity = { producerId: -1, epoch: -1 }
const nameOf = (errorCode: number): string => brokerError(errorCode).name

export interface InitOptions {
  version?: number
  timeoutMs?: number
  /** Who it says that it was. */
  as?: Identity
}

export interface ProduceOptions extends Omit<BatchInit, 'producerId' | 'producerEpoch'> {
  version?: number
  partition?: number
  /** Default: that of the call. */
  transactionalId?: string | null
  transactional?: boolean
}

export interface MemberOptions {
  version?: number
  generationId?: number
  memberId?: string
  groupInstanceId?: string | null
  offset?: number
  metadata?: string
  partition?: number
}

export class RawTransactions {
  readonly #brokers: readonly string[]
  readonly #env = nodeEnv()
  readonly #clients = new Map<string, RawClient>()
  readonly #letters = new Map<number, string>()
  readonly #coordinators = new Map<string, string>()
  readonly #leaders = new Map<string, string>()
  /** What was answered so far, a line for each call. */
  lines: string[] = []

  constructor(brokers: readonly string[]) {
    this.#brokers = brokers
  }

  close(): void {
    for (const client of this.#clients.values()) client.close()
    this.#clients.clear()
  }

  /** After nodes or leaders changed. */
  forget(): void {
    this.close()
    this.#coordinators.clear()
    this.#leaders.clear()
  }

  /** A line of the test's own. */
  note(line: string): void {
    this.lines.push(line)
  }

  /** A letter for each producer id, in the order of their coming. */
  letter(producerId: number): string {
    if (producerId === -1) return '-'
    let letter = this.#letters.get(producerId)
    if (letter === undefined) this.#letters.set(producerId, (letter = String.fromCharCode(65 + this.#letters.size)))
    return letter
  }

  async ask<A extends Api>(address: string, api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A>> {
    let client = this.#clients.get(address)
    if (client === undefined) {
      client = await RawClient.open(this.#env, address)
      this.#clients.set(address, client)
      const opened = client
      client.closed.then(() => this.#clients.get(address) === opened && this.#clients.delete(address))
    }
    return client.call(api, version, body)
  }

  /** The node that coordinates a transactional id or a group, once there is one. */
  async coordinator(key: string, keyType: number = KeyType.TRANSACTION): Promise<string> {
    const cached = this.#coordinators.get(`${keyType} ${key}`)
    if (cached) return cached
    for (let tries = 0; tries < 400; tries++) {
      const address = this.#brokers[tries % this.#brokers.length]!
      const answer = await this.ask(address, findCoordinator, 4, { keyType, coordinatorKeys: [key] }).catch(() => undefined)
      const found = answer?.coordinators[0]
      if (found?.errorCode === 0) {
        this.#coordinators.set(`${keyType} ${key}`, `${found.host}:${found.port}`)
        return `${found.host}:${found.port}`
      }
      await sleep(50)
    }
    throw new Error(`nobody coordinates ${key}`)
  }

  groupCoordinator(group: string): Promise<string> {
    return this.coordinator(group, KeyType.GROUP)
  }

  /** A new group, once its coordinator is ready, which on a new cluster is later than it is found. */
  async readyGroup(): Promise<string> {
    const group = `g-${randomUUID()}`
    for (const { length } = this.lines; ; await sleep(20)) {
      await this.offset(group, 't', true)
      const line = this.lines.at(-1)!
      this.lines.length = length
      if (line.includes(': NONE')) return group
    }
  }

  async leader(topic: string, partition = 0): Promise<string> {
    const cached = this.#leaders.get(`${topic} ${partition}`)
    if (cached) return cached
    for (let tries = 0; tries < 400; tries++) {
      const address = this.#brokers[tries % this.#brokers.length]!
      const answer = await this.ask(address, metadata, 9, { topics: [{ name: topic }] }).catch(() => undefined)
      const leaderId = answer?.topics[0]?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.leaderId
      const node = answer?.brokers.find(({ nodeId }) => nodeId === leaderId)
      if (node) {
        this.#leaders.set(`${topic} ${partition}`, `${node.host}:${node.port}`)
        return `${node.host}:${node.port}`
      }
      await sleep(50)
    }
    throw new Error(`nobody leads ${topic}-${partition}`)
  }

  async init(transactionalId: string, { version = 5, timeoutMs = 60_000, as = nobody }: InitOptions = {}): Promise<Identity> {
    const address = transactionalId === '' ? this.#brokers[0]! : await this.coordinator(transactionalId)
    const body = { transactionalId, transactionTimeoutMs: timeoutMs }
    const expected = version >= 3 ? { producerId: as.producerId, producerEpoch: as.epoch } : {}
    for (;;) {
      const answer = await this.ask(address, initProducerId, version, { ...body, ...expected })
      // The coordinator was found before it has loaded its log.
      if (['COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR'].includes(nameOf(answer.errorCode)) && this.lines.length === 0) {
        await sleep(20)
        continue
      }
      this.note(`init v${version}: ${nameOf(answer.errorCode)} ${this.letter(answer.producerId)} ${answer.producerEpoch}`)
      return { producerId: answer.producerId, epoch: answer.producerEpoch }
    }
  }

  /** Tells no line before it is granted. */
  async initSoon(transactionalId: string, options: InitOptions = {}): Promise<Identity> {
    for (let tries = 0; tries < 200; tries++) {
      const lines = this.lines.length
      const identity = await this.init(transactionalId, options)
      if (!this.lines.at(-1)!.includes('CONCURRENT_TRANSACTIONS')) return identity
      this.lines.length = lines
      await sleep(20)
    }
    throw new Error(`${transactionalId} stays busy`)
  }

  async add(transactionalId: string, who: Identity, topics: Record<string, number[]>, version = 3): Promise<void> {
    const body = {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: who.producerId,
      v3AndBelowProducerEpoch: who.epoch,
      v3AndBelowTopics: Object.entries(topics).map(([name, partitions]) => ({ name, partitions })),
    }
    const address = await this.coordinator(transactionalId || 'nobody')
    const answer = await this.ask(address, addPartitionsToTxn, version, body)
    this.note(`add v${version}: ${results(answer.resultsByTopicV3AndBelow)}`)
  }

  /** As brokers do. */
  async addBatch(
    address: string,
    transactions: { id: string; who: Identity; topics: Record<string, number[]>; verifyOnly?: boolean }[],
    version = 5,
  ): Promise<void> {
    const body = {
      transactions: transactions.map(({ id, who, topics, verifyOnly = false }) => ({
        transactionalId: id,
        producerId: who.producerId,
        producerEpoch: who.epoch,
        verifyOnly,
        topics: Object.entries(topics).map(([name, partitions]) => ({ name, partitions })),
      })),
    }
    const answer = await this.ask(address, addPartitionsToTxn, version, body)
    const each = answer.resultsByTransaction.map(({ topicResults }) => results(topicResults)).sort()
    this.note(`add v${version}: ${nameOf(answer.errorCode)} ${each.join(' / ')}`)
  }

  async addOffsets(transactionalId: string, who: Identity, groupId: string, version = 4): Promise<void> {
    const body = { transactionalId, producerId: who.producerId, producerEpoch: who.epoch, groupId }
    const answer = await this.ask(await this.coordinator(transactionalId || 'nobody'), addOffsetsToTxn, version, body)
    this.note(`add offsets v${version}: ${nameOf(answer.errorCode)}`)
  }

  async end(transactionalId: string, who: Identity, how: 'commit' | 'abort', version = 5): Promise<Identity> {
    const body = { transactionalId, producerId: who.producerId, producerEpoch: who.epoch, committed: how === 'commit' }
    const answer = await this.ask(await this.coordinator(transactionalId || 'nobody'), endTxn, version, body)
    const next = version >= 5 ? ` ${this.letter(answer.producerId)} ${answer.producerEpoch}` : ''
    this.note(`${how} v${version}: ${nameOf(answer.errorCode)}${next}`)
    return version >= 5 && answer.errorCode === 0 ? { producerId: answer.producerId, epoch: answer.producerEpoch } : who
  }

  /** Ends, and waits until all markers are written. */
  async endAndSettle(transactionalId: string, who: Identity, how: 'commit' | 'abort', version = 5): Promise<Identity> {
    const next = await this.end(transactionalId, who, how, version)
    await this.settle(transactionalId)
    return next
  }

  /** Waits until no transaction of this id is on its way to its end. */
  async settle(transactionalId: string): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const { state } = await this.state(transactionalId)
      if (!state.startsWith('Prepare')) return
      await sleep(10)
    }
    throw new Error(`${transactionalId} does not end`)
  }

  async state(transactionalId: string) {
    const answer = await this.ask(await this.coordinator(transactionalId), describeTransactions, 0, {
      transactionalIds: [transactionalId],
    })
    const found = answer.transactionStates[0]!
    const topics = found.topics.map(({ topic, partitions }) => ({ topic, partitions: [...partitions].sort((a, b) => a - b) }))
    return { ...found, state: found.transactionState, topics: topics.sort((a, b) => (a.topic < b.topic ? -1 : 1)) }
  }

  /** A line about the transactional id as its coordinator describes it. */
  async describe(transactionalId: string, names: Record<string, string> = {}): Promise<void> {
    const { errorCode, state, producerId, producerEpoch, transactionTimeoutMs, transactionStartTimeMs, topics } =
      await this.state(transactionalId)
    const at = topics.map(({ topic, partitions }) => `${names[topic] ?? topic}[${topic.startsWith('__') ? '' : partitions}]`)
    const start = transactionStartTimeMs > 0 ? 'started' : transactionStartTimeMs
    const who = errorCode === 0 ? `${this.letter(producerId)} ${producerEpoch}` : `${producerId} ${producerEpoch}`
    this.note(`${nameOf(errorCode)} ${state} ${who} ${transactionTimeoutMs} ${start} ${at.join(' ')}`)
  }

  async produce(transactionalId: string, who: Identity, topic: string, options: ProduceOptions = {}): Promise<number> {
    const { version = 12, partition = 0, transactional = true, transactionalId: id = transactionalId, ...init } = options
    const records = makeBatch({
      values: ['v'],
      attributes: transactional ? TRANSACTIONAL : 0,
      timestamp: Date.now(),
      baseSequence: 0,
      ...init,
      producerId: who.producerId,
      producerEpoch: who.epoch,
    })
    const address = await this.leader(topic, partition)
    const about = version >= TOPIC_IDS_SINCE ? { topicId: await this.#topicId(address, topic) } : { name: topic }
    const topicData = [{ ...about, partitionData: [{ index: partition, records }] }]
    const body = { transactionalId: id, acks: -1, timeoutMs: 10_000, topicData }
    const answer = await this.ask(address, produce, version, body)
    const { errorCode, baseOffset, logStartOffset } = answer.responses[0]!.partitionResponses[0]!
    const sequence = init.baseSequence === undefined ? '' : ` seq ${init.baseSequence}`
    this.note(`produce v${version}${sequence}: ${nameOf(errorCode)} ${baseOffset} ${logStartOffset}`)
    return baseOffset
  }

  /** The first one to a new topic, of which its leader may not have heard yet. */
  async produceSoon(transactionalId: string, who: Identity, topic: string, options: ProduceOptions = {}): Promise<number> {
    for (let tries = 0; tries < 200; tries++) {
      const lines = this.lines.length
      const offset = await this.produce(transactionalId, who, topic, options)
      if (offset >= 0) return offset
      this.lines.length = lines
      await sleep(20)
    }
    throw new Error(`nothing can be written to ${topic}`)
  }

  async #topicId(address: string, topic: string): Promise<string> {
    return (await this.ask(address, metadata, 12, { topics: [{ name: topic }] })).topics[0]!.topicId
  }

  async commitOffset(
    transactionalId: string,
    who: Identity,
    groupId: string,
    topic: string,
    options: MemberOptions = {},
  ): Promise<void> {
    const { version = 5, generationId = -1, memberId = '', groupInstanceId = null, offset = 7, partition = 0 } = options
    const about = version >= 3 ? { generationId, memberId, groupInstanceId } : {}
    const partitions = [
      {
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: -1,
        committedMetadata: options.metadata ?? 'm',
      },
    ]
    const body = { transactionalId, groupId, producerId: who.producerId, producerEpoch: who.epoch, ...about }
    const address = await this.groupCoordinator(groupId || 'nobody')
    const answer = await this.ask(address, txnOffsetCommit, version, { ...body, topics: [{ name: topic, partitions }] })
    this.note(`commit offset v${version}: ${nameOf(answer.topics[0]!.partitions[0]!.errorCode)}`)
  }

  async commitPlainly(groupId: string, topic: string, offset: number): Promise<void> {
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: 'plain' }]
    const body = { groupId, generationIdOrMemberEpoch: -1, memberId: '', topics: [{ name: topic, partitions }] }
    const answer = await this.ask(await this.groupCoordinator(groupId), offsetCommit, 9, body)
    this.note(`plain commit: ${nameOf(answer.topics[0]!.partitions[0]!.errorCode)}`)
  }

  /** Of partition 0, or of all that the group has. */
  async offset(groupId: string, topic: string | null, requireStable: boolean): Promise<void> {
    const topics = topic === null ? null : [{ name: topic, partitionIndexes: [0] }]
    const body = { requireStable, groups: [{ groupId, topics }] }
    const answer = await this.ask(await this.groupCoordinator(groupId), offsetFetch, 9, body)
    const group = answer.groups[0]!
    const told = group.topics.flatMap(({ partitions }) =>
      partitions.map(({ committedOffset, metadata, errorCode }) => `${nameOf(errorCode)} ${committedOffset} '${metadata}'`),
    )
    this.note(`${requireStable ? 'stable ' : ''}offset${topic === null ? 's' : ''}: ${nameOf(group.errorCode)} ${told.join()}`)
  }

  async mark(
    topic: string,
    who: Identity,
    how: 'commit' | 'abort',
    options: { version?: number; coordinatorEpoch?: number; transactionVersion?: number; partition?: number; at?: string } = {},
  ): Promise<void> {
    const { version = 2, coordinatorEpoch = 0, transactionVersion = 0, partition = 0 } = options
    const marker = {
      producerId: who.producerId,
      producerEpoch: who.epoch,
      transactionResult: how === 'commit',
      coordinatorEpoch,
      ...(version >= 2 && { transactionVersion }),
      topics: [{ name: topic, partitionIndexes: [partition] }],
    }
    const address = options.at ?? (await this.leader(topic, partition))
    const answer = await this.ask(address, writeTxnMarkers, version, { markers: [marker] })
    const errorCode = answer.markers[0]!.topics[0]!.partitions[0]!.errorCode
    this.note(`mark ${how} v${version} tv${transactionVersion} epoch ${who.epoch}/${coordinatorEpoch}: ${nameOf(errorCode)}`)
  }

  /** A line about who writes to a partition. */
  async producers(topic: string, partition = 0): Promise<void> {
    const body = { topics: [{ name: topic, partitionIndexes: [partition] }] }
    const answer = await this.ask(await this.leader(topic, partition), describeProducers, 0, body)
    const { errorCode, activeProducers } = answer.topics[0]!.partitions[0]!
    const told = activeProducers.map(({ producerId, producerEpoch, lastSequence, coordinatorEpoch, currentTxnStartOffset }) => {
      return `${this.letter(producerId)} ${producerEpoch} seq ${lastSequence} coordinator ${coordinatorEpoch} from ${currentTxnStartOffset}`
    })
    this.note(`producers: ${nameOf(errorCode)} ${told.sort().join('; ')}`)
  }

  /** A line about what a fetch gives: offsets, kinds of batches, marks and aborted transactions. */
  async fetch(topic: string, from: number, isolation: 'committed' | 'uncommitted', maxBytes = 1_000_000): Promise<void> {
    const partitions = [{ partition: 0, fetchOffset: from, partitionMaxBytes: maxBytes }]
    const body = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes,
      isolationLevel: isolation === 'committed' ? 1 : 0,
      sessionEpoch: -1,
      topics: [{ topic, partitions }],
    }
    const answer = await this.ask(await this.leader(topic), fetch, 12, body)
    const found = answer.responses[0]!.partitions[0]!
    const aborted = found.abortedTransactions?.map(({ producerId, firstOffset }) => `${this.letter(producerId)}@${firstOffset}`)
    const marks = `hw ${found.highWatermark} lso ${found.lastStableOffset} aborted ${aborted ? `[${aborted.join()}]` : 'null'}`
    const batches = batchesIn(found.records).map(
      ({ baseOffset, attributes, producerId, producerEpoch, baseSequence, tail }) =>
        `${baseOffset}:${this.letter(producerId)} ${producerEpoch} ${baseSequence} ${attributes.toString(16)}${tail}`,
    )
    this.note(`fetch ${isolation} from ${from}: ${nameOf(found.errorCode)} ${marks} ${batches.join(' ')}`)
  }

  async listOffset(
    topic: string,
    timestamp: number,
    isolation: 'committed' | 'uncommitted',
    label = String(timestamp),
  ): Promise<void> {
    const topics = [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }]
    const body = { replicaId: -1, isolationLevel: isolation === 'committed' ? 1 : 0, topics }
    const answer = await this.ask(await this.leader(topic), listOffsets, 8, body)
    const { errorCode, offset } = answer.topics[0]!.partitions[0]!
    this.note(`list ${label} ${isolation}: ${nameOf(errorCode)} ${offset}`)
  }
}

interface TopicResult {
  name: string
  resultsByPartition: { partitionIndex: number; partitionErrorCode: number }[]
}

/** What came of each partition; nobody promises an order. */
function results(topics: readonly TopicResult[]): string {
  const each = topics.flatMap(({ name, resultsByPartition }) =>
    resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => `${name}-${partitionIndex} ${nameOf(partitionErrorCode)}`),
  )
  return each
    .sort()
    .map((one) => one.replace(/^t-[0-9a-f-]{36}/, 't'))
    .join()
}

/** The batches; of control batches also their only record. */
function batchesIn(records: Uint8Array | Uint8Array[] | null) {
  const bytes = Buffer.concat(Array.isArray(records) ? records : records ? [records] : [])
  const batches = []
  for (let at = 0; at + 61 <= bytes.length; ) {
    const header = headerOf(bytes, at)
    const isControl = (header.attributes & CONTROL) !== 0
    const tail = isControl ? ` ${bytes.subarray(at + 61, at + header.batchLength).toString('hex')}` : ''
    batches.push({ ...header, tail })
    at += header.batchLength
  }
  return batches
}
