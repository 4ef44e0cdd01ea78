/**
 * Rows of the fault catalogue on a real cluster whose nodes die, stop, restart and lose their disks while many callers send. Each is
 * judged by what the log has afterwards.
 *
 * `ODRADEK_SOAK_RECORDS` makes the kill -9 tests as long as wanted, for example 2000000.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { Load } from './load.ts'
import { valuesByPartition } from './log-reader.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

const SOAK_RECORDS = Number(process.env['ODRADEK_SOAK_RECORDS'] ?? 100_000)
const CALLERS = 64
const PARTITIONS = 12
const all = Array.from({ length: PARTITIONS }, (_, partition) => partition)
/** Half of the partitions are led by this node, the others by the other two. */
const mostly = (node: number) => all.map((p) => (p % 2 === 0 ? node : 1 + ((node + ((p >> 1) & 1)) % 3)))
const ledBy = (leaders: readonly number[], node: number) => all.filter((p) => leaders[p] === node)

/** Figures go to the log of the run: they are what to look at when the machine was slow. */
function tell(what: string, pauses: readonly number[]): void {
  const [from, to] = [Math.min(...pauses), Math.max(...pauses)]
  process.stderr.write(`   ${what}: partitions paused for ${from} to ${to} ms [${pauses.join(' ')}]\n`)
}

