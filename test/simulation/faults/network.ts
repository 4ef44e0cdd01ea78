/** Faults of connections and links. */
import { anyNode, type Fault, lasts, portOf, type World } from '../world.ts'

/** The client gives a silent connection up after its request timeout. */
const SILENCE_MS = 6_000

function anyPipe({ env, chance }: World) {
  const pipes = [...env.network.pipes]
  return pipes[chance.pick(pipes.length)]
}

export const networkFaults: readonly Fault[] = [
  {
    name: 'cut', // F13
    weight: 4,
    strike(world) {
      const pipe = anyPipe(world)
      pipe?.cut(new Error('read ECONNRESET'))
      return pipe && 'connection cut'
    },
  },
  {
    name: 'all-cut', // F13
    weight: 1,
    strike({ env }) {
      const pipes = [...env.network.pipes]
      for (const pipe of pipes) pipe.cut(new Error('read ECONNRESET'))
      return `${pipes.length} connections cut`
    },
  },
  {
    name: 'closed-by-peer', // F13: what was sent before still arrives
    weight: 2,
    strike(world) {
      const pipe = anyPipe(world)
      pipe?.server.destroy()
      return pipe && 'connection closed by the broker'
    },
  },
  {
    name: 'half-open', // F12
    weight: 2,
    strike(world) {
      const pipe = anyPipe(world)
      if (!pipe) return undefined
      pipe.silent = true
      lasts(world, SILENCE_MS)
      return 'connection half-open'
    },
  },
  {
    name: 'partition', // F21
    weight: 2,
    strike(world) {
      const { chance, env } = world
      const [node, ms] = [anyNode(world), chance.between(100, chance.oneOf([2_000, 10_000]))]
      const direction = chance.oneOf(['both', 'both', 'to-server', 'to-client'] as const)
      env.network.block(portOf(world, node), ms, direction)
      lasts(world, ms)
      return `node ${node} cut off for ${ms} ms (${direction})`
    },
  },
  {
    name: 'partition-all', // F21
    weight: 1,
    strike(world) {
      const ms = world.chance.between(100, world.chance.oneOf([2_000, 10_000]))
      for (const { port } of world.cluster.nodes) world.env.network.block(port, ms)
      lasts(world, ms)
      return `all nodes cut off for ${ms} ms`
    },
  },
  {
    name: 'full-buffers', // F11
    weight: 4,
    strike(world) {
      const [node, ms] = [anyNode(world), world.chance.between(100, 2_000)]
      world.env.network.fill(portOf(world, node), ms)
      lasts(world, ms)
      return `node ${node} reads nothing for ${ms} ms`
    },
  },
  {
    name: 'slow-link', // F11
    weight: 2,
    strike(world) {
      const { chance, env } = world
      const [node, ms, by] = [anyNode(world), chance.between(200, 5_000), chance.between(50, 500)]
      env.network.slow(portOf(world, node), ms, by)
      lasts(world, ms + by)
      return `node ${node} is ${by} ms further away for ${ms} ms`
    },
  },
]
