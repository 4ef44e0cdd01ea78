/**
 * Transactions: records that are seen together or not at all, and a group whose handler writes and commits in one.
 * `node examples/transactions.ts [host:port]`; without an address it starts an embedded broker.
 */
import { Kafka, KafkaError } from '../src/main/index.ts'
import { startBroker } from '../src/main/testing/index.ts'

const address = process.argv[2]
await using broker = address ? undefined : await startBroker()
await using kafka = new Kafka({ brokers: broker?.brokers ?? [address!], transactionPool: { idPrefix: `billing-${Date.now()}` } })

const orders = `orders-${Date.now()}`
const invoices = `${orders}-invoices`
const audit = `${orders}-audit`
await kafka.admin.createTopics([orders, invoices, audit].map((topic) => ({ topic, partitions: 1 })))

/** What readers of committed data see, once it is so much: a commit shows a moment after its answer. */
async function seen(topic: string, count: number): Promise<string[]> {
  for (;;) {
    const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }], { isolationLevel: 'read_committed', maxWaitMs: 100 })
    if (batch!.records.length >= count) return batch!.records.map(({ value }) => String(value))
  }
}

// several topics, one commit; it resolves with what the function returned
const count = await kafka.transaction(async (tx) => {
  await tx.produce({ topic: orders, value: 'order 1' })
  await tx.produceBatch([
    { topic: orders, value: 'order 2' },
    { topic: audit, value: 'two orders' },
  ])
  return 2
})
console.log(`${count} orders: ${await seen(orders, 2)}; audit: ${await seen(audit, 1)}`)

// what a function that throws has written is never seen
try {
  await kafka.transaction(async (tx) => {
    await tx.produce({ topic: orders, value: 'order 3' })
    throw new Error('out of stock')
  })
} catch (error) {
  console.log(`${(error as Error).message}: ${(await seen(orders, 2)).length} orders`)
}

// of what fails by itself the error says what happened and whether it may be run again
try {
  await kafka.transaction(() => new Promise(() => {}), { timeoutMs: 200 })
} catch (error) {
  if (!(error instanceof KafkaError)) throw error
  console.log(`${error.context.transaction}, to be run again: ${error.retriable}`)
}

// each batch in a transaction: the invoices and the offsets of the orders count together
let failures = 0
const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
const group = kafka.consumerGroup({
  groupName: `${orders}-billing`,
  topics: [{ name: orders, transactional: true, offsetResetPolicy: 'earliest', handlerRetryBackoffMs: 10 }],
  handler: {
    async handleRecordBatch(_topic, _partition, records, { tx }) {
      await tx!.produceBatch(records.map(({ value }) => ({ topic: invoices, value: `invoice for ${value}` })))
      // it comes again, but nothing of it was seen
      if (failures++ === 0) throw new Error('the printer jams')
      finish()
    },
  },
})
group.on('handlerError', ({ error }) => console.log((error as Error).message))
await group.start()
await finished
await group.stop()
console.log(`invoices: ${await seen(invoices, 2)}`)

// pulled batches join a transaction by name
const printer = kafka.consumerGroup({ groupName: `${orders}-print`, topics: [{ name: orders, offsetResetPolicy: 'earliest' }] })
for await (const batch of printer) {
  await kafka.transaction(async (tx) => {
    await tx.produceBatch(batch.records.map(({ value }) => ({ topic: audit, value: `printed ${value}` })))
    await tx.commitOffsets(printer, batch)
  })
  break
}
console.log(`audit: ${await seen(audit, 3)}`)

await kafka.admin.deleteTopics([orders, invoices, audit])
