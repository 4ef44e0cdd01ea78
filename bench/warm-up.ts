/**
 * Warms the broker up before anything is measured: what came first would pay for what its JVM has not compiled yet, and that is not the
 * client's doing.
 */
import { warmUpJob } from './scenarios.ts'
import { onFreshTopics, type Stage } from './series.ts'

/** They send fast, one as an idempotent producer and one not. */
const CLIENTS = ['odradek', 'ceiling']
const SECONDS = 8
const QUICK_SECONDS = 3

export async function warmUp(stage: Stage, quick: boolean): Promise<void> {
  stage.log('warming the broker up')
  for (const key of CLIENTS) {
    const client = stage.clients.get(key)
    if (!client || stage.signal.aborted) continue
    // whoever fails here fails where it is measured too, and says so there
    await onFreshTopics(stage, client, warmUpJob(quick ? QUICK_SECONDS : SECONDS), 1).catch(() => {})
  }
}
