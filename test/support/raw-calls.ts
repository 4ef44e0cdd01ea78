/** Single raw requests to the brokers of any cluster, past the client: what tests do to a cluster and ask of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { alterClientQuotas } from '../../src/shared/protocol/generated/alter-client-quotas.ts'
import { alterPartitionReassignments } from '../../src/shared/protocol/generated/alter-partition-reassignments.ts'
import { describeConfigs } from '../../src/shared/protocol/generated/describe-configs.ts'
import { electLeaders } from '../../src/shared/protocol/generated/elect-leaders.ts'
import { incrementalAlterConfigs } from '../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { RawClient } from '../main/testing/client.ts'

type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>

/** Asks this broker, on a connection of its own. */
export async function ask<A extends Api>(
  address: string,
  api: A,
  version: number,
  body: RequestOf<A>,
  clientId?: string,
): Promise<ResponseOf<A>> {
  const client = new RawClient(nodeEnv(), address, clientId)
  try {
    await client.connected
    return await client.call(api, version, body)
  } finally {
    client.close()
  }
}

/** Asks any broker that answers. */
export async function askAny<A extends Api>(
  brokers: readonly string[],
  api: A,
  version: number,
  body: RequestOf<A>,
): Promise<ResponseOf<A>> {
  let failure: unknown
  for (const address of brokers) {
    try {
      return await ask(address, api, version, body)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** Sets quotas of one client id, such as `producer_byte_rate`; null takes one back. Brokers heed them a little later. */
export async function setQuotas(
  brokers: readonly string[],
  clientId: string,
  quotas: Record<string, number | null>,
): Promise<void> {
  const ops = Object.entries(quotas).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null }))
  const entries = [{ entity: [{ entityType: 'client-id', entityName: clientId }], ops }]
  const answer = await askAny(brokers, alterClientQuotas, 1, { entries, validateOnly: false })
  for (const { errorCode, errorMessage } of answer.entries)
    if (errorCode !== 0) throw new Error(`the quotas were refused: ${errorMessage}`)
}

/** Sets a config of a topic; resolves when every broker shows it. */
export async function setTopicConfig(brokers: readonly string[], topic: string, name: string, value: string): Promise<void> {
  const about = { resourceType: 2, resourceName: topic }
  const wish = { resources: [{ ...about, configs: [{ name, configOperation: 0, value }] }], validateOnly: false }
  const [altered] = (await askAny(brokers, incrementalAlterConfigs, 1, wish)).responses
  if (altered!.errorCode !== 0) throw new Error(`the config was refused: ${altered!.errorMessage}`)
  for (const address of brokers) {
    for (;;) {
      const { results } = await ask(address, describeConfigs, 4, { resources: [{ ...about, configurationKeys: [name] }] })
      if (results[0]!.configs[0]?.value === value) break
      await sleep(20)
    }
  }
}

/** Makes these the replicas of each partition and the first one the leader, without any failure. */
export async function assign(brokers: readonly string[], topic: string, replicas: ReadonlyMap<number, number[]>): Promise<void> {
  const partitions = Array.from(replicas, ([partitionIndex, nodes]) => ({ partitionIndex, replicas: nodes }))
  const wish = { timeoutMs: 10_000, topics: [{ name: topic, partitions }] }
  const altered = await askAny(brokers, alterPartitionReassignments, 0, wish)
  if (altered.errorCode !== 0) throw new Error(`the reassignment was refused: ${altered.errorMessage}`)
  const topicPartitions = [{ topic, partitions: [...replicas.keys()] }]
  await askAny(brokers, electLeaders, 2, { electionType: 0, topicPartitions, timeoutMs: 10_000 })
}

/** Makes a node the leader, which takes the place of the old one if it was no replica; resolves when every broker knows it. */
export async function moveLeader(brokers: readonly string[], topic: string, partition: number, node: number): Promise<void> {
  const { leaderId, replicaNodes } = await partitionSeenBy(brokers[0]!, topic, partition)
  const others = replicaNodes.filter((id) => id !== node && (replicaNodes.includes(node) || id !== leaderId))
  await assign(brokers, topic, new Map([[partition, [node, ...others]]]))
  for (const address of brokers) {
    for (;;) {
      const seen = await partitionSeenBy(address, topic, partition)
      // replicas that come and go change the epoch too
      const settled = [seen.replicaNodes, seen.isrNodes].every((nodes) => nodes.length === replicaNodes.length)
      if (seen.leaderId === node && settled) break
      await sleep(20)
    }
  }
}

/** What this broker says of a partition in metadata, once it has heard of it. */
async function partitionSeenBy(address: string, topic: string, partition: number) {
  for (;;) {
    const { topics } = await ask(address, metadata, 9, { topics: [{ name: topic }] })
    const found = topics[0]!.partitions.find(({ partitionIndex }) => partitionIndex === partition)
    if (found) return found
    await sleep(20)
  }
}
