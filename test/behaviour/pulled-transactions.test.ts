/** P11, KIP-447: batches that were pulled, whose offsets join a transaction by `tx.commitOffsets`. */
import { expect, it } from 'vitest'
import type { ConsumerGroup, Kafka, KafkaError, PulledBatch, Transaction } from '../../src/main/index.ts'
import { valuesByPartition } from './committed-values.ts'
import { committedOffsets, eventually, fill, valuesFor } from './group-support.ts'
import { type GroupWorld, onEmbeddedGroups, onGroups } from './on-groups.ts'

interface Scene {
  kafka: Kafka
  from: string
  to: string
  groupName: string
}

async function setUp(world: GroupWorld, count: number): Promise<Scene> {
  const kafka = world.client()
  const [from, to] = [await world.topic(3), await world.topic(3)]
  await fill(kafka, from, 3, count)
  return { kafka, from, to, groupName: await world.group() }
}

function puller({ kafka, from, groupName }: Scene): ConsumerGroup {
  return kafka.consumerGroup({
    groupName,
    topics: [{ name: from, offsetResetPolicy: 'earliest', handlerMaxBatchSize: 20 }],
  })
}

const copy = async (tx: Transaction, to: string, { partition, records }: PulledBatch): Promise<void> => {
  await tx.produceBatch(records.map(({ key, value }) => ({ topic: to, partition, key, value })))
}

const wanted = (count: number): string[][] => [0, 1, 2].map((partition) => valuesFor(partition, count))

async function committed({ brokers }: GroupWorld, { groupName, from }: Scene): Promise<number[]> {
  const places = [0, 1, 2].map((partition) => ({ topic: from, partition }))
  return (await committedOffsets(brokers, groupName, places)).map(({ offset }) => offset)
}

onGroups('pulled batches in transactions', (world) => {
  it('P11, IT1: what is produced and the offsets count together; some transactions fail and are run again', async () => {
    const set = await setUp(world, 100)
    const { kafka, to } = set
    const group = puller(set)
    await group.start()
    let runs = 0
    for (let done = 0; done < 300; ) {
      const batch = (await group.pull())!
      for (let aborted = true; aborted; ) {
        aborted = false
        await kafka
          .transaction(async (tx) => {
            await copy(tx, to, batch)
            await tx.commitOffsets(group, batch)
            if (++runs % 3 === 0) throw new Error('again')
          })
          .catch((error: Error) => {
            expect(error.message).toBe('again')
            aborted = true
          })
      }
      done += batch.records.length
    }
    // what is committed becomes visible a moment after the answer
    await eventually(async () => expect(await valuesByPartition(kafka, to, 3)).toEqual(wanted(100)))
    await eventually(async () => expect(await committed(world, set)).toEqual([100, 100, 100]))
    await group.stop()
    expect(await committed(world, set)).toEqual([100, 100, 100])
    // what was aborted is in the log all the same
    const all = await valuesByPartition(kafka, to, 3, 'read_uncommitted')
    expect(all.flat().length).toBeGreaterThan(300)
  })

  it('P11: several batches join one transaction; a for await goes on after it without a commit of its own', async () => {
    const set = await setUp(world, 60)
    const { kafka, to } = set
    const group = puller(set)
    let seen = 0
    let transactions = 0
    for await (const batch of group) {
      transactions++
      await kafka.transaction(async (tx) => {
        await copy(tx, to, batch)
        // not awaited: the commit waits for it
        void tx.commitOffsets(group, [batch])
      })
      if ((seen += batch.records.length) === 180) break
    }
    // what is committed becomes visible a moment after the answer
    await eventually(async () => expect(await valuesByPartition(kafka, to, 3)).toEqual(wanted(60)))
    await eventually(async () => expect(await committed(world, set)).toEqual([60, 60, 60]))
    expect(group.metrics().commits).toBe(transactions)
  })

  it("IT1: a batch whose partition is somebody else's by then undoes its transaction", async () => {
    const set = await setUp(world, 20)
    const { kafka, to } = set
    const group = puller(set)
    await group.start()
    const batch = (await group.pull())!
    const failure = await kafka
      .transaction(async (tx) => {
        await copy(tx, to, batch)
        await group.stop({ timeoutMs: 100 })
        await tx.commitOffsets(group, batch)
      })
      .then(
        () => undefined,
        (error: KafkaError) => error,
      )
    expect(failure).toBeDefined()
    expect((await valuesByPartition(kafka, to, 3)).flat()).toEqual([])
    // and comes again
    const next = puller(set)
    await next.start()
    const again = (await next.pull())!
    expect(again.records[0]!.offset).toBe(0)
    await next.stop({ timeoutMs: 100 })
  })

  it('P11: what is not in hand, or in another transaction, is refused, and so is a group with a handler', async () => {
    const set = await setUp(world, 20)
    const { kafka } = set
    const group = puller(set)
    await group.start()
    const batch = (await group.pull())!
    const refused = { code: 'INVALID_ARGUMENT' }
    await kafka.transaction(async (tx) => {
      await tx.commitOffsets(group, batch)
      await expect(group.commit(batch)).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('part of a transaction'),
      })
    })
    await expect(group.commit(batch)).rejects.toMatchObject({ ...refused, message: expect.stringContaining('not in your hands') })
    const twice = kafka.transaction((tx) => tx.commitOffsets(group, batch))
    await expect(twice).rejects.toMatchObject(refused)
    const handled = kafka.consumerGroup({ groupName: 'h', topics: [set.from], handler: { handleRecordBatch() {} } })
    await expect(kafka.transaction((tx) => tx.commitOffsets(handled, batch))).rejects.toMatchObject(refused)
    await eventually(async () => expect((await committed(world, set))[batch.partition]).toBe(20))
    await group.stop()
  })
})

onEmbeddedGroups('pulled batches in doubt', 1, (world) => {
  it.each([
    ['committed', true],
    ['not committed', false],
  ])('IT2: nobody learns how the transaction ended, in fact %s: the coordinator says where to go on', async (_, afterApply) => {
    const kafka = world.client({ transactionPool: { size: 1, timeoutMs: 1_500 } })
    const [from, to] = [await world.topic(1), await world.topic(3)]
    await fill(kafka, from, 1, 40)
    const group = puller({ kafka, from, to, groupName: await world.group() })
    await group.start()
    const batch = (await group.pull())!
    const fault = await world.broker.faults.drop('EndTxn', { afterApply, times: Infinity })
    const doubtful = kafka.transaction(async (tx) => {
      await copy(tx, to, batch)
      await tx.commitOffsets(group, batch)
    })
    await expect(doubtful).rejects.toMatchObject({ code: 'TRANSACTION_FAILED', context: { transaction: 'unknown' } })
    await fault.remove()
    const next = (await group.pull())!
    expect(next.records[0]!.offset).toBe(afterApply ? 20 : 0)
    await group.commit(next)
    await group.stop()
  })
})
