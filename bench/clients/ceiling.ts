/**
 * What the broker can do when the client does next to nothing: batches made beforehand and sent over and over on plain sockets;
 * fetched bytes of which only batch headers are looked at. Not a client: no idempotence, no retries, no records.
 */

import type { Api, Draft } from '../../src/shared/protocol/api.ts'
import { encodeRequestFrame, readResponseHeader } from '../../src/shared/protocol/frame.ts'
import { type FetchResponse, fetch as fetchApi } from '../../src/shared/protocol/generated/fetch.ts'
import { type ProduceResponse, produce as produceApi } from '../../src/shared/protocol/generated/produce.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import { BATCH_OVERHEAD, readBatchHeader } from '../../src/shared/record-batch.ts'
import { writeTail } from '../../src/shared/tail.ts'
import { recordSize, sealBatch, writeRecord } from '../../src/workers/record-batch.ts'
import { type Client, firehose, Reading, type Send, Unable } from '../client.ts'
import type { Job } from '../job.ts'
import type { Meter } from '../meter.ts'
import { randomValue } from '../values.ts'
import { Wire } from './wire.ts'

/** The last versions that name topics by name. */
const PRODUCE = 12
const FETCH = 12
/** A client has one connection to a broker for what it sends; on two, the broker works on two requests at once. */
const CONNECTIONS = Number(new URL(import.meta.url).searchParams.get('connections') ?? 2)
/** Requests a connection, so that five or six are under way. */
const IN_FLIGHT = CONNECTIONS === 1 ? 5 : 3
const FETCH_BYTES = 1 << 20

export async function load({ compression }: Job): Promise<Client> {
  if (compression !== 'none') throw new Unable('its batches are made beforehand')
  return {
    name: CONNECTIONS === 1 ? 'ceiling of one connection' : 'ceiling (ready batches on plain sockets)',
    settings: { connections: CONNECTIONS, requestsInFlight: IN_FLIGHT, acks: 'all', idempotent: false },
    runs: { firehose: produce, fetch },
  }
}

function frameOf<Request>(api: Api<Request>, version: number, body: Draft<Request>): Uint8Array[] {
  const writer = new Writer()
  encodeRequestFrame(writer, api, version, 0, 'bench', body)
  return writer.chunks()
}

function answerOf<Response>(api: Api<unknown, Response>, version: number, frame: Buffer): Response {
  const reader = new Reader(frame)
  readResponseHeader(reader, api as Api, version)
  return api.decodeResponse(reader, version)
}

function batchOf(records: number, size: number): Buffer {
  const tail = Buffer.alloc(size + 32)
  const tailBytes = writeTail(tail, 0, null, randomValue(size), undefined)
  const batch = Buffer.alloc(BATCH_OVERHEAD + records * recordSize(tailBytes, 0, records))
  let end = BATCH_OVERHEAD
  for (let i = 0; i < records; i++) end = writeRecord(batch, end, 0, i, tail, 0, tailBytes)
  const now = Date.now()
  const unknown = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
  sealBatch(batch, 0, end, { recordCount: records, baseTimestamp: now, maxTimestamp: now, attributes: 0, ...unknown })
  return batch.subarray(0, end)
}

async function produce(job: Job, meter: Meter): Promise<void> {
  const wires = await openAll(job)
  await firehose(sender(wires, job), job, meter)
  for (const wire of wires) wire.close()
}

const openAll = ({ brokers }: Job) => Promise.all(Array.from({ length: CONNECTIONS }, () => Wire.open(brokers[0]!)))

function sender(wires: Wire[], { topics, partitions, size, batchRecords }: Job): Send {
  const [name] = topics as [string]
  const request = (perPartition: Buffer[]) =>
    frameOf(produceApi, PRODUCE, {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name, partitionData: perPartition.map((batch, index) => ({ index, records: batch })) }],
    })
  const ready = request(new Array(partitions).fill(batchOf(batchRecords, size)))
  const perRequest = batchRecords * partitions
  return async (records, deadline) => {
    let left = records
    const next = (): Uint8Array[] | undefined => {
      if (left <= 0 || performance.now() >= deadline) return undefined
      if (left >= perRequest) {
        left -= perRequest
        return ready
      }
      const rest = Array.from({ length: partitions }, (_, index) => Math.floor((left + index) / partitions))
      left = 0
      return request(rest.filter((count) => count > 0).map((count) => batchOf(count, size)))
    }
    await Promise.all(wires.flatMap((wire) => Array.from({ length: IN_FLIGHT }, () => flow(wire, next))))
    return records - left
  }
}

/** One request after the other on a wire, until there is no next one. */
function flow(wire: Wire, next: () => Uint8Array[] | undefined): Promise<void> {
  const done = new Promise<void>((resolve) => {
    const turn = (): void => {
      const frame = next()
      if (!frame) {
        resolve()
        return
      }
      wire.send(frame, (answer) => {
        checkProduced(answerOf(produceApi, PRODUCE, answer))
        turn()
      })
    }
    turn()
  })
  return Promise.race([done, wire.failure])
}

function checkProduced({ responses }: ProduceResponse): void {
  for (const { partitionResponses } of responses)
    for (const { index, errorCode } of partitionResponses)
      if (errorCode !== 0) throw new Error(`partition ${index} answered with error ${errorCode}`)
}

async function fetch(job: Job, meter: Meter): Promise<void> {
  const { partitions } = job
  const [topic] = job.topics as [string]
  const wires = await openAll(job)
  const reading = new Reading(job, meter)
  const reader = async (wire: Wire, index: number): Promise<void> => {
    const offsets = new Map<number, number>()
    for (let partition = index; partition < partitions; partition += wires.length) offsets.set(partition, 0)
    while (!reading.done) {
      const asked = [...offsets].map(([partition, fetchOffset]) => ({ partition, fetchOffset, partitionMaxBytes: FETCH_BYTES }))
      const body = { maxWaitMs: 100, minBytes: 1, maxBytes: 64 << 20, sessionEpoch: -1, topics: [{ topic, partitions: asked }] }
      const answer = new Promise<void>((resolve, reject) =>
        wire.send(frameOf(fetchApi, FETCH, body), (frame) => {
          try {
            reading.saw(advance(answerOf(fetchApi, FETCH, frame), offsets), frame.length)
            resolve()
          } catch (error) {
            reject(error)
          }
        }),
      )
      await Promise.race([answer, wire.failure])
    }
  }
  await Promise.all(wires.map(reader))
  for (const wire of wires) wire.close()
}

/** Moves the offsets past the whole batches of an answer, returns how many records they say they have. */
function advance({ errorCode, responses }: FetchResponse, offsets: Map<number, number>): number {
  if (errorCode !== 0) throw new Error(`fetch answered with error ${errorCode}`)
  let count = 0
  for (const { partitionIndex, records } of responses.flatMap(({ partitions }) => partitions)) {
    if (!records) continue
    for (let at = 0; at < records.length; ) {
      const header = readBatchHeader(records, at)
      if (typeof header === 'string') break
      count += header.recordCount
      offsets.set(partitionIndex, header.baseOffset + header.lastOffsetDelta + 1)
      at += header.batchLength
    }
  }
  return count
}
