/** P11, IT1–IT4: `kafka.transaction()` through the front door. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Kafka, KafkaError, type Transaction } from '../../src/main/index.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { endTxn } from '../../src/shared/protocol/generated/end-txn.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { attributes, readBatchHeader } from '../../src/shared/record-batch.ts'
import { consoleConsumer } from '../kafka/java-tools.ts'
import { ask, askAny } from '../support/raw-calls.ts'
import { rawPartition } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'
import { noReferee } from './referee.ts'

type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** All values of the topic, until a fetch of each partition finds nothing up to its end. */
async function valuesIn(kafka: Kafka, topic: string, isolationLevel: IsolationLevel = 'read_committed', partitions = 1) {
  const values: string[] = []
  for (let partition = 0; partition < partitions; partition++) {
    let offset = 0
    for (let empty = 0; empty < 2; ) {
      const [batch] = await kafka.fetch([{ topic, partition, offset }], { isolationLevel, maxWaitMs: 150 })
      values.push(...batch!.records.map(({ value }) => String(value)))
      empty = batch!.nextOffset === offset ? empty + 1 : 0
      offset = batch!.nextOffset
    }
  }
  return values
}

/** What a call rejected with. */
async function failureOf(promise: Promise<unknown>): Promise<KafkaError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`resolved with ${String(outcome.value)}`)
  if (!(outcome.error instanceof KafkaError)) throw outcome.error
  return outcome.error
}

/** Under which the last batch with records was written. */
async function lastIdentity(brokers: readonly string[], topic: string): Promise<{ producerId: number; producerEpoch: number }> {
  const bytes = await rawPartition(brokers, topic, 0)
  let found = { producerId: -1, producerEpoch: -1 }
  for (let at = 0; at < bytes.length; ) {
    const header = readBatchHeader(bytes, at)
    if (typeof header === 'string') break
    const { producerId, producerEpoch } = header
    if (!attributes.control(header.attributes)) found = { producerId, producerEpoch }
    at += header.batchLength
  }
  return found
}

/** EndTxn as a client sent it once; resolves with the error code. */
async function endLate(brokers: readonly string[], body: Parameters<typeof endTxn.encodeRequest>[2]): Promise<number> {
  const wanted = { keyType: 1, coordinatorKeys: [body.transactionalId!] }
  const { coordinators } = await askAny(brokers, findCoordinator, 4, wanted)
  const { host, port } = coordinators[0]!
  return (await ask(`${host}:${port}`, endTxn, 5, body)).errorCode
}

