/** Faults of nodes and topics. */
import { anyNode, anyPartition, type Fault, FLEETING, lasts, type World } from '../world.ts'

function stop(world: World, node: number, ms: number): void {
  const { cluster, down, env } = world
  down.add(node)
  cluster.kill(node)
  lasts(world, ms)
  env.setTimeout(() => {
    down.delete(node)
    void cluster.revive(node)
  }, ms)
}

export const clusterFaults: readonly Fault[] = [
  {
    name: 'leader-moves', // F5
    weight: 4,
    strike(world) {
      const [partition, node] = [anyPartition(world), anyNode(world)]
      if (!partition || world.down.has(node)) return undefined
      partition.moveTo(node)
      return `leader of ${partition.topic.name}-${partition.index} moves to ${node}`
    },
  },
  {
    name: 'node-stops', // F1, F2
    weight: 3,
    strike(world) {
      const [node, ms] = [anyNode(world), world.chance.between(50, 3_000)]
      if (world.down.size > 1 || world.down.has(node)) return undefined
      stop(world, node, ms)
      return `node ${node} stops for ${ms} ms`
    },
  },
  {
    name: 'all-nodes-stop', // F4
    weight: 1,
    strike(world) {
      const ms = world.chance.between(200, 5_000)
      const nodes = world.cluster.liveNodes.map(({ id }) => id)
      for (const node of nodes) stop(world, node, ms + world.chance.pick(500))
      return `nodes ${nodes.join(', ')} stop for ${ms} ms`
    },
  },
  {
    name: 'topic-made-anew', // F10
    weight: 2,
    strike(world) {
      const { cluster, chance, env, topics } = world
      const topic = cluster.topics.get(FLEETING)
      if (!topic) return undefined
      const ms = chance.oneOf([0, 50, 500, 8_000])
      const partitions = chance.between(1, 3)
      cluster.topics.delete(topic)
      const make = (): void => {
        if (cluster.liveNodes.length > 0) topics.push(cluster.topics.create({ topic: FLEETING, partitions }))
        else env.setTimeout(make, 100)
      }
      if (ms === 0) make()
      else env.setTimeout(make, ms)
      lasts(world, ms + 200)
      return `${FLEETING} is deleted, and made again with ${partitions} partitions after ${ms} ms`
    },
  },
]
