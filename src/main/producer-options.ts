/**
 * The options of a producer and of single topics of it. Each is one row; `docs/configuration.md` is made from them. Knows what is
 * allowed, not what it does.
 */
import * as v from 'valibot'
import type { CompressionName, Packing } from '../shared/io-api.ts'
import {
  byteCount,
  choice,
  flag,
  milliseconds,
  optionalChoice,
  optionalInteger,
  passed,
  pathTo,
  show,
  tableList,
  text,
} from '../shared/options.ts'
import type { ProducerRecord } from '../shared/types.ts'
import { topicNameType } from './topic-name.ts'

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies CompressionName[]

/** Chooses the partition of a record that names none: a whole number from 0 up to, not including, `partitionCount`. */
export type PartitionerFunction = (record: ProducerRecord, partitionCount: number) => number

function partitionerRow(description: string) {
  return passed<PartitionerFunction>(
    (value) => typeof value === 'function',
    '(record, partitionCount) => number',
    'a function (record, partitionCount) => number',
    description,
  )
}

function levelRow(description: string) {
  return optionalInteger({ min: -131_072, max: 22 }, description)
}

/** One topic in `topics` of a producer. */
export const producerTopicOptions = v.strictObject({
  name: topicNameType('The name of the topic.'),
  partitioner: partitionerRow("Chooses the partition of this topic's records that name none; left out, as the producer does."),
  compression: optionalChoice(CODECS, "How this topic's batches are compressed; left out, as the producer's others."),
  compressionLevel: levelRow(
    "Effort of this topic's compression; left out, the producer's if the codec is the same, else the codec's own default.",
  ),
})

export const producerOptions = v.pipe(
  v.strictObject({
    name: text(
      'default',
      { min: 1, max: 249 },
      'The name of the producer on its client; calls that name none use the default one.',
    ),
    acks: choice(
      'all',
      ['all', 1, 0],
      "When a record counts as written: 'all' in-sync replicas have it, the leader has it (1), or at once, unconfirmed (0).",
    ),
    idempotent: flag(
      true,
      "Brokers drop what a retry sends twice and keep the order; without it a retry may repeat or reorder records. Needs acks 'all'.",
    ),
    compression: choice(
      'none',
      CODECS,
      "How batches are compressed. snappy and lz4 need the optional packages 'snappy' and 'lz4-napi'.",
    ),
    compressionLevel: levelRow(
      "Effort of the compression (KIP-390), more being smaller and slower: 1 to 9 for gzip, −131_072 to 22 for zstd; left out, the codec's own default. snappy has none, nor has lz4 here, since lz4-napi compresses in one way only.",
    ),
    batchBytes: byteCount(
      1_000_000,
      { min: KIB, max: 512 * MIB },
      "The largest record batch; not above the client's maxRequestBytes, nor above the broker's max.message.bytes, which is 1_048_588 unless changed.",
    ),
    lingerMs: milliseconds(
      0,
      { max: 60_000 },
      'How long a batch waits for more records although a request could leave; batches grow without it as soon as requests queue.',
    ),
    deliveryTimeoutMs: milliseconds(
      120_000,
      { min: 1 },
      'How long after the call a record is either written or failed, retries included.',
    ),
    bufferMemory: byteCount(
      32 * MIB,
      { min: 64 * KIB, max: 64 * GIB },
      'Bytes of records that may be under way; when they are used up, produce waits and tryProduce refuses.',
    ),
    partitioner: partitionerRow(
      'Chooses the partition of records that name none; left out, the key decides as in the Java client, and records without one go round in batches.',
    ),
    topics: v.optional(
      v.pipe(
        tableList(
          producerTopicOptions,
          { type: 'ProducerTopicOptions[]', what: 'objects with the name of a topic' },
          'Topics whose records are partitioned or compressed in a way of their own; what one leaves out is as for all others.',
        ),
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed) return
          const seen = new Map<string, number>()
          for (const [index, { name }] of dataset.value.entries()) {
            const before = seen.get(name)
            seen.set(name, before ?? index)
            if (before === undefined) continue
            const message = `names a topic that topics[${before}] is about already: ${show(name)}; give it all its options there`
            addIssue({ message, path: pathTo(dataset.value, index, 'name') })
          }
        }),
      ),
    ),
  }),
  v.forward(
    v.partialCheck(
      [['acks'], ['idempotent']],
      ({ acks, idempotent }) => !idempotent || acks === 'all',
      "must be false unless acks is 'all': a broker can recognise duplicates only of what every in-sync replica has",
    ),
    ['idempotent'],
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const problem = levelProblem(dataset.value)
    if (problem !== undefined) addIssue({ message: problem, path: pathTo(dataset.value, 'compressionLevel') })
    for (const [index, topic] of (dataset.value.topics ?? []).entries()) {
      const wrong = levelProblem({
        compression: topic.compression ?? dataset.value.compression,
        compressionLevel: topic.compressionLevel,
      })
      if (wrong !== undefined) addIssue({ message: wrong, path: pathTo(dataset.value, 'topics', index, 'compressionLevel') })
    }
  }),
  v.forward(
    v.partialCheck(
      [['batchBytes'], ['bufferMemory']],
      ({ batchBytes, bufferMemory }) => batchBytes <= bufferMemory,
      'must not be below batchBytes, or a full batch never fits',
    ),
    ['bufferMemory'],
  ),
  v.forward(
    v.partialCheck(
      [['lingerMs'], ['deliveryTimeoutMs']],
      ({ lingerMs, deliveryTimeoutMs }) => lingerMs < deliveryTimeoutMs,
      'must be above lingerMs, or records would end before their batch leaves',
    ),
    ['deliveryTimeoutMs'],
  ),
)

/** What a caller of `kafka.producer` hands in. */
export type ProducerOptions = v.InferInput<typeof producerOptions>
export type ProducerTopicOptions = v.InferInput<typeof producerTopicOptions>

/** The same with every default filled in. */
export type CheckedProducerOptions = Readonly<v.InferOutput<typeof producerOptions>>

/** Why a codec cannot have this level, as the end of "option compressionLevel …". */
function levelProblem({ compression, compressionLevel }: Packing): string | undefined {
  if (compressionLevel === undefined || compression === 'zstd') return undefined
  if (compression === 'none') return "must be left out where compression is 'none'"
  if (compression !== 'gzip') return 'must be left out for snappy and lz4, which have no levels here'
  return compressionLevel >= 1 && compressionLevel <= 9 ? undefined : 'must be a whole number from 1 to 9 for gzip'
}
