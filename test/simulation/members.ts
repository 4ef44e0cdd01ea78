/**
 * One simulated run of members of a group on a three-node cluster in trouble: they come and go, their I/O cores crash, connections break,
 * coordinators move, load and die, answers are lost, and owners are slow to let go. At every moment no partition is owned by two members
 * that the coordinator knows, and in the end the members that are left share all partitions. The same seed gives the same run.
 */
import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import type { FaultRule } from '../../src/main/testing/broker/fault-desk.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { apiCode } from '../../src/shared/protocol/registry.ts'
import { SimEnv } from '../support/sim-env.ts'
import { TestMember } from '../support/test-member.ts'
import { Chance } from './chance.ts'

const LIMIT_MS = 900_000
const TROUBLE_MS = 40_000
const RECOVERY_MS = 20_000
const GROUP = 'group'
const REBALANCE_MS = 1_500
const HEARTBEAT = 68
const FIND_COORDINATOR = 10
const METADATA = 3
const errors = [
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.FENCED_MEMBER_EPOCH,
  ErrorCode.UNKNOWN_MEMBER_ID,
  ErrorCode.UNKNOWN_SERVER_ERROR,
]

export interface MembersReport {
  problems: string[]
  /** What was done to them, in order. */
  trouble: string[]
  /** How often members lost their partitions, gave them up in order, and got some. */
  lost: number
  revoked: number
  assigned: number
  endedAt: number
}

let warm: Promise<unknown> | undefined

export async function runMembers(seed: number): Promise<MembersReport> {
  warm ??= loadCode()
  await warm
  return new Run(seed).run()
}

/** Code is loaded in real time, which must not happen in the middle of a run that is to be repeatable. */
async function loadCode(): Promise<void> {
  for (const key of handlers.keys()) await apiCode(key)
  await import(new URL('../../src/workers/io-core.ts', import.meta.url).href)
}

class Run {
  readonly #env: SimEnv
  readonly #chance: Chance
  readonly #cluster: Cluster
  readonly #problems = new Set<string>()
  readonly #trouble: string[] = []
  readonly #members = new Set<TestMember>()
  /** All there ever were. */
  readonly #all: TestMember[] = []
  readonly #leaving: Promise<void>[] = []
  #partitions: number

  constructor(seed: number) {
    this.#env = new SimEnv(seed)
    this.#chance = new Chance(seed, 1)
    this.#partitions = this.#chance.between(3, 8)
    this.#cluster = new Cluster(this.#env, {
      ...clusterOptions({
        nodes: 3,
        topics: [{ topic: 't', partitions: this.#partitions, replicationFactor: 3 }],
        groups: { sessionTimeoutMs: 4_000, heartbeatIntervalMs: 500, assignmentIntervalMs: 0 },
      }),
      onBug: (bug) => this.#problems.add(`the broker has a bug: ${bug instanceof Error ? bug.stack : bug}`),
    })
  }

