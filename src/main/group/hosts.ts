/** Chooses what runs a group's handler: the main thread, threads of its own, or whoever pulls. */
import type { Env } from '../../shared/env.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { CheckedGroupOptions } from './group-options.ts'
import { MainHandler } from './main-handler.ts'
import { Pull } from './pull.ts'
import { ThreadHandler } from './thread-handler.ts'
import type { HandlerHost } from './types.ts'

export function hostOf(group: ConsumerGroup, options: CheckedGroupOptions, env: Env): { host: HandlerHost; pull: Pull | undefined } {
  const { handler } = options
  if (handler === undefined) {
    const pull = new Pull()
    return { host: pull, pull }
  }
  const host = handler instanceof URL ? new ThreadHandler(handler, options, env) : new MainHandler(handler, group, options, env)
  return { host, pull: undefined }
}