onPrivateCluster('cluster faults', (world) => {
  it.each([
    ['the leader of most partitions', false],
    ['the active controller, which leads most partitions,', true],
  ])(
    'F1 G9: kill -9 of %s under load of 64 callers: exactly once, in order, sends go on within seconds',
    async (_who, controls) => {
      const controller = await world.controller()
      const victim = controls ? controller : (controller % 3) + 1
      const leaders = mostly(victim)
      const topic = await world.led(leaders)
      const recordsEach = Math.ceil(SOAK_RECORDS / CALLERS)
      const load = new Load(world.client().producer(), topic, { partitions: PARTITIONS, recordsEach })
      await load.reached(Math.floor(SOAK_RECORDS * 0.15))
      const killedAt = performance.now()
      await world.kafka.kill(victim)
      await sleep(3_000)
      const back = world.kafka.restart(victim)
      const electedMs = await elected(topic, victim, killedAt)
      await load.flowing(ledBy(leaders, victim))
      tell(`F1 kill -9 of node ${victim}${controls ? ', the controller' : ''}`, load.pauses(killedAt))
      await load.done()
      await back
      expectSoonAfter(electedMs, load.pauses(killedAt))
      await load.expectExactlyOnce(world.brokers)
      process.stderr.write(`   F1 ${load.acked} records in ${Math.round(performance.now() - killedAt)} ms after the kill\n`)
      await world.healed(topic)
    },
    Math.max(180_000, SOAK_RECORDS),
  )

  it('F3 G10: the leader is stopped with open sockets and wakes up later: sends go on elsewhere, exactly once, in order', async () => {
    const victim = ((await world.controller()) % 3) + 1
    const leaders = mostly(victim)
    const topic = await world.led(leaders)
    const load = new Load(world.client().producer(), topic, { partitions: PARTITIONS, paceMs: 5 })
    await load.reached(3_000)
    const stoppedAt = performance.now()
    await world.kafka.kill(victim, 'SIGSTOP')
    try {
      const electedMs = await elected(topic, victim, stoppedAt)
      await load.flowing(ledBy(leaders, victim))
      tell(`F3 SIGSTOP of node ${victim}`, load.pauses(stoppedAt))
      expectSoonAfter(electedMs, load.pauses(stoppedAt))
    } finally {
      await world.kafka.kill(victim, 'SIGCONT')
    }
    await sleep(2_000)
    await load.flowing()
    await load.expectExactlyOnce(world.brokers)
    await world.healed(topic)
  }, 120_000)

  it('F2: every node is shut down and started in turn: exactly once, in order, nothing fails', async () => {
    const topic = await world.led(mostly(1))
    const kafka = world.client()
    const load = new Load(kafka.producer(), topic, { partitions: PARTITIONS, callers: 24, paceMs: 10 })
    await load.flowing()
    const startedAt = performance.now()
    for (const node of [1, 2, 3]) {
      await world.kafka.restart(node)
      await load.flowing()
      await world.healed(topic)
    }
    tell('F2 rolling bounce', load.pauses(startedAt))
    await load.expectExactlyOnce(world.brokers)
  }, 180_000)

  it('F4: all nodes die and come back: sends wait, room runs out without growing, brokers are not stormed, nothing is lost', async () => {
    const topic = await world.led(mostly(1))
    const kafka = world.client()
    const attempts = new Map<string, number>()
    kafka.on('connection', ({ broker }) => attempts.set(broker, (attempts.get(broker) ?? 0) + 1))
    const bufferMemory = 64 * 1024
    const producer = kafka.producer({ bufferMemory, batchBytes: 16 * 1024 })
    const load = new Load(producer, topic, { partitions: PARTITIONS, callers: 960, paceMs: 20, callbacks: false })
    await load.flowing()
    await Promise.all([1, 2, 3].map((node) => world.kafka.kill(node)))
    await sleep(500)
    attempts.clear()
    const downAt = performance.now()
    await sleep(5_000)
    const seconds = (performance.now() - downAt) / 1_000
    // each broker has an address that was configured and one that the cluster told
    for (const [broker, count] of attempts) expect(count / seconds, `attempts a second at ${broker}`).toBeLessThan(10)
    expect(producer.bufferedBytes).toBeLessThanOrEqual(bufferMemory)
    expect(producer.bufferedBytes).toBeGreaterThan(bufferMemory / 2)
    expect(load.errors).toEqual([])
    await Promise.all([1, 2, 3].map((node) => world.kafka.restart(node)))
    const upAt = performance.now()
    await load.flowing()
    tell('F4 after all nodes are up again', load.pauses(upAt))
    await load.expectExactlyOnce(world.brokers)
    await world.healed(topic)
  }, 180_000)

  it('F5: leaders move without any failure, again and again: writers and readers see every record once, in order', async () => {
    const topic = await world.led([1, 2, 3])
    const kafka = world.client()
    const load = new Load(kafka.producer(), topic, { partitions: 3, callers: 6, paceMs: 2 })
    const read: number[] = []
    let over = false
    const reading = (async () => {
      for (let offset = 0; ; ) {
        const [batch] = await kafka.fetch([{ topic, partition: 0, offset }])
        for (const { value } of batch!.records) read.push(value!.readUInt32LE(8))
        if (over && batch!.records.length === 0) return
        offset = batch!.nextOffset
      }
    })()
    for (const leaders of [
      [2, 3, 1],
      [3, 1, 2],
      [1, 2, 3],
      [2, 3, 1],
    ]) {
      await world.lead(topic, leaders)
      await load.flowing()
      await sleep(500)
    }
    await load.expectExactlyOnce(world.brokers)
    over = true
    await reading
    expect(read).toEqual(Array.from(read, (_, index) => index))
    expect(read.length).toBeGreaterThan(100)
  }, 60_000)

  it('F35 F36: a node with a full disk leaves the leadership to others; when a second one dies, sends wait for enough replicas', async () => {
    const controller = await world.controller()
    const [full, second] = [1, 2, 3].filter((node) => node !== controller) as [number, number]
    const leaders = mostly(full)
    const topic = await world.led(leaders)
    const picky = await world.led([1, 2, 3], { 'min.insync.replicas': '3' })
    const kafka = world.client({ requestTimeoutMs: 4_000 })
    const load = new Load(kafka.producer(), topic, { partitions: PARTITIONS, callers: 24, paceMs: 5 })
    await load.flowing()
    const fullAt = performance.now()
    await fillDisk(full)
    await load.flowing(ledBy(leaders, full))
    tell(`F35 full disk of node ${full}`, load.pauses(fullAt))
    // two of three replicas, and it wants three
    const waiting = new Load(kafka.producer(), picky, { partitions: 3, callers: 3, recordsEach: 20 })
    await sleep(1_000)
    await world.kafka.kill(second)
    await sleep(6_000)
    expect(waiting.acked).toBe(0)
    expect([...waiting.errors, ...load.errors]).toEqual([])
    await Promise.all([full, second].map((node) => world.kafka.restart(node)))
    await load.flowing()
    await waiting.done()
    await load.expectExactlyOnce(world.brokers)
    await waiting.expectExactlyOnce(world.brokers)
    await world.healed(topic)
  }, 180_000)

  it("F36: acks 1 goes on with one replica of two down, where acks 'all' waits for min.insync.replicas", async () => {
    const controller = await world.controller()
    const [leader, victim] = [1, 2, 3].filter((node) => node !== controller) as [number, number]
    const topic = world.freshName()
    const kafka = world.client()
    await kafka.admin.createTopics([{ topic, assignments: [[leader, victim]], configs: { 'min.insync.replicas': '2' } }])
    const [careful, quick] = [kafka.producer(), kafka.producer({ name: 'quick', acks: 1, idempotent: false })]
    await careful.produce({ topic, value: 'both' })
    await world.kafka.kill(victim)
    await world.inSync(topic, [leader])
    expect(await quick.produce({ topic, value: 'quick' })).toMatchObject({ offset: 1 })
    // what fewer than min.insync.replicas have is not shown to readers
    expect(await kafka.fetch([{ topic, partition: 0, offset: 1 }], { maxWaitMs: 500 })).toMatchObject([
      { highWatermark: 1, records: [] },
    ])
    let written = false
    const waiting = careful.produce({ topic, value: 'careful' })
    void waiting.then(() => (written = true))
    const impatient = kafka.producer({ name: 'impatient', deliveryTimeoutMs: 2_000 }).produce({ topic, value: 'impatient' })
    await expect(impatient).rejects.toMatchObject({
      code: 'DELIVERY_TIMEOUT',
      outcome: 'not-written',
      context: { brokerError: 'NOT_ENOUGH_REPLICAS' },
    })
    expect(written).toBe(false)
    await world.kafka.restart(victim)
    expect(await waiting).toMatchObject({ offset: 2 })
    expect(valuesByPartition(await world.log(topic)).get(0)).toEqual(['both', 'quick', 'careful'])
  }, 120_000)

  /** How long after `since` the cluster had new leaders for what the node led. */
  async function elected(topic: string, node: number, since: number): Promise<number> {
    await world.leaderless(topic, node)
    return Math.round(performance.now() - since)
  }

  /** How soon there are new leaders is the cluster's affair (about 7 s, more when its controller died); how soon they are found, ours. */
  function expectSoonAfter(electedMs: number, pauses: readonly number[]): void {
    process.stderr.write(`   the cluster had elected new leaders after ${electedMs} ms\n`)
    expect(Math.max(...pauses)).toBeLessThan(electedMs + 5_000)
  }

  /** Files of the node cannot grow any more; where the node is no process of this machine it is killed instead. */
  async function fillDisk(node: number): Promise<void> {
    const process = world.kafka.process(node)
    if (!process) return world.kafka.kill(node)
    await promisify(execFile)('prlimit', ['--pid', String(process.pid), '--fsize=4096'])
    while (world.kafka.process(node)) await sleep(100)
  }
})
