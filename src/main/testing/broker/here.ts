/** A cluster on real sockets, for the thread it is called in: one of its own (`serve.ts`) or its caller's. */
import type { MessagePort } from 'node:worker_threads'
import { nodeEnv } from '../../../shared/node-env.ts'
import { connect } from '../../../shared/rpc.ts'
import type { TokenJudge } from '../security.ts'
import { Cluster } from './cluster.ts'
import type { ClusterOptions } from './cluster-options.ts'
import { type ControlApi, controlOf } from './control-api.ts'
import { seeded, VirtualClock } from './virtual-clock.ts'

/** What a broker is started with; plain data. */
export interface ThreadOptions {
  cluster: Omit<ClusterOptions, 'onBug' | 'patience'>
  /** Left out: other ids in every run. */
  seed?: number
  /** A virtual clock, and what it shows at first (default: the time of the start); left out, the clock is the machine's. */
  clock?: { startMs: number | undefined }
  /** Where to ask about tokens. */
  judgePort?: MessagePort
}

export function controlFor({ cluster: options, seed, clock: virtual, judgePort }: ThreadOptions): ControlApi {
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
  return controlOf(cluster, clock)
}
