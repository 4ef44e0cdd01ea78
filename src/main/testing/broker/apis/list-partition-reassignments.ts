/** ListPartitionReassignments 0 (KIP-455): those under way. There are none, ever: they are over at once. */
import {
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
  listPartitionReassignments,
} from '../../../../shared/protocol/generated/list-partition-reassignments.ts'
import type { Handler } from '../handler.ts'

export const listPartitionReassignmentsHandler: Handler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> = {
  api: listPartitionReassignments,
  handle({ topics }, { faults }) {
    const asked = (topics ?? []).flatMap(({ name, partitionIndexes }) => partitionIndexes.map((index) => ({ name, index })))
    const fault =
      faults.failureOf() ?? asked.map(({ name, index }) => faults.failureOf(name, index)).find((one) => one !== undefined)
    return { errorCode: fault?.error, errorMessage: null }
  },
}
