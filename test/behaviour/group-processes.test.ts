/**
 * Members in processes of their own, one group, thirty partitions, a cluster of three nodes that loses nodes: members join, leave and are
 * killed, handlers fail, hang and retry. `ODRADEK_SOAK_RECORDS` says how many records, 2000000 for the full run.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import type { MemberNews, MemberTask } from './group-member-child.ts'
import { committedOffsets, eventually, freshGroup } from './group-support.ts'
import { writeNumbered } from './numbered-values.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

const PARTITIONS = 30
const VALUE_BYTES = 100
const LEADERS = Array.from({ length: PARTITIONS }, (_, p) => (p % 3) + 1)
const RECORDS = Number(process.env['ODRADEK_SOAK_RECORDS'] ?? 120_000)
const BATCH = 5_000
/** The brokers' defaults, 45 s and 5 s, would make most of the test waiting. */
const SHORT_SESSIONS = {
  'group.consumer.min.session.timeout.ms': '6000',
  'group.consumer.session.timeout.ms': '6000',
  'group.consumer.min.heartbeat.interval.ms': '1000',
  'group.consumer.heartbeat.interval.ms': '1000',
}

/** What became of each record, by partition. */
class Handled {
  /** How often each record was handled. */
  readonly times = Array.from({ length: PARTITIONS }, () => new Uint8Array(Math.ceil(RECORDS / PARTITIONS) + BATCH))
  readonly wrong: string[] = []
  count = 0
  repeated = 0

  run(who: string, partition: number, first: number, last: number, before: number): void {
    if (first <= before) this.wrong.push(`${who}: ${partition}#${first} came after ${before}`)
    const times = this.times[partition]!
    for (let n = first; n <= last; n++) {
      if (times[n]! > 0) this.repeated++
      else this.count++
      times[n]!++
    }
  }

  /** The first record of the partition that nobody handled. */
  missing(partition: number, sent: number): number {
    const at = this.times[partition]!.subarray(0, sent).indexOf(0)
    return at < 0 ? sent : at
  }
}

const processes = new Set<Member>()
afterEach(() => {
  for (const member of processes) member.kill()
})

class Member {
  readonly name: string
  readonly events: string[] = []
  readonly partitions = new Set<number>()
  readonly #child: ChildProcess
  readonly #handled: Handled
  /** By partition, what came last in the present assignment. */
  readonly #last = new Map<number, number>()
  readonly #ready = Promise.withResolvers<void>()

  constructor(name: string, task: MemberTask, handled: Handled) {
    this.name = name
    this.#handled = handled
    this.#child = fork(join(import.meta.dirname, 'group-member-child.ts'), [JSON.stringify(task)])
    this.#child.on('message', (news) => this.#hear(news as MemberNews))
    processes.add(this)
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  async leave(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.send('stop')
    await ended
    processes.delete(this)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
    processes.delete(this)
  }

  #hear(news: MemberNews): void {
    switch (news.type) {
      case 'ready':
        this.#ready.resolve()
        break
      case 'started':
        this.partitions.add(news.partition)
        this.#last.set(news.partition, -1)
        break
      case 'stopped':
        this.partitions.delete(news.partition)
        break
      case 'done':
        for (const [first, last] of news.runs) {
          this.#handled.run(this.name, news.partition, first, last, this.#last.get(news.partition)!)
          this.#last.set(news.partition, last)
        }
        break
      case 'event':
        this.events.push(news.text)
        break
    }
  }
}

/** Sends in the background until all is sent; how many went to each partition so far. */
function sendAll(kafka: Kafka, topic: string): { sent: number[]; done: Promise<void> } {
  const sent = new Array<number>(PARTITIONS).fill(0)
  const producer = kafka.producer()
  const send = async (): Promise<void> => {
    for (let n = 0; n < RECORDS; n += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, i) => {
        const partition = (n + i) % PARTITIONS
        return { topic, partition, value: writeNumbered(Buffer.alloc(VALUE_BYTES), partition, 0, sent[partition]!++) }
      })
      for (const result of await producer.produceBatch(batch)) if (!result.ok) throw result.error
      if (RECORDS < 1_000_000) await sleep(100)
    }
  }
  return { sent, done: send() }
}

onPrivateCluster(
  'groups in processes',
  (world) => {
    async function begin(trouble: boolean, batchSize: number | 'dynamic') {
      const topic = await world.led(LEADERS)
      const groupName = freshGroup()
      const handled = new Handled()
      let made = 0
      const join = async (): Promise<Member> => {
        const task: MemberTask = { brokers: world.brokers, topic, groupName, trouble, batchSize }
        const member = new Member(`member ${++made}`, task, handled)
        await member.ready
        return member
      }
      const load = sendAll(world.client(), topic)
      const settled = async (): Promise<void> => {
        await load.done
        await eventually(() => {
          for (let p = 0; p < PARTITIONS; p++) expect([p, handled.missing(p, load.sent[p]!)]).toEqual([p, load.sent[p]!])
        }, 90_000)
      }
      const committed = async (): Promise<void> => {
        const places = load.sent.map((_, partition) => ({ topic, partition }))
        const offsets = await committedOffsets(world.brokers, groupName, places)
        expect(offsets.map(({ offset }) => offset)).toEqual(load.sent)
      }
      return { handled, join, settled, committed }
    }

    it('C8 IC1 IC5: members that come and go in order, and no fault: exactly once and in order', async () => {
      const { handled, join, settled, committed } = await begin(false, 'dynamic')
      const first = await join()
      const others = await Promise.all([join(), join()])
      await eventually(() => expect(handled.count).toBeGreaterThan(RECORDS / 4), 60_000)
      await others[0]!.leave()
      const late = await join()
      await settled()
      for (const member of [first, others[1]!, late]) {
        expect(member.events).toEqual([])
        await member.leave()
      }
      await committed()
      expect(handled.wrong).toEqual([])
      expect([handled.count, handled.repeated]).toEqual([RECORDS, 0])
    }, 240_000)

    it('F1 F24 F25 F26 IC1 IC5: members and nodes are killed, handlers fail, hang and retry: at least once, in order, none left out', async () => {
      const { handled, join, settled, committed } = await begin(true, 200)
      const members: Member[] = await Promise.all([join(), join(), join()])
      await eventually(() => expect(handled.count).toBeGreaterThan(RECORDS / 10), 60_000)
      members[0]!.kill()
      await world.kafka.kill(1)
      await sleep(2_000)
      members.push(await join())
      await world.kafka.restart(1)
      await eventually(() => expect(handled.count).toBeGreaterThan(RECORDS / 3), 60_000)
      await members[1]!.leave()
      await world.kafka.kill(2)
      await sleep(1_000)
      await world.kafka.restart(2)
      members.push(await join())
      await settled()
      for (const member of [members[2]!, members[3]!, members[4]!]) await member.leave()
      await committed()
      expect(handled.wrong).toEqual([])
      expect(handled.count).toBe(RECORDS)
      process.stderr.write(`   ${handled.count} records, ${handled.repeated} of them again\n`)
    }, 400_000)
  },
  SHORT_SESSIONS,
)