  async run(): Promise<MembersReport> {
    const env = this.#env
    await env.run(this.#cluster.start())
    env.watch = () => this.#check()
    try {
      await env.run(this.#live(), LIMIT_MS)
    } catch (error) {
      this.#problems.add(`IX4: ${error instanceof Error ? error.message : error}`)
    }
    this.#cluster.close()
    const count = (type: 'lost' | 'revoked' | 'assigned') => this.#all.reduce((sum, member) => sum + member.count(type), 0)
    return {
      problems: [...this.#problems],
      trouble: this.#trouble,
      lost: count('lost'),
      revoked: count('revoked'),
      assigned: count('assigned'),
      endedAt: env.now(),
    }
  }

  async #live(): Promise<void> {
    const env = this.#env
    for (let count = this.#chance.between(1, 4); count > 0; count--) this.#join()
    for (const end = env.now() + TROUBLE_MS; env.now() < end; ) {
      await this.#sleep(this.#chance.between(0, 2_000))
      this.#trouble.push(`${env.now().toFixed(0)} ${this.#strike()}`)
    }
    this.#cluster.desk.clear()
    for (const { id } of this.#cluster.nodes) if (!this.#cluster.isLive(id)) await this.#cluster.revive(id)
    if (this.#members.size === 0) this.#join()
    await this.#sleep(RECOVERY_MS)
    this.#judge()
    for (const member of [...this.#members]) this.#leave(member)
    await Promise.all(this.#leaving)
    if (env.network.pipes.size > 0) this.#problems.add(`IX5: ${env.network.pipes.size} connections are open after the end`)
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#env.setTimeout(resolve, ms))
  }

  #join(): string {
    const member = new TestMember({
      brokers: this.#cluster.addresses,
      env: this.#env,
      kafka: { ioThreads: 0, requestTimeoutMs: 2_000, ioThreadCrashLimit: 1_000_000, metadataMaxAgeMs: 5_000 },
      groupId: GROUP,
      topics: ['t'],
      rebalanceTimeoutMs: REBALANCE_MS,
    })
    member.onRevoked = (partitions) => {
      // now and then the owner takes longer than it may
      const ms = this.#chance.oneIn(3) ? 0 : this.#chance.between(0, this.#chance.oneIn(5) ? 2 * REBALANCE_MS : REBALANCE_MS / 2)
      const own = partitions.map(({ topic, partition }) => member.owned.get(`${topic}-${partition}`))
      const release = () => {
        // what was lost meanwhile may have been assigned again
        const still = partitions.filter(({ topic, partition }, i) => member.owned.get(`${topic}-${partition}`) === own[i])
        member.release(still)
      }
      if (ms === 0) release()
      else this.#env.setTimeout(release, ms)
    }
    this.#members.add(member)
    this.#all.push(member)
    member.start().catch((error) => {
      if (error.code !== 'CLOSED') this.#problems.add(`a member could not start: ${error.message}`)
    })
    return 'a member joins'
  }

  #leave(member: TestMember): string {
    this.#members.delete(member)
    member.release()
    this.#leaving.push(member.stop(3_000))
    return 'a member leaves'
  }

  /** Not a word to anybody, as if the process had ended. */
  #die(member: TestMember): string {
    this.#members.delete(member)
    member.owned.clear()
    member.member.end(new KafkaError('CLOSED', 'It died.'))
    this.#leaving.push(member.close())
    return 'a member dies'
  }

  #strike(): string {
    const chance = this.#chance
    const cluster = this.#cluster
    const members = [...this.#members]
    const node = chance.between(1, 3)
    switch (chance.pick(11)) {
      case 0:
        return members.length < 5 ? this.#join() : 'nothing'
      case 1:
        return members.length > 1 ? this.#leave(chance.oneOf(members)) : 'nothing'
      case 2:
        return members.length > 1 ? this.#die(chance.oneOf(members)) : 'nothing'
      case 3:
        if (members.length === 0) return 'nothing'
        chance.oneOf(members).io.crash(0, new Error('on purpose'))
        return 'an I/O core crashes'
      case 4:
        return this.#kill(node, chance.between(100, 3_000))
      case 5: {
        if (!cluster.isLive(node)) return 'nothing'
        const loadingMs = chance.oneOf([0, 0, 500, 2_000])
        cluster.moveCoordinator(GROUP, node, loadingMs)
        return `the coordinator moves to ${node} and loads for ${loadingMs} ms`
      }
      case 6: {
        const ms = chance.between(100, 6_000)
        this.#env.network.block(cluster.nodes[node - 1]!.port, ms, chance.oneOf(['both', 'to-server', 'to-client'] as const))
        return `the link to ${node} is down for ${ms} ms`
      }
      case 7: {
        const pipes = [...this.#env.network.pipes]
        for (const pipe of pipes) if (chance.oneIn(3)) pipe.cut()
        return 'connections break'
      }
      case 8: {
        if (this.#partitions >= 12 || cluster.liveNodes.length < 3) return 'nothing'
        this.#partitions++
        cluster.topics.grow(cluster.topics.get('t')!, this.#partitions, undefined, false)
        return `the topic has ${this.#partitions} partitions`
      }
      default:
        return this.#fault()
    }
  }

  #kill(node: number, ms: number): string {
    if (!this.#cluster.isLive(node)) return 'nothing'
    this.#cluster.kill(node)
    this.#env.setTimeout(() => void (this.#cluster.isLive(node) || this.#cluster.revive(node)), ms)
    return `node ${node} stops for ${ms} ms`
  }

  #fault(): string {
    const chance = this.#chance
    const apiKey = chance.oneOf([HEARTBEAT, HEARTBEAT, HEARTBEAT, FIND_COORDINATOR, METADATA])
    const base = { apiKey, times: chance.between(1, 3) }
    const rules: FaultRule[] = [
      { ...base, kind: 'drop', afterApply: chance.oneIn(2) },
      { ...base, kind: 'hang', afterApply: chance.oneIn(2) },
      { ...base, kind: 'delay', ms: chance.between(10, 3_000) },
    ]
    if (apiKey === HEARTBEAT) rules.push({ ...base, kind: 'fail', error: chance.oneOf(errors), afterAppend: chance.oneIn(2) })
    const rule = chance.oneOf(rules)
    this.#cluster.desk.add(rule)
    return JSON.stringify(rule)
  }

  /** IC4 at every moment. */
  #check(): void {
    const group = this.#cluster.coordinator.store.groups.get(GROUP)
    if (group?.type !== 'consumer') return
    const owners = new Map<string, TestMember>()
    for (const member of this.#members) {
      const known = group.members.get(member.member.memberId)
      // whoever was put out learns of it with its next heartbeat
      if (known === undefined || known.epoch < member.member.memberEpoch) continue
      for (const [name, { topicId, partition }] of member.owned) {
        const other = owners.get(name)
        if (other) this.#problems.add(`IC4: two members own ${name} at ${this.#env.now().toFixed(1)}`)
        owners.set(name, member)
        const holds = known.assigned.get(topicId)?.has(partition) || known.revoking.get(topicId)?.has(partition)
        const beenOut = known.epoch === 0 || member.member.memberEpoch === 0
        if (!holds && !beenOut)
          this.#problems.add(`IC4: ${name} is owned against the coordinator at ${this.#env.now().toFixed(1)}`)
      }
    }
  }

  /** IX4: after the trouble all is shared again, and everybody waits for a heartbeat. */
  #judge(): void {
    const owned = [...this.#members].flatMap((member) => member.partitions).sort()
    const all = Array.from({ length: this.#partitions }, (_, partition) => `t-${partition}`).sort()
    if (owned.join() !== all.join())
      this.#problems.add(`IX4: ${owned.join(' ')} is owned in the end, of ${this.#partitions} partitions`)
    for (const { member, said } of this.#members)
      if (member.waitsFor !== 'heartbeat') this.#problems.add(`IX4: a member waits for ${member.waitsFor}: ${said.at(-1)}`)
  }
}
