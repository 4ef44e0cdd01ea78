/** A group as its coordinator describes it, whatever its type, for tests that wait until other clients have settled. */
import { nodeEnv } from '../../src/shared/node-env.ts'
import { consumerGroupDescribe } from '../../src/shared/protocol/generated/consumer-group-describe.ts'
import { describeGroups } from '../../src/shared/protocol/generated/describe-groups.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { offsetFetch } from '../../src/shared/protocol/generated/offset-fetch.ts'
import { RawClient } from '../main/testing/client.ts'

export interface GroupView {
  type: 'consumer' | 'classic'
  state: string
  members: number
  /** Partition and committed offset of a topic. */
  committed(topic: string, partitions: number): Promise<number[]>
}

/** Asks the nodes in turn, some of which may be down. */
async function findAddress(brokers: readonly string[], group: string): Promise<string> {
  for (const address of brokers) {
    const client = await RawClient.open(nodeEnv(), address).catch(() => undefined)
    if (client === undefined) continue
    const { coordinators } = await client.call(findCoordinator, 4, { keyType: 0, coordinatorKeys: [group] })
    client.close()
    const { errorCode, host, port } = coordinators[0]!
    if (errorCode === 0) return `${host}:${port}`
  }
  throw new Error(`no node knows the coordinator of ${group}`)
}

async function atCoordinator<T>(brokers: readonly string[], group: string, ask: (client: RawClient) => Promise<T>): Promise<T> {
  const client = await RawClient.open(nodeEnv(), await findAddress(brokers, group))
  try {
    return await ask(client)
  } finally {
    client.close()
  }
}

export async function viewGroup(brokers: readonly string[], group: string): Promise<GroupView> {
  const committed = (topic: string, partitions: number) =>
    atCoordinator(brokers, group, async (client) => {
      const partitionIndexes = Array.from({ length: partitions }, (_, i) => i)
      const groups = [{ groupId: group, topics: [{ name: topic, partitionIndexes }] }]
      const [answer] = (await client.call(offsetFetch, 8, { groups })).groups
      // One that is still loading knows none.
      if (answer!.errorCode !== 0) return partitionIndexes.map(() => -1)
      return answer!.topics[0]!.partitions.map(({ committedOffset }) => committedOffset)
    })
  return atCoordinator(brokers, group, async (client) => {
    const [consumer] = (await client.call(consumerGroupDescribe, 1, { groupIds: [group] })).groups
    if (consumer!.errorCode === 0) {
      return { type: 'consumer', state: consumer!.groupState, members: consumer!.members.length, committed }
    }
    const [classic] = (await client.call(describeGroups, 5, { groups: [group] })).groups
    return { type: 'classic', state: classic!.groupState, members: classic!.members.length, committed }
  })
}
