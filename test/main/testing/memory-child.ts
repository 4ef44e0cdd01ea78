/**
 * Prints what brokers of this process take: `records`: one that holds a million records, `brokers`: two hundred in one thread. Memory is
 * that of the process; CPU while nobody asks for anything.
 */
import { startBroker } from '../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { makeBatch } from './batches.ts'
import { RawClient } from './client.ts'

const RECORDS = 1_000_000
const IN_BATCH = 125
const BROKERS = 200
const IDLE_MS = 1_000

/** When what was only passing through has been given back, which V8 does some time after a collection. */
async function residentMb(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return process.memoryUsage.rss() / 1e6
}

async function holdRecords(): Promise<object> {
  // in this thread, so that what is measured is what is held and not what is to be collected
  const broker = await startBroker({ thread: false, topics: [{ topic: 'a', partitions: 4 }] })
  const client = await RawClient.open(nodeEnv(), broker.brokers[0]!)
  const values = Array.from({ length: IN_BATCH }, () => 'x'.repeat(100))
  for (let sent = 0; sent < RECORDS; sent += 4 * IN_BATCH) {
    const partitionData = [0, 1, 2, 3].map((index) => ({ index, records: makeBatch({ values }) }))
    await client.call(produce, 9, { acks: -1, timeoutMs: 1000, topicData: [{ name: 'a', partitionData }] })
  }
  const ends = await Promise.all([0, 1, 2, 3].map(async (partition) => (await broker.log('a', partition)).highWatermark))
  const held = ends.reduce((sum, end) => sum + end, 0)
  const resident = await residentMb()
  client.close()
  await broker.close()
  return { held, residentMb: resident }
}

async function startMany(): Promise<object> {
  const first = await startBroker({ thread: false })
  const before = await residentMb()
  const brokers = [first]
  while (brokers.length < BROKERS) brokers.push(await startBroker({ thread: false, topics: [{ topic: 'a', partitions: 3 }] }))
  const grownMb = (await residentMb()) - before
  const used = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const { user, system } = process.cpuUsage(used)
  const addresses = new Set(brokers.map(({ brokers: [address] }) => address))
  await Promise.all(brokers.map((broker) => broker.close()))
  return { started: addresses.size, grownMb, idleCpuMs: (user + system) / 1000 }
}

process.stdout.write(JSON.stringify(process.argv[2] === 'records' ? await holdRecords() : await startMany()))
