/** What brokers say of leaders when they refuse (KIP-951): nothing, what was true once, or what never was (F5, F6). */
import { ErrorCode } from '../../../src/shared/protocol/errors.ts'
import { type FetchResponse, fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { type ProduceResponse, produce } from '../../../src/shared/protocol/generated/produce.ts'
import type { Damage } from '../../support/sim-network.ts'
import type { Chance } from '../chance.ts'
import { type Answer, changed } from '../wire.ts'
import { anyPartition, type Fault, lasts, portOf, type World } from '../world.ts'

/** A node that does not answer at the address of a hint is given up by then. */
const PATIENCE_MS = 6_000

interface Refusal {
  errorCode: number
  currentLeader: { leaderId: number; leaderEpoch: number }
}

type Endpoints = ProduceResponse['nodeEndpoints']
type Lie = (refusal: Refusal, endpoints: Endpoints, chance: Chance, world: World) => void

const endpoint = (nodeId: number, host: string, port: number) => ({ nodeId, host, port, rack: null })

const LIES: Record<string, Lie> = {
  nothing(refusal, endpoints) {
    refusal.currentLeader = { leaderId: -1, leaderEpoch: -1 }
    endpoints.length = 0
  },
  'the leader before': ({ currentLeader }) => {
    currentLeader.leaderId = (currentLeader.leaderId % 3) + 1
    currentLeader.leaderEpoch--
  },
  'another node under a newer epoch': ({ currentLeader }, _endpoints, chance) => {
    currentLeader.leaderId = (currentLeader.leaderId % 3) + 1
    currentLeader.leaderEpoch += chance.between(1, 3)
  },
  'another node under the last epoch': ({ currentLeader }) => {
    currentLeader.leaderId = (currentLeader.leaderId % 3) + 1
    currentLeader.leaderEpoch = 2 ** 31 - 1
  },
  'the right node under the last epoch': ({ currentLeader }) => {
    currentLeader.leaderEpoch = 2 ** 31 - 1
  },
  'the right node elsewhere': ({ currentLeader }, endpoints, _chance, world) => {
    for (const one of endpoints) one.port = portOf(world, (currentLeader.leaderId % 3) + 1)
  },
  'a node that never was': ({ currentLeader }, endpoints, chance) => {
    currentLeader.leaderId = chance.between(90, 99)
    currentLeader.leaderEpoch++
    endpoints.push(endpoint(currentLeader.leaderId, chance.oneOf(['', 'nowhere']), chance.oneOf([1, 0, -1, 70_000])))
  },
  'node 99 at the address of a real one': ({ currentLeader }, endpoints, _chance, world) => {
    const { host, port } = world.cluster.nodes[0]!
    currentLeader.leaderId = 99
    currentLeader.leaderEpoch++
    endpoints.push(endpoint(99, host, port))
  },
  'node −5': ({ currentLeader }, endpoints, _chance, world) => {
    currentLeader.leaderId = -5
    currentLeader.leaderEpoch++
    endpoints.push(endpoint(-5, world.cluster.nodes[0]!.host, world.cluster.nodes[0]!.port))
  },
}

/** The answer with another hint in each refusal that may have one; undefined when there is none. */
function lying(answer: Answer, lie: (refusal: Refusal, endpoints: Endpoints) => void): Damage | undefined {
  let lied = false
  const spoil = (refusals: readonly Refusal[], endpoints: Endpoints): void => {
    for (const refusal of refusals) {
      if (refusal.errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER && refusal.errorCode !== ErrorCode.FENCED_LEADER_EPOCH) continue
      lie(refusal, endpoints)
      lied = true
    }
  }
  const damage = changed<ProduceResponse | FetchResponse>(answer, ({ responses, nodeEndpoints }) => {
    for (const topic of responses)
      spoil('partitionResponses' in topic ? topic.partitionResponses : topic.partitions, nodeEndpoints)
  })
  return lied ? damage : undefined
}

export const hintFaults: readonly Fault[] = [
  {
    name: 'hints-lie',
    weight: 4,
    strike(world) {
      const { chance, cluster, wire } = world
      const partition = anyPartition(world)
      if (!partition) return undefined
      const api = chance.oneOf([produce, produce, fetch])
      const name = chance.oneOf(Object.keys(LIES))
      const times = chance.between(1, 4)
      // somebody has to refuse first: because the leader moved, or for no reason
      const moves = chance.oneIn(2)
      const node = chance.oneOf(cluster.liveNodes.map(({ id }) => id).concat(1))
      if (moves && cluster.isLive(node)) partition.moveTo(node)
      else {
        const { topic, index } = partition
        const error = api === fetch && chance.oneIn(2) ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.NOT_LEADER_OR_FOLLOWER
        cluster.desk.add({ kind: 'fail', apiKey: api.key, times, error, topic: topic.name, partition: index })
      }
      wire.add({
        apiKey: api.key,
        times,
        spoil: (answer) => lying(answer, (refusal, endpoints) => LIES[name]!(refusal, endpoints, chance, world)),
      })
      lasts(world, PATIENCE_MS)
      return `${api.name} hints at ${name}, ${times} times`
    },
  },
]
