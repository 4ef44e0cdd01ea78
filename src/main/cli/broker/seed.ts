/** Writes the records of a seed file, some at a time, whatever the size of the file. Owns the file and its client. */
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { Kafka, KafkaError, type ProducerRecord } from '../../index.ts'
import { seedRecord } from './seed-line.ts'

export const SEED_CLIENT = 'odradek-seed'
/** No record is larger than the largest request. */
const MAX_LINE_BYTES = 150 * 1024 * 1024
const BATCH_RECORDS = 1_000
const BATCH_BYTES = 1024 * 1024

/** Something is wrong with the file; the message says in which line. */
export class BadSeed extends Error {}

interface Line {
  number: number
  text: string
}

/** Returns how many records were written. With `create` topics that are not there are made. Throws {@link BadSeed}. */
export async function seed(brokers: string[], file: string, create: boolean): Promise<number> {
  // one broker in this process knows all topics there are: nothing is gained by asking again
  await using kafka = new Kafka({ brokers, clientId: SEED_CLIENT, ioThreads: 0, unknownTopicTimeoutMs: 1 })
  const writer = new Writer(kafka, file, create)
  for await (const line of linesOf(file)) if (line.text.trim() !== '') await writer.add(line)
  await writer.flush()
  return writer.written
}

class Writer {
  written = 0
  readonly #kafka: Kafka
  readonly #file: string
  readonly #create: boolean
  readonly #topics = new Set<string>()
  #records: ProducerRecord[] = []
  #lines: number[] = []
  #bytes = 0

  constructor(kafka: Kafka, file: string, create: boolean) {
    this.#kafka = kafka
    this.#file = file
    this.#create = create
  }

  async add({ number, text }: Line): Promise<void> {
    try {
      const record = seedRecord(text)
      await this.#prepare(record.topic)
      this.#records.push(record)
    } catch (error) {
      throw this.#wrong(number, error as Error)
    }
    this.#lines.push(number)
    this.#bytes += text.length
    if (this.#records.length >= BATCH_RECORDS || this.#bytes >= BATCH_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const results = await this.#kafka.producer().produceBatch(this.#records)
    for (const [at, result] of results.entries()) if (!result.ok) throw this.#wrong(this.#lines[at]!, result.error)
    this.written += results.length
    this.#records = []
    this.#lines = []
    this.#bytes = 0
  }

  /** Makes the topic when it is first named, unless it is there. */
  async #prepare(topic: string): Promise<void> {
    if (this.#topics.has(topic)) return
    this.#topics.add(topic)
    if (!this.#create) return
    try {
      await this.#kafka.admin.createTopics([{ topic }])
    } catch (error) {
      if (!(error instanceof KafkaError && error.context.brokerError === 'TOPIC_ALREADY_EXISTS')) throw error
    }
  }

  #wrong(line: number, { message }: Error): BadSeed {
    return new BadSeed(`${this.#file}:${line}: ${message}`)
  }
}

async function* linesOf(file: string): AsyncGenerator<Line> {
  const input: Readable = file === '-' ? process.stdin : createReadStream(file)
  let number = 0
  const line = (parts: Buffer[]): Line => ({ number: ++number, text: Buffer.concat(parts).toString() })
  let parts: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      let at = 0
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, at)) {
        yield line([...parts, chunk.subarray(at, end)])
        parts = []
        size = 0
        at = end + 1
      }
      parts.push(chunk.subarray(at))
      size += chunk.length - at
      if (size > MAX_LINE_BYTES) throw new BadSeed(`${file}:${number + 1}: the line is longer than any record can be`)
    }
  } catch (error) {
    if (error instanceof BadSeed) throw error
    throw new BadSeed(`${file} cannot be read: ${(error as Error).message}`)
  }
  if (size > 0) yield line(parts)
}