onBrokers('transactions', (world) => {
  it('P11, IT1: what the function handed in is seen as a whole after the commit, and the call resolves with what it returned', async () => {
    const [topic, other] = [await world.topic(3), await world.topic(1)]
    const kafka = world.client()
    const answer = await kafka.transaction(async (tx) => {
      for (let i = 0; i < 6; i++) await tx.produce({ topic, partition: i % 3, value: `v${i}` })
      const results = await tx.produceBatch([
        { topic: other, value: 'b0' },
        { topic: other, value: 'b1' },
      ])
      expect(results.every(({ ok }) => ok)).toBe(true)
      // nothing is seen before the commit
      expect(await valuesIn(kafka, topic, 'read_committed', 3)).toEqual([])
      return 42
    })
    expect(answer).toBe(42)
    expect((await valuesIn(kafka, topic, 'read_committed', 3)).sort()).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5'])
    expect(await valuesIn(kafka, other)).toEqual(['b0', 'b1'])
  })

  it('P11, IT1: a function that throws leaves nothing, its error comes back as it is, and the next transaction works', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ transactionPool: { size: 1 } })
    const mine = new Error('mine')
    for (let round = 0; round < 3; round++) {
      const failed = kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: `aborted ${round}` })
        tx.produceAsync({ topic, value: `aborted too ${round}` })
        throw mine
      })
      await expect(failed).rejects.toBe(mine)
      await kafka.transaction((tx) => tx.produce({ topic, value: `committed ${round}` }))
    }
    expect(await valuesIn(kafka, topic)).toEqual(['committed 0', 'committed 1', 'committed 2'])
    expect(await valuesIn(kafka, topic, 'read_uncommitted')).toContain('aborted 0')
  })

  it('P11: awaited or not, everything is in the log before the commit', async () => {
    const topic = await world.topic(3)
    const kafka = world.client()
    await kafka.transaction((tx) => {
      for (let i = 0; i < 500; i++) {
        if (i % 3 === 0) tx.produceAsync({ topic, value: `v${i}` })
        // awaits that are forgotten
        else if (i % 3 === 1) void tx.produce({ topic, value: `v${i}` })
        else void tx.produceBatch([{ topic, value: `v${i}` }])
      }
    })
    const values = await valuesIn(kafka, topic, 'read_committed', 3)
    expect(values.length).toBe(500)
    expect(new Set(values).size).toBe(500)
  })

  it('P11, IT1: a record that failed aborts the transaction, also when nobody awaited it', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ unknownTopicTimeoutMs: 300 })
    const error = await failureOf(
      kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: 'good' })
        void tx.produce({ topic: world.freshName(), value: 'nowhere to go' })
      }),
    )
    expect(error).toMatchObject({ code: 'TRANSACTION_FAILED', outcome: 'not-written', context: { transaction: 'aborted' } })
    expect((error.cause as KafkaError).code).toBe('UNKNOWN_TOPIC')
    // what its caller caught is a failure all the same
    const caught = await failureOf(
      kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: 'good too' })
        await tx.produce({ topic, value: 17 as never }).catch(() => {})
      }),
    )
    expect(caught).toMatchObject({ code: 'TRANSACTION_FAILED', context: { transaction: 'aborted' } })
    expect(await valuesIn(kafka, topic)).toEqual([])
  })

  it('P11: a transaction that takes too long is aborted and says that it may be run again', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ transactionPool: { size: 1 } })
    const signals: AbortSignal[] = []
    await kafka.transaction(() => {})
    const began = performance.now()
    const error = await failureOf(
      kafka.transaction(
        async (tx) => {
          signals.push(tx.signal)
          await tx.produce({ topic, value: 'too late' })
          await sleep(5_000)
        },
        { timeoutMs: 400 },
      ),
    )
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(error).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: true, outcome: 'not-written' })
    expect(error.context.transaction).toBe('timed-out')
    expect(signals[0]!.aborted).toBe(true)
    await kafka.transaction((tx) => tx.produce({ topic, value: 'in time' }))
    expect(await valuesIn(kafka, topic)).toEqual(['in time'])
  })

  it('P11: a signal aborts it', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const controller = new AbortController()
    const error = await failureOf(
      kafka.transaction(
        async (tx) => {
          await tx.produce({ topic, value: 'given up' })
          controller.abort()
          await sleep(5_000)
        },
        { signal: controller.signal },
      ),
    )
    expect(error).toMatchObject({ code: 'ABORTED', outcome: 'not-written' })
    expect(await failureOf(kafka.transaction(() => {}, { signal: controller.signal }))).toMatchObject({ code: 'ABORTED' })
    expect(await valuesIn(kafka, topic)).toEqual([])
  })

  it('P11: misuse is refused at once: too late, nested, no function', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    let escaped: Transaction | undefined
    await kafka.transaction(async (tx) => {
      escaped = tx
      await tx.produce({ topic, value: 'v' })
      const nested = await failureOf(kafka.transaction(() => {}))
      expect(nested).toMatchObject({ code: 'TRANSACTION_MISUSED', outcome: 'not-written' })
    })
    expect(await failureOf(escaped!.produce({ topic, value: 'late' }))).toMatchObject({ code: 'TRANSACTION_MISUSED' })
    expect(await failureOf(escaped!.produceBatch([{ topic, value: 'late' }]))).toMatchObject({ code: 'TRANSACTION_MISUSED' })
    expect(() => escaped!.produceAsync({ topic, value: 'late' })).toThrow(/came too late/)
    expect(await failureOf(kafka.transaction('nothing' as never))).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await valuesIn(kafka, topic, 'read_uncommitted')).toEqual(['v'])
  })

  it('P11: several at once, the pool is the bound, and who waits too long hears why', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ transactionPool: { size: 3 } })
    let running = 0
    let most = 0
    const ids = new Set<string>()
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        kafka.transaction(async (tx) => {
          most = Math.max(most, ++running)
          ids.add(tx.transactionalId)
          await tx.produce({ topic, value: `v${i}` })
          running--
        }),
      ),
    )
    expect(most).toBe(3)
    expect(ids.size).toBe(3)
    const values = await valuesIn(kafka, topic, 'read_committed', 3)
    expect(new Set(values).size).toBe(30)
    expect(values.length).toBe(30)
    const held = Promise.withResolvers<void>()
    const holding = [0, 1, 2].map(() => kafka.transaction(() => held.promise))
    const error = await failureOf(kafka.transaction(() => {}, { timeoutMs: 300 }))
    expect(error.code).toBe('TIMEOUT')
    expect(error.message).toMatch(/All 3 are in use/)
    held.resolve()
    await Promise.all(holding)
  })

  it('P11, IT3, F22: who starts with the same prefix fences the other, whose open transaction counts for nothing', async () => {
    const topic = await world.topic(1)
    const idPrefix = world.freshName()
    const [first, second] = [1, 2].map(() => world.client({ transactionPool: { size: 2, idPrefix } })) as [Kafka, Kafka]
    const started = Promise.withResolvers<void>()
    const resumed = Promise.withResolvers<void>()
    const zombie = failureOf(
      first.transaction(async (tx) => {
        await tx.produce({ topic, value: 'of the zombie' })
        started.resolve()
        await resumed.promise
        await tx.produce({ topic, value: 'of the zombie again' })
      }),
    )
    await started.promise
    for (let i = 0; i < 4; i++) await second.transaction((tx) => tx.produce({ topic, value: `of the successor ${i}` }))
    resumed.resolve()
    const error = await zombie
    expect(error).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: false, outcome: 'not-written' })
    expect(error.context.transaction).toBe('fenced')
    // once and for all, and the successor is none the worse
    const again = await failureOf(first.transaction((tx) => tx.produce({ topic, value: 'no' })))
    expect(again.context.transaction).toBe('fenced')
    await second.transaction((tx) => tx.produce({ topic, value: 'of the successor 4' }))
    expect(await valuesIn(second, topic)).toEqual([0, 1, 2, 3, 4].map((i) => `of the successor ${i}`))
  })

  it('IT2, F22: what the coordinator aborted by itself is no commit, and the id goes on', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ transactionPool: { size: 1, timeoutMs: 1_000 } })
    await kafka.transaction(() => {})
    // the client's own clock is kept from noticing
    const error = await failureOf(
      kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: 'too late' })
        // real coordinators look every 10 s
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, world.target.startsWith('real') ? 14_000 : 3_000)
      }),
    )
    expect(error, error.message).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: true, outcome: 'not-written' })
    expect(error.context.transaction, error.message).toBe('timed-out')
    await kafka.transaction((tx) => tx.produce({ topic, value: 'in time' }))
    expect(await valuesIn(kafka, topic)).toEqual(['in time'])
  }, 60_000)

  it('P11, F32: close() lets transactions end, and aborts what takes longer', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    await Promise.all([0, 1].map(() => kafka.transaction(() => sleep(10))))
    const short = kafka.transaction(async (tx) => {
      await tx.produce({ topic, value: 'short' })
      await sleep(200)
    })
    const long = failureOf(
      kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: 'long' })
        await sleep(20_000)
      }),
    )
    await sleep(100)
    const began = performance.now()
    await kafka.close({ timeoutMs: 2_000 })
    expect(performance.now() - began).toBeLessThan(4_000)
    await short
    expect((await long).code).toBe('CLOSED')
    expect((await failureOf(kafka.transaction(() => {}))).code).toBe('CLOSED')
    expect(await valuesIn(world.client(), topic)).toEqual(['short'])
  })

  it('P11: an I/O thread that crashes in the middle loses no transaction that says it was committed', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ transactionPool: { size: 2 }, ioThreadCrashLimit: 1_000 })
    const committed: string[] = []
    for (let i = 0; i < 20; i++) {
      const work = kafka.transaction(async (tx) => {
        const values = [`${i} a`, `${i} b`, `${i} c`]
        const sent = tx.produceBatch(values.map((value) => ({ topic, value })))
        if (i % 5 === 2) kafka.crashIoThread(0)
        await sent
        return values
      })
      await work.then(
        (values) => committed.push(...values),
        (error: KafkaError) => expect(error.context.transaction).not.toBe('unknown'),
      )
    }
    expect(committed.length).toBeGreaterThan(30)
    expect(await valuesIn(world.client(), topic)).toEqual(committed)
  })

  it('P11: transactionPool.producer: transactions are compressed and partitioned as it says', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ transactionPool: { producer: { compression: 'gzip', partitioner: () => 2 } } })
    const value = 'again and again '.repeat(50)
    const sent = await kafka.transaction((tx) => tx.produceBatch(Array.from({ length: 5 }, () => ({ topic, value }))))
    expect(sent.map((result) => result.ok && result.metadata.partition)).toEqual([2, 2, 2, 2, 2])
    const bytes = await rawPartition(world.brokers, topic, 2)
    const header = readBatchHeader(bytes, 0)
    expect(typeof header !== 'string' && attributes.codec(header.attributes)).toBe(1)
    expect(bytes.length).toBeLessThan(value.length)
    const read = async () => {
      const [batch] = await kafka.fetch([{ topic, partition: 2, offset: 0 }], { isolationLevel: 'read_committed' })
      return batch!.records.map((record) => String(record.value))
    }
    await expect.poll(read).toEqual(Array.from({ length: 5 }, () => value))
    const wrong = { compression: 'none', compressionLevel: 3 } as const
    expect(() => world.client({ transactionPool: { producer: wrong } })).toThrow(/transactionPool\.producer\.compressionLevel/)
    expect(() => world.client({ transactionPool: { producer: { acks: 1 } as object } })).toThrow(/acks/)
  })

  it('P11: one after the other they take turns with ids, so that none waits for the marks of the last; with pauses one id does', async () => {
    const topic = await world.topic(1)
    const used = async (size: number, pauseMs: number) => {
      const kafka = world.client({ transactionPool: { size } })
      const ids = new Set<string>()
      for (let i = 0; i < 12; i++) {
        await kafka.transaction(async (tx) => {
          ids.add(tx.transactionalId)
          await tx.produce({ topic, value: `${size} ${pauseMs} ${i}` })
        })
        if (pauseMs > 0) await sleep(pauseMs)
      }
      return ids.size
    }
    const hasty = await used(4, 0)
    expect(hasty).toBeGreaterThan(1)
    expect(hasty).toBeLessThanOrEqual(4)
    expect(await used(1, 0)).toBe(1)
    expect(await used(4, 40)).toBe(1)
    const values = await valuesIn(world.client(), topic)
    expect(values).toEqual(['4 0', '1 0', '4 40'].flatMap((how) => Array.from({ length: 12 }, (_, i) => `${how} ${i}`)))
  })

  it('F48, IT2: an end that reaches the coordinator late, when the next transaction is open, does not touch that', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ transactionPool: { size: 1 } })
    for (const late of [true, false]) {
      const transactionalId = await kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: `before ${late}` })
        return tx.transactionalId
      })
      const identity = await lastIdentity(world.brokers, topic)
      const next = kafka.transaction(async (tx) => {
        await tx.produce({ topic, value: `during ${late}` })
        const errorCode = await endLate(world.brokers, { transactionalId, ...identity, committed: late })
        expect([ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.PRODUCER_FENCED]).toContain(errorCode)
        if (late) throw new Error('not to be committed')
      })
      if (late) await expect(next).rejects.toThrow('not to be committed')
      else await next
    }
    expect(await valuesIn(kafka, topic)).toEqual(['before true', 'before false', 'during false'])
  })

  describe.skipIf(noReferee !== '')('as Java reads them', { timeout: 120_000 }, () => {
    it('P11, IT1: the console consumer sees what was committed and not what was aborted', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const committed: string[] = []
      for (let i = 0; i < 12; i++) {
        const fails = i % 3 === 1
        await kafka
          .transaction(async (tx) => {
            await tx.produceBatch([0, 1, 2].map((n) => ({ topic, key: `k${i}`, value: `${i}.${n}` })))
            if (fails) throw new Error('aborted')
          })
          .catch((error: Error) => expect(error.message).toBe('aborted'))
        if (!fails) committed.push(...[0, 1, 2].map((n) => `${i}.${n}`))
      }
      const properties = { 'isolation.level': 'read_committed' }
      const read = await consoleConsumer({ brokers: world.brokers, topic, max: committed.length, partition: 0, properties })
      expect(read.map(({ value }) => String(value))).toEqual(committed)
      expect(await valuesIn(kafka, topic)).toEqual(committed)
    })
  })
})
