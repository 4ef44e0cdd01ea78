/** Who a group member is to its coordinator, and where that is: what commits and fetches of offsets need. Types only. */
import type { KafkaError } from '../../shared/errors.ts'

export interface Coordinates {
  readonly groupId: string
  readonly instanceId: string | undefined
  memberId(): string
  memberEpoch(): number
  /** The node id of the coordinator, looked for as long as it takes. */
  coordinator(): Promise<number>
  /** It did not answer or is none: the next call looks anew. */
  coordinatorFailed(nodeId: number, error: KafkaError): void
}
