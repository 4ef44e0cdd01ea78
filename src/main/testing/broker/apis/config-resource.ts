/** What has configs, in the numbers of requests, and whether a node's configs are those of the node that was asked: nobody knows those of others. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Broker } from '../broker.ts'
import { Refusal } from '../refusal.ts'

export const ResourceType = { TOPIC: 2, BROKER: 4, BROKER_LOGGER: 8, CLIENT_METRICS: 16, GROUP: 32 } as const
export const RESOURCE_TYPES: ReadonlySet<number> = new Set(Object.values(ResourceType))

/** Throws a {@link Refusal} when the name is none, or another node's. */
export function checkOwnId(name: string, node: Broker): void {
  if (!/^[+-]?\d+$/.test(name))
    throw new Refusal(ErrorCode.INVALID_REQUEST, `The id of a node must be a whole number, but is ${name}`)
  if (Number(name) !== node.id)
    throw new Refusal(ErrorCode.INVALID_REQUEST, `This is node ${node.id}, which does not know the configs of node ${name}`)
}
