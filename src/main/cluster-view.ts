/**
 * What the client believes about the cluster, and how an answer to a Metadata request changes it. Pure: it allocates handles and
 * says what has to be told to the I/O workers, but does no I/O and knows no time.
 *
 * Answers come from brokers that may lag behind, restart or lie, so each entry is judged by itself: what cannot be true is left
 * out and the last good entry stays; what is provably older than what is known (a lower leader epoch, a topic id that was replaced
 * before) is left out too. Epochs: KIP-320, https://cwiki.apache.org/confluence/display/KAFKA/KIP-320%3A+Allow+fetchers+to+detect+and+handle+log+truncation;
 * topic ids: KIP-516, https://cwiki.apache.org/confluence/display/KAFKA/KIP-516%3A+Topic+Identifiers.
 */
import type { BrokerAddress, PartitionLeader } from '../shared/io-api.ts'
import { ErrorCode } from '../shared/protocol/errors.ts'
import type { MetadataResponse, MetadataResponsePartition, MetadataResponseTopic } from '../shared/protocol/generated/metadata.ts'
import { ZERO_UUID } from '../shared/protocol/uuid.ts'

/** The topic id of brokers that know none (before 2.8). */
export { ZERO_UUID }

export interface PartitionView {
  /** The small number that stands for this partition of this topic id everywhere in the client; never used again. */
  readonly handle: number
  readonly partition: number
  /** −1: none at present. */
  readonly leader: number
  /** −1: no broker ever told one. */
  readonly leaderEpoch: number
}

export interface TopicView {
  readonly topic: string
  /** {@link ZERO_UUID} when the brokers have no topic ids. */
  readonly topicId: string
  /** The index is the partition. */
  readonly partitions: readonly PartitionView[]
  /** Replicas of the first partition. */
  readonly replicationFactor: number
}

export interface ClusterView {
  readonly clusterId: string | null
  /** −1: unknown. With KRaft any broker, which forwards. */
  readonly controllerId: number
  readonly brokers: readonly BrokerAddress[]
  readonly topics: ReadonlyMap<string, TopicView>
  /** Ids that other ids have replaced, by topic name: a lagging broker that still tells one is not believed. */
  readonly replaced: ReadonlyMap<string, readonly string[]>
  readonly nextHandle: number
}

/** What an answer said about one topic. */
export type TopicAnswer =
  /** It has partitions. */
  | { kind: 'there'; changed: boolean }
  /** The broker knows no such topic, or only one that was replaced. */
  | { kind: 'unknown' }
  /** It is there, but nothing about its partitions is known yet. */
  | { kind: 'empty' }
  /** The broker refused to tell. */
  | { kind: 'refused'; errorCode: number }
  /** Not in the answer at all. */
  | { kind: 'silent' }

export interface DroppedTopic {
  topic: string
  handles: number[]
}

/** An accepted answer. */
export interface ViewStep {
  view: ClusterView
  /** New partitions and changed leaders. */
  partitions: PartitionLeader[]
  /** Topics that were created again under the same name: their old partitions. */
  dropped: DroppedTopic[]
  /** One answer for each topic that was asked for. */
  answers: Map<string, TopicAnswer>
}

/** How many replaced ids are kept a topic; re-creation is rare and lag is short. */
const REPLACED_IDS = 8
/** Of how many topics; those replaced longest ago are forgotten first. */
const REPLACED_TOPICS = 1_000

export function emptyView(): ClusterView {
  return { clusterId: null, controllerId: -1, brokers: [], topics: new Map(), replaced: new Map(), nextHandle: 0 }
}

