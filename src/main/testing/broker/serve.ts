/** What runs in the embedded broker's thread: a cluster on real sockets, told what to do by the thread that started it. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { nodeEnv } from '../../../shared/node-env.ts'
import { connect, expose } from '../../../shared/rpc.ts'
import type { TokenJudge } from '../security.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { controlOf } from './control-api.ts'
import { seeded, VirtualClock } from './virtual-clock.ts'

/** What the thread is started with; plain data. */
export interface ThreadOptions {
  cluster: Omit<ClusterOptions, 'onBug' | 'patience'>
  /** Left out: other ids in every run. */
  seed?: number
  /** A virtual clock, and what it shows at first (default: the time of the start); left out, the clock is the machine's. */
  clock?: { startMs: number | undefined }
  /** Where to ask about tokens. */
  judgePort?: MessagePort
}

const { cluster: options, seed, clock: virtual, judgePort } = workerData as ThreadOptions
const judge = judgePort && connect<TokenJudge>(judgePort).judge
const real = nodeEnv()
const clock = virtual && new VirtualClock(real, virtual.startMs ?? real.wallClock())
const env = clock?.env() ?? real
const cluster = new Cluster(seed === undefined ? env : seeded(env, seed), {
  ...options,
  ...(options.sasl && judge && { sasl: { ...options.sasl, judge } }),
  patience: real,
  onBug: (error) => process.emitWarning(error instanceof Error ? error : String(error), { code: 'ODRADEK_EMBEDDED_BROKER' }),
})
expose(parentPort!, controlOf(cluster, clock))
