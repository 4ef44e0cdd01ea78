/** Runs the handler of a group on records, without brokers. The parts of a group are loaded by those who use it. */
import type { HandlerRecord } from './run-handler/log.ts'
import type { RunHandlerOptions } from './run-handler/options.ts'
import type { HandlerRun, RunnableHandler } from './run-handler/run.ts'

/**
 * Hands the records to the handler as a consumer group does: batch by batch in each partition, with its start and stop, attempts, limits
 * and signal. What the handler makes of them is judged, moved, repeated and committed by the group's own code; only brokers are missing,
 * and pauses between attempts take no time. Resolves when every partition is through, stands still, or is paused. The handler is that of a
 * group: an object, or the file URL of a module, which is run in threads; or `handleRecordBatch` alone.
 *
 * Never rejects for what the handler does.
 *
 * @throws KafkaError INVALID_OPTION, INVALID_ARGUMENT, and what loading the handler's module may bring
 */
export async function runHandler(
  handler: RunnableHandler,
  records: Iterable<HandlerRecord>,
  options: RunHandlerOptions = {},
): Promise<HandlerRun> {
  const { run } = await import('./run-handler/run.ts')
  return run(handler, records, options)
}
