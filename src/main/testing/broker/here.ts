/** A cluster in its caller's thread: what `serve.ts` is for a thread of its own. */
import { nodeEnv } from '../../../shared/node-env.ts'
import { local, type Remote } from '../../../shared/rpc.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { type ControlApi, controlOf } from './control-api.ts'

export function serveHere(options: Omit<ClusterOptions, 'onBug'>): Remote<ControlApi> {
  const onBug = (error: unknown): void => {
    process.emitWarning(error instanceof Error ? error : String(error), { code: 'ODRADEK_EMBEDDED_BROKER' })
  }
  return local(controlOf(new Cluster(nodeEnv(), { ...options, onBug })))
}
