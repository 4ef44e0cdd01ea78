/** What runs in the embedded broker's thread: a cluster on real sockets, told what to do by the thread that started it. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { nodeEnv } from '../../../shared/node-env.ts'
import { connect, expose } from '../../../shared/rpc.ts'
import type { TokenJudge } from '../security.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { controlOf } from './control-api.ts'

const { judgePort, ...options } = workerData as Omit<ClusterOptions, 'onBug'> & { judgePort?: MessagePort }
const judge = judgePort && connect<TokenJudge>(judgePort).judge

const cluster = new Cluster(nodeEnv(), {
  ...options,
  ...(options.sasl && judge && { sasl: { ...options.sasl, judge } }),
  onBug: (error) => process.emitWarning(error instanceof Error ? error : String(error), { code: 'ODRADEK_EMBEDDED_BROKER' }),
})
expose(parentPort!, controlOf(cluster))
