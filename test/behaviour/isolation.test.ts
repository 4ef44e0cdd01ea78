/** C18, IC6: what readers see of transactions that Apache's own producer wrote. */
import { describe, expect, it } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import { consoleConsumer, writeTransactions } from '../kafka/java-tools.ts'
import { onBrokers } from './on-brokers.ts'
import { noReferee } from './referee.ts'

type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** From `offset` on until a fetch finds nothing any more: the values, and where the next fetch would begin. */
async function readAll(kafka: Kafka, topic: string, isolationLevel: IsolationLevel, offset = 0, maxBytes?: number) {
  const values: string[] = []
  for (let empty = 0; empty < 2; ) {
    const position = { topic, partition: 0, offset, ...(maxBytes !== undefined && { maxBytes }) }
    const [batch] = await kafka.fetch([position], { isolationLevel, maxWaitMs: 300 })
    values.push(...batch!.records.map(({ value }) => String(value)))
    empty = batch!.nextOffset === offset ? empty + 1 : 0
    offset = batch!.nextOffset
  }
  return { values, nextOffset: offset }
}

/** Four producers whose steps come in turn as chance has it, and half of whose transactions are aborted. */
function interleaved(topic: string): { steps: string[]; committed: string[] } {
  const steps: string[] = []
  const committed: string[] = []
  const open = new Map<string, string[]>()
  let random = 7
  const pick = (n: number) => (random = (random * 48_271) % 2_147_483_647) % n
  for (let i = 0; i < 120; i++) {
    const producer = 'abcd'[pick(4)]!
    const mine = open.get(producer)
    if (!mine) {
      steps.push(`begin ${producer}`)
      open.set(producer, [])
    } else if (mine.length > 0 && pick(3) === 0) {
      // a flush, so that the broker has the records before the marker of another producer
      const ends = pick(2) === 0 ? 'commit' : 'abort'
      steps.push(`flush ${producer}`, `${ends} ${producer}`)
      if (ends === 'commit') committed.push(...mine)
      open.delete(producer)
    } else {
      steps.push(`send ${producer} ${topic} 0 v${i}`, ...(pick(2) === 0 ? [`flush ${producer}`] : []))
      mine.push(`v${i}`)
    }
  }
  for (const producer of open.keys()) steps.push(`flush ${producer}`, `abort ${producer}`)
  return { steps, committed }
}

onBrokers('isolation', (world) => {
  describe.skipIf(noReferee !== '')('of transactions that Java wrote', { timeout: 120_000 }, () => {
    it('C18, IC6: committed, aborted, interleaved: no aborted record, every committed one, and the position behind the markers', async () => {
      const topic = await world.topic(1)
      const { steps, committed } = interleaved(topic)
      await writeTransactions({ brokers: world.brokers, prefix: topic, steps })
      const kafka = world.client()
      const { values, nextOffset } = await readAll(kafka, topic, 'read_committed')
      expect([...values].sort()).toEqual([...committed].sort())
      const everything = await readAll(kafka, topic, 'read_uncommitted')
      expect(everything.values.length).toBe(steps.filter((step) => step.startsWith('send')).length)
      expect(nextOffset).toBe(everything.nextOffset)
      const [end] = await kafka.admin.listOffsets([{ topic, partition: 0, timestamp: 'latest' }])
      expect(nextOffset).toBe(end!.offset)
      // in order, and as Java reads it
      const properties = { 'isolation.level': 'read_committed' }
      const java = await consoleConsumer({ brokers: world.brokers, topic, max: committed.length, partition: 0, properties })
      expect(values).toEqual(java.map(({ value }) => String(value)))
      // also when begun in the middle of transactions, and with answers that end in the middle of one
      const offsets = new Map(java.map(({ offset, value }) => [offset, String(value)]))
      for (const offset of [1, 7, 20, 33, nextOffset - 1]) {
        const rest = [...offsets].filter(([at]) => at >= offset).map(([, value]) => value)
        expect((await readAll(kafka, topic, 'read_committed', offset)).values).toEqual(rest)
      }
      expect((await readAll(kafka, topic, 'read_committed', 0, 200)).values).toEqual(values)
    })

    it('C18, IC6: what is open, and all behind it, is not read before it has ended', async () => {
      const topic = await world.topic(1)
      const early = ['begin a', `send a ${topic} 0 a1`, 'commit a', 'begin b', `send b ${topic} 0 b1`, 'flush b']
      const late = ['begin c', `send c ${topic} 0 c1`, 'commit c']
      const properties = { 'compression.type': 'lz4' }
      await writeTransactions({ brokers: world.brokers, prefix: topic, steps: [...early, ...late], properties })
      const kafka = world.client()
      const before = await readAll(kafka, topic, 'read_committed')
      expect(before.values).toEqual(['a1'])
      expect((await readAll(kafka, topic, 'read_uncommitted')).values).toEqual(['a1', 'b1', 'c1'])
      // who waits at the open transaction gets what is behind it when it has ended
      const waiting = (async () => {
        for (let offset = before.nextOffset; ; ) {
          const options = { isolationLevel: 'read_committed', maxWaitMs: 20_000, timeoutMs: 60_000 } as const
          const [batch] = await kafka.fetch([{ topic, partition: 0, offset }], options)
          if (batch!.records.length > 0) return batch!.records.map(({ value }) => String(value))
          offset = batch!.nextOffset
        }
      })()
      // a new producer of the same id aborts what the old one left
      await writeTransactions({ brokers: world.brokers, prefix: topic, steps: ['begin b', 'abort b'] })
      expect(await waiting).toEqual(['c1'])
      expect((await readAll(kafka, topic, 'read_committed')).values).toEqual(['a1', 'c1'])
    })

    it('F19: a topic that stamps on append, with aborted transactions in it', async () => {
      const topic = await world.topic(1, { configs: { 'message.timestamp.type': 'LogAppendTime' } })
      // what was not sent yet when a transaction is aborted never is
      const steps = ['begin a', `send a ${topic} 0 no`, 'flush a', 'abort a', 'begin a', `send a ${topic} 0 yes`, 'commit a']
      const started = Date.now()
      await writeTransactions({ brokers: world.brokers, prefix: topic, steps })
      const options = { isolationLevel: 'read_committed', maxWaitMs: 20_000 } as const
      const [batch] = await world.client().fetch([{ topic, partition: 0, offset: 2 }], options)
      expect(batch!.records.map(({ value }) => String(value))).toEqual(['yes'])
      expect(Math.abs(batch!.records[0]!.timestamp - started)).toBeLessThan(60_000)
    })
  })
})
