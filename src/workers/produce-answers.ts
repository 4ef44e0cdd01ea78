/**
 * What a broker's answer means for the batches of a request: acknowledged, to be sent again, to be split, or failed for good. Knows
 * no queue and no connection.
 */
import { retryAt } from '../shared/backoff.ts'
import type { KafkaError } from '../shared/errors.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type { PartitionProduceResponse, ProduceResponse } from '../shared/protocol/generated/produce.ts'
import type { Batch } from './batch.ts'
import type { RequestOutcome } from './broker-queues.ts'
import type { IoContext } from './io-context.ts'
import type { Lane } from './lane.ts'
import { HINTS_IN_A_ROW, type LeaderRefusal } from './leader-hints.ts'
import { brokerFailure, possiblyWrittenCodes, tooLarge } from './produce-errors.ts'
import { answersOf, type Passenger } from './produce-request.ts'

/** Each makes a batch of its own; a batch with more is refused as a whole. */
const MOST_BAD_RECORDS = 1_000

/** What follows from an answer for a lane. */
export interface AnsweredLanes {
  /** It has something to send. */
  enqueue(lane: Lane): void
  /** It may have verdicts to give. */
  report(lane: Lane): void
  /** None of its records can be sent. */
  endAll(lane: Lane, error: KafkaError): void
}

type AnsweringBroker = Pick<LeaderRefusal, 'nodeId' | 'nodeEndpoints'>

export class ProduceAnswers implements RequestOutcome {
  readonly #io: IoContext
  readonly #lanes: AnsweredLanes

  constructor(io: IoContext, lanes: AnsweredLanes) {
    this.#io = io
    this.#lanes = lanes
  }

  onUnanswered(passengers: readonly Passenger[]): void {
    for (const { lane, batch } of passengers) this.#succeed(lane, batch, -1, -1)
  }

  onShutOut(lane: Lane, error: KafkaError): void {
    const { topic, partition } = lane.partition
    this.#lanes.endAll(lane, error.with({ topic, partition }))
  }

  onFailure(passengers: readonly Passenger[], error: KafkaError, sent: boolean): void {
    for (const { lane, batch } of passengers) {
      batch.possiblyWritten ||= sent
      if (!error.retriable) {
        this.#fail(lane, batch, error)
        continue
      }
      this.#io.stale(lane.partition.topic, error.message)
      this.#retry(lane, batch, error)
    }
  }

