/** Members whose main thread is blocked, or whose process was stopped. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { TestMemberOptions } from '../support/test-member.ts'
import { type GroupWorld, INTERVAL_MS, onEmbeddedGroups, onGroups, SESSION_MS } from './on-groups.ts'

interface Report {
  memberId: string
  memberEpoch: number
  partitions: string[]
  happened: { type: string; partitions?: string[]; error?: { code: string; message: string } }[]
  said: string[]
}

const children = new Set<MemberProcess>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

/** A member in a process of its own. */
class MemberProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly exit: Promise<number | null>
  readonly #file = join(tmpdir(), `odradek-${randomUUID()}`)

  constructor(options: TestMemberOptions) {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'member-child.ts'), JSON.stringify(options)])
    this.#child.stderr.pipe(process.stderr)
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.exit = new Promise((resolve) => this.#child.once('exit', resolve))
    children.add(this)
  }

  static async joined(options: TestMemberOptions): Promise<MemberProcess> {
    const member = new MemberProcess(options)
    expect(await member.line()).toBe('joined')
    return member
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  tell(what: string): void {
    this.#child.stdin.write(`${what}\n`)
  }

  /** Its main thread does nothing more, until {@link wake}. */
  block(): void {
    this.tell(`block ${this.#file}`)
  }

  async wake(): Promise<void> {
    writeFileSync(this.#file, '')
    expect(await this.line()).toBe('awake')
    rmSync(this.#file)
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value
  }

  async report(): Promise<Report> {
    this.tell('report')
    return JSON.parse(await this.line()) as Report
  }
}

const lost = ({ happened }: Report) => happened.filter(({ type }) => type === 'lost')
const membersOf = async (world: GroupWorld, group: string) =>
  (await world.describe(group)).members.map(({ memberId }) => memberId)

async function until(what: string, done: () => Promise<boolean>, ms = 20_000): Promise<void> {
  for (const deadline = performance.now() + ms; !(await done()); await sleep(50)) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
  }
}

onGroups('members that are blocked', (world) => {
  it('C13 F27 main blocked for twice the session: still a member, and nothing has changed hands', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const child = await MemberProcess.joined({ brokers: world.brokers, groupId: group, topics: [topic] })
    const before = await child.report()
    const { groupEpoch } = await world.describe(group)
    child.block()
    for (const end = performance.now() + 2 * SESSION_MS; performance.now() < end; await sleep(200))
      expect(await membersOf(world, group)).toEqual([before.memberId])
    await child.wake()
    await sleep(3 * INTERVAL_MS)
    const after = await child.report()
    expect(after).toMatchObject({ memberId: before.memberId, memberEpoch: before.memberEpoch, partitions: before.partitions })
    expect(after.happened).toEqual(before.happened)
    expect((await world.describe(group)).groupEpoch).toBe(groupEpoch)
    child.tell('end')
    expect(await child.exit).toBe(0)
    expect(await membersOf(world, group)).toEqual([])
  })

  it('C13 F27 main blocked for longer than maxProcessingMs: leaves while it is, has lost all when it wakes up, and joins again', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const options = { brokers: world.brokers, groupId: group, topics: [topic], maxProcessingMs: 800 }
    const child = await MemberProcess.joined(options)
    const before = await child.report()
    const blocked = performance.now()
    child.block()
    await until('it has left', async () => (await membersOf(world, group)).length === 0)
    // its session would have lasted for longer, and began anew with each heartbeat
    expect(performance.now() - blocked).toBeLessThan(SESSION_MS)
    const other = world.member({ groupId: group, topics: [topic] })
    await other.start()
    await until('the other one has them', async () => other.partitions.length === 2)
    expect(other.partitions).toEqual(before.partitions)
    await child.wake()
    await until('both share', async () => (await child.report()).partitions.length === 1)
    const after = await child.report()
    expect(lost(after)).toMatchObject([{ partitions: before.partitions, error: { code: 'MEMBER_LOST' } }])
    expect(lost(after)[0]!.error!.message).toMatch(/maxProcessingMs \(800\)/)
    expect(other.owned.size).toBe(1)
  })

  it('F23 IC4 a process that was stopped for longer than its session has lost all when it goes on, and joins again', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const child = await MemberProcess.joined({ brokers: world.brokers, groupId: group, topics: [topic], maxProcessingMs: 1_000 })
    const before = await child.report()
    child.kill('SIGSTOP')
    await until('it is put out', async () => (await membersOf(world, group)).length === 0)
    child.kill('SIGCONT')
    await until('it has joined again', async () => {
      const { partitions, memberEpoch } = await child.report()
      return partitions.length === 2 && memberEpoch > before.memberEpoch
    })
    const after = await child.report()
    expect(lost(after)).toMatchObject([{ partitions: before.partitions, error: { code: 'MEMBER_LOST' } }])
    // nobody was blocked: it was the whole process
    expect(lost(after)[0]!.error!.message).toContain('UNKNOWN_MEMBER_ID')
  })
})

onEmbeddedGroups('members that are blocked', 3, (world) => {
  it('F8 F27 the coordinator dies while main is blocked: the I/O thread finds the new one', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const child = await MemberProcess.joined({ brokers: world.brokers, groupId: group, topics: [topic] })
    const before = await child.report()
    child.block()
    await sleep(2 * INTERVAL_MS)
    const dead = await world.broker.coordinator(group)
    await world.broker.kill(dead)
    await sleep(2 * SESSION_MS)
    await child.wake()
    await sleep(3 * INTERVAL_MS)
    const after = await child.report()
    await world.broker.revive(dead)
    expect(after).toMatchObject({ memberId: before.memberId, memberEpoch: before.memberEpoch, partitions: before.partitions })
    expect(after.happened).toEqual(before.happened)
  })
})
