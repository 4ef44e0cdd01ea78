/** A producer's options as the I/O core wants them, for single topics too, and what they must fit. */
import { isDeepStrictEqual } from 'node:util'
import { KafkaError } from '../shared/errors.ts'
import type { Packing, ProducerSettings } from '../shared/io-api.ts'
import { show } from '../shared/options.ts'
import type { CheckedKafkaOptions } from './options.ts'
import type { CheckedProducerOptions, PartitionerFunction } from './producer-options.ts'

export function settingsOf(producer: number, options: CheckedProducerOptions, transactionalId?: string): ProducerSettings {
  const { acks, idempotent, compression, topics = [], batchBytes, lingerMs, deliveryTimeoutMs } = options
  return {
    producer,
    acks: acks === 'all' ? -1 : acks,
    idempotent,
    codecs: [...new Set([compression, ...topics.map((topic) => topic.compression ?? compression)])],
    batchBytes,
    lingerMs,
    deliveryTimeoutMs,
    ...(transactionalId !== undefined && { transactionalId }),
  }
}

/** What holds for one topic: its own options, and the producer's where it has none. */
export interface TopicSettings extends Packing {
  partitioner: PartitionerFunction | undefined
}

export function topicSettingsOf(options: CheckedProducerOptions, topic: string): TopicSettings {
  const own = options.topics?.find(({ name }) => name === topic)
  const compression = own?.compression ?? options.compression
  // a level means something else to another codec
  const inherited = compression === options.compression ? options.compressionLevel : undefined
  return {
    compression,
    compressionLevel: own?.compressionLevel ?? inherited,
    partitioner: own?.partitioner ?? options.partitioner,
  }
}

/** Throws INVALID_OPTION, which says what differs, when a producer that exists is asked for with other options. */
export function checkSame(known: CheckedProducerOptions, asked: CheckedProducerOptions): void {
  const names = Object.keys({ ...known, ...asked }) as (keyof CheckedProducerOptions)[]
  const others = names.filter((name) => !isDeepStrictEqual(known[name], asked[name]))
  if (others.length === 0) return
  const differences = others.map((name) => {
    const [has, wants] = [shown(known[name]), shown(asked[name])]
    return has === wants ? `another ${name}` : `${name} ${wants} where it has ${has}`
  })
  throw new KafkaError(
    'INVALID_OPTION',
    `kafka.producer(): producer '${known.name}' exists and is asked for with ${differences.join(', ')}. Ask for it by its name alone, close it first, or give this one another name.`,
    { option: others[0]! },
  )
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : show(value)
}

/** Throws INVALID_OPTION, which names both options, when a full batch could not be sent in any request. */
export function checkFits({ batchBytes }: CheckedProducerOptions, { maxRequestBytes }: CheckedKafkaOptions): void {
  if (batchBytes <= maxRequestBytes) return
  throw new KafkaError(
    'INVALID_OPTION',
    `kafka.producer(): option batchBytes (${batchBytes}) must not be above maxRequestBytes of the client (${maxRequestBytes}): a full batch would fit in no request. Lower batchBytes, or raise maxRequestBytes in new Kafka().`,
    { option: 'batchBytes', size: batchBytes, limit: maxRequestBytes },
  )
}
