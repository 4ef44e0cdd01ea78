/** ElectLeaders (KIP-460): the preferred leader leads again, or any live replica of a partition that nobody leads. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  electLeaders,
} from '../../../../shared/protocol/generated/elect-leaders.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { NO_LEADER, type Partition } from '../partition.ts'

type Result = NonNullable<NonNullable<Draft<ElectLeadersResponse>['replicaElectionResults']>[number]['partitionResult']>[number]

const Election = { PREFERRED: 0, UNCLEAN: 1 } as const

export const electLeadersHandler: Handler<ElectLeadersRequest, ElectLeadersResponse> = {
  api: electLeaders,
  handle({ electionType, topicPartitions }, context) {
    const fault = context.faults.failureOf()
    if (fault) return { errorCode: fault.error }
    if (electionType !== Election.PREFERRED && electionType !== Election.UNCLEAN) return refused(topicPartitions)
    if (topicPartitions === null) return { replicaElectionResults: electAll(electionType, context) }
    const replicaElectionResults = topicPartitions.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((index) => elect(topic, index, electionType, context)),
    }))
    return { replicaElectionResults }
  },
}

/** An unknown kind of election: the error is of the request and of each partition. */
function refused(topicPartitions: ElectLeadersRequest['topicPartitions']): Draft<ElectLeadersResponse> {
  const errorCode = ErrorCode.INVALID_REQUEST
  const replicaElectionResults = (topicPartitions ?? []).map(({ topic, partitions }) => {
    return { topic, partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode, errorMessage: null })) }
  })
  return { errorCode, replicaElectionResults }
}

/** Of those that needed no election only the topics are named. */
function electAll(electionType: number, context: RequestContext): { topic: string; partitionResult: Result[] }[] {
  return Array.from(context.cluster.topics.values(), ({ name, partitions }) => ({
    topic: name,
    partitionResult: partitions
      .map(({ index }) => elect(name, index, electionType, context))
      .filter(({ errorCode }) => errorCode !== ErrorCode.ELECTION_NOT_NEEDED),
  }))
}

function elect(topic: string, partitionId: number, electionType: number, { cluster }: RequestContext): Result {
  const partition = cluster.partition(topic, partitionId)
  const result = (errorCode: number, errorMessage: string | null = null): Result => ({ partitionId, errorCode, errorMessage })
  if (partition === undefined)
    return result(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There is no partition ${partitionId} of '${topic}'`)
  const live = partition.replicas.filter((id) => cluster.isLive(id))
  return electionType === Election.PREFERRED ? preferred(partition, live, result) : unclean(partition, live, result)
}

type ResultOf = (errorCode: number, errorMessage?: string) => Result

function preferred(partition: Partition, live: number[], result: ResultOf): Result {
  const wanted = partition.replicas[0]!
  if (partition.leader === wanted) return result(ErrorCode.ELECTION_NOT_NEEDED, 'The preferred leader leads already')
  if (!live.includes(wanted) || !partition.isr.includes(wanted))
    return result(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE, `Node ${wanted} is not in sync`)
  partition.elect(wanted)
  return result(ErrorCode.NONE)
}

function unclean(partition: Partition, live: number[], result: ResultOf): Result {
  if (partition.leader !== NO_LEADER) return result(ErrorCode.ELECTION_NOT_NEEDED, 'There is a leader')
  const wanted = live[0]
  if (wanted === undefined) return result(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE, 'No replica is alive')
  partition.moveTo(wanted)
  return result(ErrorCode.NONE)
}
