import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { startBroker } from '../../../src/main/testing/index.ts'
import { type DescribeLogDirsResponse, describeLogDirs } from '../../../src/shared/protocol/generated/describe-log-dirs.ts'
import { ask } from '../../support/raw-calls.ts'
import { makeBatch } from './batches.ts'
import { Fixture, produce } from './fixture.ts'

/** `topic-partition: size` of all logs in an answer with one directory. */
const sizes = ({ results: [directory] }: DescribeLogDirsResponse): string[] =>
  directory!.topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => `${name}-${one.partitionIndex}: ${one.partitionSize}`),
  )

test('a node tells of its own replicas, whoever leads them, and without a folder of the directory that Kafka has by default', async () => {
  const topics = [
    { topic: 'one', partitions: 2, replicationFactor: 1 },
    { topic: 'all', replicationFactor: 2 },
  ]
  const fixture = await Fixture.start({ nodes: 2, topics })
  const records = makeBatch({ values: ['a', 'b'] })
  const { leader } = fixture.cluster.partition('all', 0)!
  const writer = await fixture.client(leader)
  const topicData = [{ name: 'all', partitionData: [{ index: 0, records }] }]
  await fixture.after(writer.call(produce, 12, { acks: -1, timeoutMs: 1000, topicData }))
  const seen = []
  for (const node of [1, 2]) {
    const client = await fixture.client(node)
    const answer = await fixture.after(client.call(describeLogDirs, 5, { topics: null }))
    expect(answer.results).toMatchObject([
      { errorCode: 0, logDir: '/tmp/kafka-logs', totalBytes: -1, usableBytes: -1, isCordoned: false },
    ])
    seen.push(sizes(answer))
  }
  expect(seen[0]).toContain(`all-0: ${records.length}`)
  expect(seen[1]).toContain(`all-0: ${records.length}`)
  expect(seen.map((list) => list.length)).toEqual([2, 2])
  expect(new Set(seen.flat())).toEqual(new Set([`all-0: ${records.length}`, 'one-0: 0', 'one-1: 0']))
})

test('a broker with a folder tells of it by its whole path, and of the disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-dirs-'))
  const broker = await startBroker({ dataDir: relative(process.cwd(), folder), thread: false, topics: [{ topic: 't' }] })
  try {
    const [directory] = (await ask(broker.brokers[0]!, describeLogDirs, 5, { topics: null })).results
    expect(directory).toMatchObject({ errorCode: 0, logDir: folder, topics: [{ name: 't' }] })
    expect(directory!.usableBytes).toBeGreaterThan(0)
    expect(directory!.totalBytes).toBeGreaterThanOrEqual(directory!.usableBytes)
    const [older] = (await ask(broker.brokers[0]!, describeLogDirs, 3, { topics: null })).results
    expect(older).toMatchObject({ totalBytes: -1, usableBytes: -1 })
  } finally {
    await broker.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('faults: the request as a whole, and a directory that cannot be read for one topic', async () => {
  const broker = await startBroker({ thread: false, topics: [{ topic: 't' }, { topic: 'u' }] })
  try {
    const told = (topic: string) => ask(broker.brokers[0]!, describeLogDirs, 5, { topics: [{ topic, partitions: [0] }] })
    await broker.faults.fail('DescribeLogDirs', { error: 'KAFKA_STORAGE_ERROR', topic: 't' })
    expect((await told('u')).results).toMatchObject([{ errorCode: 0, topics: [{ name: 'u' }] }])
    expect((await told('t')).results).toMatchObject([{ errorCode: 56, topics: [] }])
    expect((await told('t')).results).toMatchObject([{ errorCode: 0, topics: [{ name: 't' }] }])
    await broker.faults.fail('DescribeLogDirs', { error: 'CLUSTER_AUTHORIZATION_FAILED' })
    expect(await told('t')).toMatchObject({ errorCode: 31, results: [] })
  } finally {
    await broker.close()
  }
})
