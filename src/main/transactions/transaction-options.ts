/** The options of transactions. Each is one row; `docs/configuration.md` is made from them. */
import * as v from 'valibot'
import { integer, milliseconds, optionalInteger, optionalText, pathTo, signalOption, subTable } from '../../shared/options.ts'
import { producerOptions } from '../producer-options.ts'

const { compression, compressionLevel, batchBytes, lingerMs, bufferMemory, partitioner, topics } = producerOptions.entries

/** `producer` of `transactionPool`. A transaction needs every replica, and no repetition; how long it may take is its own affair. */
export const transactionProducerOptions = v.strictObject({
  compression,
  compressionLevel,
  batchBytes,
  lingerMs,
  bufferMemory,
  partitioner,
  topics,
})

const poolRows = v.strictObject({
  size: integer(
    64,
    { min: 1, max: 1_000 },
    'How many transactions may run at once, each under a transactional id of its own; further ones wait for their turn. Ids rest while brokers mark the end of their last transaction, so a few for each caller are faster than one.',
  ),
  idPrefix: optionalText(
    { min: 1, max: 200 },
    'What the transactional ids begin with; a number follows. A process that starts with the prefix of one that crashed ends what that one left open, and whoever still uses it is fenced: no two processes may run with the same. Left out, each client has ids that nobody else has.',
  ),
  timeoutMs: milliseconds(
    60_000,
    { min: 1_000, max: 900_000 },
    'How long a transaction may be open before it is aborted, by this client or by its coordinator; not above transaction.max.timeout.ms of the brokers, which is 900_000 unless changed.',
  ),
  producer: v.optional(
    subTable(
      transactionProducerOptions,
      { type: 'TransactionProducerOptions', what: 'an object with options of a producer' },
      'How the records of transactions are batched, compressed and partitioned; each transactional id has a producer of its own.',
    ),
  ),
})

/** `transactionPool` of the client. */
export const transactionPoolOptions = v.pipe(
  poolRows,
  // what holds across the rows of a producer
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || !dataset.value.producer) return
    const { timeoutMs, producer } = dataset.value
    const { issues = [] } = v.safeParse(producerOptions, { ...producer, deliveryTimeoutMs: timeoutMs })
    for (const { message, path = [] } of issues) {
      const keys = path.map(({ key }) => key as string)
      addIssue({ message, path: pathTo(dataset.value, 'producer', ...keys) })
    }
  }),
)

/** Of one `kafka.transaction`. */
export const transactionOptions = v.strictObject({
  timeoutMs: optionalInteger(
    { min: 1, max: 86_400_000 },
    'How long the call may take before it commits, the wait for a free transactional id included; then it is aborted. Left out, the function may take timeoutMs of transactionPool, and the wait as long as that or requestTimeoutMs, whichever is longer.',
  ),
  signal: signalOption(),
})

export type TransactionPoolOptions = v.InferInput<typeof transactionPoolOptions>
export type TransactionProducerOptions = v.InferInput<typeof transactionProducerOptions>
export type TransactionOptions = v.InferInput<typeof transactionOptions>
export type CheckedTransactionPool = Readonly<v.InferOutput<typeof transactionPoolOptions>>
