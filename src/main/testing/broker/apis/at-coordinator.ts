/** What requests to a group's coordinator have in common: the fault desk, whether this node is the coordinator, refusals. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { GroupCoordinator } from '../groups/coordinator.ts'
import type { Caller } from '../groups/settings.ts'
import type { RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'

/** Gives what `run` gives, or what `failed` makes of the error that there is instead. */
export function atCoordinator<R>(
  context: RequestContext,
  group: string,
  failed: (errorCode: number, refusal: Refusal | undefined) => R,
  run: (coordinator: GroupCoordinator) => R,
): R {
  const fault = context.faults.failureOf(undefined, undefined, group)
  if (fault && !fault.afterAppend) return failed(fault.error ?? 0, undefined)
  const { coordinator } = context.cluster
  try {
    const error = coordinator.errorAt(context.node.id, group)
    if (error !== ErrorCode.NONE) throw new Refusal(error)
    const answer = run(coordinator)
    return fault ? failed(fault.error ?? 0, undefined) : answer
  } catch (error) {
    if (error instanceof Refusal) return failed(error.errorCode, error)
    throw error
  }
}

export function callerOf({ version, clientId, clientHost }: RequestContext): Caller {
  return { version, clientId: clientId ?? '', clientHost: `/${clientHost}` }
}

/** For errors that come with a text. */
export function textOf(refusal: Refusal | undefined): string | null {
  return refusal === undefined || refusal.message === '' ? null : refusal.message
}
