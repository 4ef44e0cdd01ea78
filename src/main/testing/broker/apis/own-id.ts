/** Whether a request about a node's configs is about the node that was asked: nobody knows those of the others. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Broker } from '../broker.ts'
import { Refusal } from '../refusal.ts'

/** Throws a {@link Refusal} when the name is none, or another node's. */
export function checkOwnId(name: string, node: Broker): void {
  if (!/^[+-]?\d+$/.test(name))
    throw new Refusal(ErrorCode.INVALID_REQUEST, `The id of a node must be a whole number, but is ${name}`)
  if (Number(name) !== node.id)
    throw new Refusal(ErrorCode.INVALID_REQUEST, `This is node ${node.id}, which does not know the configs of node ${name}`)
}
