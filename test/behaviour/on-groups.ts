/** Runs a suite of tests about groups with short sessions, on the embedded broker and on real Kafka. */
import { afterEach } from 'vitest'
import { consumerGroupDescribe, type DescribedGroup } from '../../src/shared/protocol/generated/consumer-group-describe.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { incrementalAlterConfigs } from '../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { QUICK, quickClient } from '../support/quick.ts'
import { ask, askAny } from '../support/raw-calls.ts'
import { TestMember, type TestMemberOptions } from '../support/test-member.ts'
import { type EmbeddedWorld, onBrokers, onEmbedded, type World } from './on-brokers.ts'

export const SESSION_MS = QUICK ? 2_000 : 5_000
export const INTERVAL_MS = QUICK ? 100 : 300

export interface GroupWorld extends World {
  /** The name of a new group, whose sessions are short. */
  group(): Promise<string>
  /** A member that ends with the test. */
  member(options: Omit<TestMemberOptions, 'brokers'>): TestMember
  describe(group: string): Promise<DescribedGroup>
}

const GROUP = 32

function grouped<W extends World>(world: W): W & GroupWorld {
  let members: TestMember[] = []
  afterEach(async () => {
    const ended = members
    members = []
    await Promise.all(ended.map((member) => member.stop(1_000)))
  })
  return Object.assign(world, {
    async group() {
      const name = world.freshName()
      if (world.target.startsWith('embedded')) return name
      const configs = [
        { name: 'consumer.session.timeout.ms', configOperation: 0, value: String(SESSION_MS) },
        { name: 'consumer.heartbeat.interval.ms', configOperation: 0, value: String(INTERVAL_MS) },
      ]
      const resources = [{ resourceType: GROUP, resourceName: name, configs }]
      const [altered] = (await askAny(world.brokers, incrementalAlterConfigs, 1, { resources, validateOnly: false })).responses
      if (altered!.errorCode !== 0) throw new Error(`the config was refused: ${altered!.errorMessage}`)
      return name
    },
    member(options: Omit<TestMemberOptions, 'brokers'>) {
      const member = new TestMember({ brokers: world.brokers, ...options, kafka: { ...quickClient, ...options.kafka } })
      members.push(member)
      return member
    },
    async describe(group: string) {
      const { coordinators } = await askAny(world.brokers, findCoordinator, 4, { keyType: 0, coordinatorKeys: [group] })
      const { host, port } = coordinators[0]!
      return (await ask(`${host}:${port}`, consumerGroupDescribe, 1, { groupIds: [group] })).groups[0]!
    },
  })
}

export function onGroups(theme: string, suite: (world: GroupWorld) => void): void {
  onEmbeddedGroups(theme, 1, suite)
  onBrokers(theme, (world) => suite(grouped(world)), ['real-1'])
}

/** For what only the embedded broker can be made to do. */
export function onEmbeddedGroups(theme: string, nodes: 1 | 3, suite: (world: EmbeddedWorld & GroupWorld) => void): void {
  const groups = { sessionTimeoutMs: SESSION_MS, heartbeatIntervalMs: INTERVAL_MS, assignmentIntervalMs: 0, regexIntervalMs: 0 }
  onEmbedded(theme, nodes, (world) => suite(grouped(world)), { groups })
}
