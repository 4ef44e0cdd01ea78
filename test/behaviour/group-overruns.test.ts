/**
 * Handlers that block their thread, take too long or never return. `ODRADEK_BLOCK_MS` says how long the main thread is blocked, 40000
 * for the full time.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumerGroup, KafkaError } from '../../src/main/index.ts'
import { ChildMember, endChildren } from './group-children.ts'
import { GroupLedger, traffic } from './group-ledger.ts'
import { committedOffsets, eventually, freshGroup } from './group-support.ts'
import { onEmbeddedGroups, onGroups, SESSION_MS } from './on-groups.ts'

/** Longer than a session lasts. */
const BLOCK_MS = Number(process.env['ODRADEK_BLOCK_MS'] ?? 1.6 * SESSION_MS)

endChildren()

onGroups('a member whose main thread is blocked', (world) => {
  async function pair(
    task: Omit<ConstructorParameters<typeof ChildMember>[1], 'brokers'>,
  ): Promise<{ ledger: GroupLedger; child: ChildMember; ours: ConsumerGroup }> {
    const ledger = new GroupLedger(world.brokers, await world.topic(4), 4, await world.group())
    const ours = ledger.member(world.client())
    await ours.start()
    const child = new ChildMember(ledger, { brokers: world.brokers, ...task })
    await eventually(() => expect(ours.assignment).toHaveLength(2), 40_000)
    await eventually(() => expect(child.events).toEqual(['assigned 2']))
    ledger.watchCommits()
    return { ledger, child, ours }
  }

  it(
    `F27 C13 IC5: for ${BLOCK_MS} ms, which is longer than its session: it stays a member, nobody else gets its partitions, nothing comes twice`,
    async () => {
      const { ledger, child, ours } = await pair({ workMs: 5, blockMs: BLOCK_MS })
      const before = await world.describe(ledger.groupName)
      await ledger.write(world.client(), 20)
      await eventually(() => expect(child.inHand).toBeGreaterThan(0))
      await sleep(BLOCK_MS * 0.9)
      // still blocked, and still a member
      expect(child.inHand).toBeGreaterThan(0)
      expect(ours.assignment).toHaveLength(2)
      const { groupEpoch, members } = await world.describe(ledger.groupName)
      expect(groupEpoch).toBe(before.groupEpoch)
      expect(members).toHaveLength(2)
      await ledger.caughtUp()
      expect(child.events).toEqual(['assigned 2'])
      expect(await child.stop()).toEqual([0, null])
      await ledger.settle()
    },
    BLOCK_MS + 60_000,
  )

  it('F27 IC3 IC4: for longer than maxProcessingMs: it leaves, the other one reads its partitions, and it joins again when it can', async () => {
    const { ledger, child, ours } = await pair({ workMs: 5, blockMs: 6_000, options: { maxProcessingMs: 1_000 } })
    const flow = traffic(ledger, world.client(), { pauseMs: 50 })
    await eventually(() => expect(child.inHand).toBeGreaterThan(0))
    await eventually(() => expect(ours.assignment).toHaveLength(4), 5_000)
    // it did not wait for the session to end, which heartbeats would have kept alive
    expect(child.inHand).toBeGreaterThan(0)
    await eventually(() =>
      expect(child.events).toContainEqual(expect.stringMatching(/^lost 2 MEMBER_LOST The main thread did not/)),
    )
    await eventually(() => expect(ours.assignment).toHaveLength(2))
    await flow.stop()
    await ledger.caughtUp()
    expect(await child.stop()).toEqual([0, null])
    await ledger.settle({ repeats: true })
  })

  it('F26 IC4 IX4: a handler that runs on for longer than maxProcessingMs: the member leaves, and joins again when that has ended', async () => {
    const ledger = new GroupLedger(world.brokers, await world.topic(2), 2, await world.group())
    const { promise: hanging, resolve: release } = Promise.withResolvers<void>()
    const hung: number[] = []
    const aborted: string[] = []
    const errors: KafkaError[] = []
    const first = ledger.member(world.client(), { maxProcessingMs: 1_000 }, async ([record], { signal }) => {
      if (record!.partition !== 1 || hung.length > 0) return
      hung.push(record!.offset)
      signal.addEventListener('abort', () => aborted.push((signal.reason as KafkaError).code))
      await hanging
    })
    first.on('lost', (_partitions, reason) => errors.push(reason))
    await first.start()
    ledger.watchCommits()
    await ledger.write(world.client(), 20)
    await eventually(() => expect(first.assignment).toEqual([]))
    expect(hung).toEqual([0])
    expect(aborted).toEqual(['HANDLER_TIMEOUT'])
    expect(errors).toMatchObject([{ code: 'MEMBER_LOST', retriable: true, context: { group: ledger.groupName } }])
    expect(errors[0]!.message).toMatch(new RegExp(`^The handler of ${ledger.topic}-1 has been running for 1\\d{3} ms`))
    expect(first.why().member).toMatch(/joins again when that call has ended/)
    expect((await world.describe(ledger.groupName)).members).toEqual([])
    // nobody had to wait for the session to end
    const second = ledger.member(world.client())
    await second.start()
    await eventually(() => expect(second.assignment).toHaveLength(2), SESSION_MS)
    await ledger.caughtUp()
    // it does not come back before
    await sleep(1_000)
    expect(first.assignment).toEqual([])
    release()
    await eventually(() => expect([first, second].map(({ assignment }) => assignment.length)).toEqual([1, 1]))
    await ledger.write(world.client(), 20)
    await ledger.settle({ repeats: true })
  })
})