/** The view after an answer to a request that named the topics of `asked`. */
export function applyMetadata(view: ClusterView, response: MetadataResponse, asked: ReadonlySet<string>): ViewStep {
  const brokers = mergeBrokers(view.brokers, response.brokers)
  const step: ViewStep = {
    view,
    partitions: [],
    dropped: [],
    answers: new Map(),
  }
  const merging: Merging = {
    topics: new Map(view.topics),
    replaced: new Map(view.replaced),
    nodes: new Set(brokers.map(({ nodeId }) => nodeId)),
    nextHandle: view.nextHandle,
    step,
  }
  for (const answer of response.topics) {
    const topic = answer.name
    if (topic === null || !asked.has(topic) || step.answers.has(topic)) continue
    step.answers.set(topic, mergeTopic(merging, topic, answer))
  }
  for (const topic of asked) if (!step.answers.has(topic)) step.answers.set(topic, { kind: 'silent' })
  const { topics, replaced, nextHandle } = merging
  const controllerId = merging.nodes.has(response.controllerId) ? response.controllerId : -1
  step.view = { clusterId: response.clusterId ?? view.clusterId, controllerId, brokers, topics, replaced, nextHandle }
  return step
}

/** The view without a topic, and the handles that ended with it. `forGood`: its id is deleted, whatever lagging brokers say. */
export function removeTopic(view: ClusterView, topic: string, forGood: boolean): { view: ClusterView; dropped: DroppedTopic } {
  const topics = new Map(view.topics)
  const replaced = new Map(view.replaced)
  const known = topics.get(topic)
  const handles = (known?.partitions ?? []).map(({ handle }) => handle)
  topics.delete(topic)
  replaced.delete(topic)
  if (forGood && known !== undefined) {
    replaced.set(topic, [...(view.replaced.get(topic) ?? []), known.topicId].slice(-REPLACED_IDS))
    for (const name of replaced.keys()) if (replaced.size > REPLACED_TOPICS) replaced.delete(name)
  }
  return { view: { ...view, topics, replaced }, dropped: { topic, handles } }
}

function leaderOf({ topic, topicId }: TopicView, partition: PartitionView): PartitionLeader {
  return {
    handle: partition.handle,
    topic,
    topicId,
    partition: partition.partition,
    leader: partition.leader,
    leaderEpoch: partition.leaderEpoch,
  }
}

/** The usable brokers of an answer alone. */
export function usableBrokers({ brokers }: MetadataResponse): readonly BrokerAddress[] {
  return mergeBrokers([], brokers)
}

/** The usable entries; a node with an unusable entry keeps its last address, and a list without any usable one changes nothing. */
function mergeBrokers(known: readonly BrokerAddress[], told: MetadataResponse['brokers']): readonly BrokerAddress[] {
  const merged = new Map<number, BrokerAddress>()
  for (const { nodeId, host, port } of told) {
    if (nodeId < 0 || merged.has(nodeId)) continue
    const usable = host !== '' && port >= 1 && port <= 65_535
    const address = usable ? { nodeId, host, port } : known.find((broker) => broker.nodeId === nodeId)
    if (address !== undefined) merged.set(nodeId, address)
  }
  return merged.size === 0 ? known : [...merged.values()]
}

export function sameBrokers(before: readonly BrokerAddress[], after: readonly BrokerAddress[]): boolean {
  if (before.length !== after.length) return false
  const known = new Map(before.map((broker) => [broker.nodeId, broker]))
  return after.every(({ nodeId, host, port }) => known.get(nodeId)?.host === host && known.get(nodeId)?.port === port)
}

/** The parts of the next view while an answer is merged. */
interface Merging {
  topics: Map<string, TopicView>
  replaced: Map<string, readonly string[]>
  nodes: ReadonlySet<number>
  nextHandle: number
  step: ViewStep
}

