/** What runs in the embedded broker's thread: a cluster on real sockets, told what to do by the thread that started it. */
import { parentPort, workerData } from 'node:worker_threads'
import { nodeEnv } from '../../../shared/node-env.ts'
import { expose } from '../../../shared/rpc.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { controlOf } from './control-api.ts'

const cluster = new Cluster(nodeEnv(), {
  ...(workerData as Omit<ClusterOptions, 'onBug'>),
  onBug: (error) => process.emitWarning(error instanceof Error ? error : String(error), { code: 'ODRADEK_EMBEDDED_BROKER' }),
})
expose(parentPort!, controlOf(cluster))
