/**
 * What arrived: how many requests of each API at each node, and the last ones themselves, decoded. Keeps no batches (of them only what
 * their headers say) and no secrets.
 */
import { attributes, readBatchHeader } from '../../../shared/record-batch.ts'

/** Arrived requests of one API at one node. */
export interface RequestCount {
  api: string
  node: number
  requests: number
  /** Only for Produce: how many partitions each request carried, in the order of arrival; the last 10 000. */
  partitions: number[]
}

/** A request as it arrived. */
export interface ReceivedRequest {
  /** Counts the requests of all nodes, from 1. */
  index: number
  /** Kafka's name, such as `Produce`. */
  api: string
  version: number
  node: number
  clientId: string | null
  correlationId: number
  /** Where it came from, as `host:port`; one for each connection. */
  client: string
  /** When, in milliseconds since 1970 on the broker's clock. */
  at: number
  /**
   * The fields of the request, named as in Kafka's message definitions. `records` of Produce are {@link ReceivedBatch}; secrets are
   * '(redacted)'. Undefined when it had more than 256 KiB, except for Produce.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each API has fields of its own, and tests know which they expect
  body: any
}

/** What the header of a batch says. Of what is no batch only `bytes` are told. */
export interface ReceivedBatch {
  bytes: number
  /** How many, as the batch says. */
  records?: number
  producerId?: number
  producerEpoch?: number
  baseSequence?: number
  compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | 'unknown'
  transactional?: boolean
}

/** Which of the requests. Left out: any. */
export interface RequestFilter {
  /** Kafka's name, such as `Produce`. */
  api?: string
  node?: number
  clientId?: string
  /** Only those after this mark. */
  since?: number
}

export const REMEMBERED_REQUESTS = 10_000
const PRODUCE = 0
/** The body of a larger request is not kept, so that memory has a bound. */
const MAX_KEPT_BYTES = 256 * 1024
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const REDACTED = '(redacted)'
/** Fields that hold secrets: SASL, SCRAM credentials, delegation tokens. */
const SECRETS: ReadonlySet<string> = new Set(['authBytes', 'saltedPassword', 'salt', 'hmac'])
const SECRET_CONFIG = /password|secret|jaas|\.key$/i

/** Counts what arrives, by API and node. */
export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>()

  count(api: string, node: number): RequestCount {
    const key = `${api} ${node}`
    let count = this.#counts.get(key)
    if (count === undefined) this.#counts.set(key, (count = { api, node, requests: 0, partitions: [] }))
    count.requests++
    return count
  }

  list(api?: string): RequestCount[] {
    const wanted = [...this.#counts.values()].filter((count) => api === undefined || count.api === api)
    return wanted.map((count) => ({ ...count, partitions: count.partitions.slice(-REMEMBERED_REQUESTS) }))
  }
}

/** The last requests, oldest first. */
export class RequestLog {
  readonly #limit: number
  /** Request number n is at n modulo the limit. */
  readonly #ring: ReceivedRequest[] = []
  #count = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get limit(): number {
    return this.#limit
  }

  /** How many requests arrived until now: a place to count from. */
  get mark(): number {
    return this.#count
  }

  /** The oldest one that is still there. */
  get oldest(): number {
    return Math.max(1, this.#count - this.#limit + 1)
  }

  /** The decoded `body` is nobody else's to change. `bytes`: of the frame. */
  add(apiKey: number, bytes: number, request: Omit<ReceivedRequest, 'index'>): void {
    const index = ++this.#count
    if (this.#limit === 0) return
    let { body } = request
    if (apiKey === PRODUCE) body = withoutBatches(body)
    else if (bytes > MAX_KEPT_BYTES) body = undefined
    this.#ring[index % this.#limit] = { index, ...request, body }
  }

  list({ api, node, clientId, since = 0 }: RequestFilter): ReceivedRequest[] {
    const found = this.#ring.filter((request) => {
      if (request.index <= since || (api !== undefined && request.api !== api)) return false
      return (node === undefined || request.node === node) && (clientId === undefined || request.clientId === clientId)
    })
    return found.sort((a, b) => a.index - b.index).map((request) => ({ ...request, body: withoutSecrets(request.body) }))
  }
}

interface ProduceLike {
  topicData: { partitionData: { index: number; records: Uint8Array | null }[] }[]
}

function withoutBatches(body: ProduceLike): unknown {
  const topicData = body.topicData.map((topic) => {
    return {
      ...topic,
      partitionData: topic.partitionData.map((data) => ({ ...data, records: data.records && batchFacts(data.records) })),
    }
  })
  return { ...body, topicData }
}

function batchFacts(bytes: Uint8Array): ReceivedBatch {
  const header = readBatchHeader(bytes, 0)
  if (typeof header === 'string') return { bytes: bytes.length }
  const { recordCount, producerId, producerEpoch, baseSequence, attributes: bits } = header
  const compression = CODECS[attributes.codec(bits)] ?? 'unknown'
  const transactional = attributes.transactional(bits)
  return { bytes: bytes.length, records: recordCount, producerId, producerEpoch, baseSequence, compression, transactional }
}

/** A copy without secrets. */
function withoutSecrets(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array)
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
  const hidesValue = fields.some(([name, config]) => name === 'name' && SECRET_CONFIG.test(String(config)))
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const isSecret = SECRETS.has(name) || (name === 'value' && hidesValue)
      return [name, isSecret && field !== null ? REDACTED : withoutSecrets(field)]
    }),
  )
}
