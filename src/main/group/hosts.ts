/** Chooses what runs a group's handler: the main thread, threads of its own, or whoever pulls. */
import { availableParallelism } from 'node:os'
import type { Env } from '../../shared/env.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { CheckedGroupOptions } from './group-options.ts'
import { MainHandler } from './main-handler.ts'
import { Pull } from './pull.ts'
import { type HandlerThreadNews, ThreadHandler } from './thread-handler.ts'
import type { HandlerHost } from './types.ts'

/** Of a stop: for handlers' modules to tear down. */
const CLOSE_TIMEOUT_MS = 5_000

export function hostOf(
  group: ConsumerGroup,
  options: CheckedGroupOptions,
  env: Env,
  onNews: (news: HandlerThreadNews) => void,
): { host: HandlerHost; pull: Pull | undefined } {
  const { handler, threads, threadOptions, handlerTimeoutMs = options.maxProcessingMs } = options
  if (handler === undefined) {
    const pull = new Pull()
    return { host: pull, pull }
  }
  if (!(handler instanceof URL)) return { host: new MainHandler(env, { handler, handlerTimeoutMs }, group), pull: undefined }
  const settings = {
    url: handler,
    threads: threads ?? Math.max(1, availableParallelism() - 1),
    handlerTimeoutMs,
    closeTimeoutMs: CLOSE_TIMEOUT_MS,
    resourceLimits: threadOptions ?? {},
  }
  return { host: new ThreadHandler(env, settings, onNews), pull: undefined }
}