onEmbeddedGroups('handlers that never return', 1, (world) => {
  it('F26 IC3: one that ends when its signal says so, after handlerTimeoutMs: its records come again, others go on, nobody leaves', async () => {
    const ledger = new GroupLedger(world.brokers, await world.topic(2), 2)
    const errors: unknown[] = []
    const group = ledger.member(world.client(), { handlerTimeoutMs: 300 }, async ([record], { signal, attempt }) => {
      if (record!.partition !== 1 || record!.offset !== 10 || attempt > 2) return
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    group.on('handlerError', ({ partition, offset, attempt, error }) =>
      errors.push([partition, offset, attempt, (error as KafkaError).code]),
    )
    await group.start()
    ledger.watchCommits()
    await ledger.write(world.client(), 30)
    await ledger.settle()
    expect(errors).toEqual([
      [1, 10, 1, 'HANDLER_TIMEOUT'],
      [1, 10, 2, 'HANDLER_TIMEOUT'],
    ])
    expect(ledger.events).toEqual(['member 1: assigned 2'])
  })

  it('F26 IX4: one in a thread that runs on for longer than maxProcessingMs: the member leaves, and joins again', async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    const groupName = freshGroup()
    const happened: string[] = []
    const group = kafka.consumerGroup({
      groupName,
      topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
      handler: new URL('./group-handlers/slow.ts', import.meta.url),
      threads: 1,
      maxProcessingMs: 1_000,
      handlerTimeoutMs: 500,
    })
    group.on('handlerError', ({ error }) => happened.push((error as KafkaError).code))
    group.on('lost', (partitions, { code }) => happened.push(`lost ${partitions.length} ${code}`))
    await group.start()
    await kafka.producer().produce({ topic, partition: 0, value: '3000' })
    await eventually(() => expect(happened).toContain('lost 2 MEMBER_LOST'))
    expect(happened[0]).toBe('HANDLER_TIMEOUT')
    expect(group.assignment).toEqual([])
    await eventually(() => expect(group.assignment).toHaveLength(2))
    await kafka.producer().produceBatch([0, 1].map((partition) => ({ topic, partition, value: '1' })))
    const places = [0, 1].map((partition) => ({ topic, partition }))
    await eventually(async () => {
      const committed = await committedOffsets(world.brokers, groupName, places)
      expect(committed.map(({ offset }) => offset)).toEqual([2, 1])
    })
    await group.stop()
  })

  it('F26 F33 IX5: one that never ends: the member stays out and says why; stop and close return in time', async () => {
    const kafka = world.client()
    const ledger = new GroupLedger(world.brokers, await world.topic(1), 1)
    const group = ledger.member(kafka, { maxProcessingMs: 1_000 }, () => new Promise(() => {}))
    await group.start()
    await ledger.write(kafka, 3)
    await eventually(() => expect(ledger.events).toContain('member 1: lost 1 MEMBER_LOST'))
    await sleep(1_500)
    expect(group.assignment).toEqual([])
    expect(group.why().member).toMatch(/The handler of .*-0 has been running/)
    const began = performance.now()
    await group.stop({ timeoutMs: 1_000 })
    await kafka.close({ timeoutMs: 1_000 })
    expect(performance.now() - began).toBeLessThan(8_000)
    const [committed] = await committedOffsets(world.brokers, ledger.groupName, [{ topic: ledger.topic, partition: 0 }])
    expect(committed!.offset).toBe(-1)
  })
})