  onResponse(passengers: readonly Passenger[], response: ProduceResponse, nodeId: number): void {
    const answers = answersOf(passengers, response)
    for (const passenger of passengers) {
      const { lane, batch } = passenger
      const answer = answers.get(passenger)
      if (answer) this.#onAnswer(lane, batch, answer, { nodeId, nodeEndpoints: response.nodeEndpoints })
      else {
        // an acknowledgement that leaves a partition out says nothing about it
        batch.possiblyWritten = true
        this.#retry(
          lane,
          batch,
          brokerFailure(lane.partition, ErrorCode.UNKNOWN_SERVER_ERROR, 'the answer leaves this partition out'),
        )
      }
    }
  }

  #onAnswer(lane: Lane, batch: Batch, answer: PartitionProduceResponse, from: AnsweringBroker): void {
    const code = answer.errorCode
    switch (code) {
      case ErrorCode.NONE:
        lane.partition.hintsLeft.produce = HINTS_IN_A_ROW
        this.#succeed(lane, batch, answer.baseOffset, appendTime(lane, batch, answer.logAppendTimeMs))
        break
      case ErrorCode.DUPLICATE_SEQUENCE_NUMBER:
        this.#succeed(lane, batch, -1, -1)
        break
      case ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER:
      case ErrorCode.UNKNOWN_PRODUCER_ID:
      case ErrorCode.INVALID_PRODUCER_EPOCH:
        this.#onSequenceRefused(lane, batch, answer)
        break
      case ErrorCode.MESSAGE_TOO_LARGE:
      case ErrorCode.RECORD_LIST_TOO_LARGE:
        this.#onTooLarge(lane, batch)
        break
      case ErrorCode.INVALID_RECORD:
      case ErrorCode.INVALID_TIMESTAMP:
        this.#onBadRecords(lane, batch, answer, from)
        break
      default:
        this.#onRefused(lane, batch, answer, from)
    }
  }

  /** F50: only a record that is too large on its own fails. */
  #onTooLarge(lane: Lane, batch: Batch): void {
    const error = tooLarge(lane.partition, batch.size, batch.count)
    // an earlier try may have been written, under a larger limit
    if (batch.count === 1 || batch.possiblyWritten || batch.verdict) {
      this.#fail(lane, batch, error)
      return
    }
    batch.lastError = error
    lane.halve(batch)
    this.#lanes.enqueue(lane)
  }

  /** P5: of a batch whose bad records the broker names only these fail, the others go again without them (KIP-467). */
  #onBadRecords(lane: Lane, batch: Batch, answer: PartitionProduceResponse, from: AnsweringBroker): void {
    const reasons = new Map<number, string>()
    for (const { batchIndex, batchIndexErrorMessage } of answer.recordErrors) {
      if (batchIndex >= 0 && batchIndex < batch.count)
        reasons.set(batchIndex, batchIndexErrorMessage ?? answer.errorMessage ?? '')
    }
    const isMixed = reasons.size > 0 && reasons.size < batch.count && reasons.size <= MOST_BAD_RECORDS
    // an earlier try may have been written, when the records were still good
    if (!isMixed || batch.possiblyWritten || batch.verdict) {
      this.#onRefused(lane, batch, answer, from)
      return
    }
    const cuts = new Set([...reasons.keys()].flatMap((index) => [index, index + 1]))
    cuts.delete(0)
    cuts.delete(batch.count)
    const { firstOrdinal } = batch
    for (const part of lane.split(
      batch,
      [...cuts].toSorted((a, b) => a - b),
    )) {
      const why = reasons.get(part.firstOrdinal - firstOrdinal)
      if (why !== undefined) this.#fail(lane, part, brokerFailure(lane.partition, answer.errorCode, why))
    }
    this.#lanes.enqueue(lane)
  }

  #onRefused(lane: Lane, batch: Batch, answer: PartitionProduceResponse, from: AnsweringBroker): void {
    const { errorCode, errorMessage } = answer
    const error = brokerFailure(lane.partition, errorCode, errorMessage ?? undefined)
    const { retriable, invalidMetadata } = brokerError(errorCode)
    if (possiblyWrittenCodes.has(errorCode)) batch.possiblyWritten = true
    const next = invalidMetadata ? this.#io.hints.refused(lane.partition, { ...answer, ...from, api: 'produce' }) : 'later'
    if (next === 'ask') this.#io.stale(lane.partition.topic, error.message)
    if (retriable) this.#retry(lane, batch, error, next === 'now')
    else this.#fail(lane, batch, error)
  }

  /** F37. At the head of the line the broker lost what it had acknowledged; behind it, it only waits for an earlier batch. */
  #onSequenceRefused(lane: Lane, batch: Batch, answer: PartitionProduceResponse): void {
    const error = brokerFailure(lane.partition, answer.errorCode, answer.errorMessage ?? undefined)
    const { topic, partition } = lane.partition
    if (lane.owner.transaction) {
      // its epoch is the coordinator's to change: only what waits for an earlier batch goes again
      const waits = answer.errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER && !lane.isHead(batch)
      if (waits) this.#retry(lane, batch, error)
      else this.#fail(lane, batch, error)
      return
    }
    if (answer.errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      // an earlier try that had been written would be recognised, so this is proof that none was
      batch.possiblyWritten = false
    } else if (batch.possiblyWritten) {
      // the broker forgot the producer, and with it whether it has the batch: sending it again could write it twice (IP3)
      this.#fail(lane, batch, error)
      return
    }
    if (lane.isHead(batch) && !lane.hasHole) {
      if (lane.isEstablished) this.#io.event({ type: 'data-loss', topic, partition, detail: error.message })
      lane.markHole()
    }
    this.#retry(lane, batch, error)
  }

  #succeed(lane: Lane, batch: Batch, baseOffset: number, logAppendTime: number): void {
    lane.failures = 0
    lane.notBefore = 0
    lane.settle(batch, { error: undefined, baseOffset, logAppendTime })
    this.#lanes.report(lane)
  }

  #fail(lane: Lane, batch: Batch, error: KafkaError): void {
    const outcome = batch.possiblyWritten ? 'possibly-written' : 'not-written'
    lane.settle(batch, { error: error.with({ outcome, tries: batch.tries }), baseOffset: -1, logAppendTime: -1 })
    this.#lanes.report(lane)
  }

  #retry(lane: Lane, batch: Batch, error: KafkaError, now = false): void {
    batch.lastError = error
    batch.understood()
    if (!now && !batch.verdict && lane.notBefore <= this.#io.env.now()) {
      const { retryBackoffMs, retryBackoffMaxMs } = this.#io.options
      const bounds = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs }
      lane.notBefore = retryAt(this.#io.env.now(), ++lane.failures, bounds)
    }
    this.#lanes.enqueue(lane)
  }
}

/**
 * When the broker stamped the batch, −1 when the records' own timestamps stand. Brokers answer a repeated batch with its largest
 * timestamp whether they stamp or not, so only first tries tell.
 */
function appendTime(lane: Lane, batch: Batch, told: number): number {
  if (batch.tries === 1) lane.stampsOnAppend = told >= 0
  return lane.stampsOnAppend ? told : -1
}