function mergeTopic(merging: Merging, topic: string, answer: MetadataResponseTopic): TopicAnswer {
  const { errorCode, topicId } = answer
  if (errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || errorCode === ErrorCode.UNKNOWN_TOPIC_ID) return { kind: 'unknown' }
  if (errorCode === ErrorCode.LEADER_NOT_AVAILABLE) return { kind: 'empty' }
  if (errorCode !== ErrorCode.NONE) return { kind: 'refused', errorCode }
  const told = usablePartitions(answer.partitions)
  if (told.length === 0) return { kind: 'empty' }
  // That broker does not know the topic that is believed in. Should it be right after all, the topic is dropped in time and learnt anew.
  if (topicId !== ZERO_UUID && merging.replaced.get(topic)?.includes(topicId)) return { kind: 'unknown' }

  let known = merging.topics.get(topic)
  if (known !== undefined && isAnotherTopic(known, topicId)) {
    merging.step.dropped.push({ topic, handles: known.partitions.map(({ handle }) => handle) })
    merging.replaced.set(topic, [...(merging.replaced.get(topic) ?? []), known.topicId].slice(-REPLACED_IDS))
    known = undefined
  }
  const merged = mergePartitions(merging, topic, topicId, known, told)
  if (merged === known) return { kind: 'there', changed: false }
  merging.topics.set(topic, merged)
  return { kind: 'there', changed: true }
}

/** During an upgrade brokers with and without topic ids answer in turn; a missing id says nothing. */
function isAnotherTopic(known: TopicView, topicId: string): boolean {
  return known.topicId !== ZERO_UUID && topicId !== ZERO_UUID && known.topicId !== topicId
}

/**
 * The entries by partition. Partitions are numbered without gaps, so an index beyond the number of entries cannot be true; this
 * also bounds what a huge one could allocate.
 */
function usablePartitions(told: readonly MetadataResponsePartition[]): (MetadataResponsePartition | undefined)[] {
  const usable: (MetadataResponsePartition | undefined)[] = []
  for (const entry of told) {
    const { partitionIndex } = entry
    if (partitionIndex < 0 || partitionIndex >= told.length || usable[partitionIndex] !== undefined) continue
    while (usable.length <= partitionIndex) usable.push(undefined)
    usable[partitionIndex] = entry
  }
  return usable
}

/** `known` itself when nothing changed. A topic id never loses partitions, so a shorter answer is an older one. */
function mergePartitions(
  merging: Merging,
  topic: string,
  toldId: string,
  known: TopicView | undefined,
  told: readonly (MetadataResponsePartition | undefined)[],
): TopicView {
  const topicId = toldId === ZERO_UUID && known !== undefined ? known.topicId : toldId
  const everyone = known !== undefined && known.topicId !== topicId
  const changed: PartitionView[] = []
  const partitions: PartitionView[] = []
  for (let index = 0; index < Math.max(told.length, known?.partitions.length ?? 0); index++) {
    const before = known?.partitions[index]
    const after = mergePartition(merging, index, before, told[index])
    partitions.push(after)
    if (after !== before || everyone) changed.push(after)
  }
  if (known !== undefined && changed.length === 0) return known
  const replicationFactor = told[0]?.replicaNodes.length ?? known?.replicationFactor ?? 0
  const merged = { topic, topicId, partitions, replicationFactor }
  for (const partition of changed) merging.step.partitions.push(leaderOf(merged, partition))
  return merged
}

/** `before` itself when nothing changed. */
function mergePartition(
  merging: Merging,
  partition: number,
  before: PartitionView | undefined,
  told: MetadataResponsePartition | undefined,
): PartitionView {
  // A gap in the answer: the partition exists, since a later one does, but nothing is known of it.
  if (told === undefined) return before ?? { handle: merging.nextHandle++, partition, leader: -1, leaderEpoch: -1 }
  // −1 says "no leader" or "no epoch known"; neither takes back an epoch that is known.
  const epochKnown = before?.leaderEpoch ?? -1
  if (before !== undefined && told.leaderEpoch >= 0 && told.leaderEpoch < epochKnown) return before
  const leader = merging.nodes.has(told.leaderId) ? told.leaderId : -1
  const leaderEpoch = Math.max(told.leaderEpoch, epochKnown)
  if (before?.leader === leader && before.leaderEpoch === leaderEpoch) return before
  return { handle: before?.handle ?? merging.nextHandle++, partition, leader, leaderEpoch }
}
