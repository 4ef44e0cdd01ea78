/** How both brokers are set up so that the same requests have the same answers: no waits that depend on time, all coordinators loaded. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrokerOptions } from '../../src/main/testing/index.ts'
import { describeGroups } from '../../src/shared/protocol/generated/describe-groups.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { initProducerId } from '../../src/shared/protocol/generated/init-producer-id.ts'
import { ask } from '../support/raw-calls.ts'

/** How many partitions the real broker has for offsets. */
export const REAL_OFFSETS_PARTITIONS = 6

export const realConfigs = {
  'offsets.topic.num.partitions': REAL_OFFSETS_PARTITIONS,
  'group.consumer.assignment.interval.ms': 0,
  // A broker that gets no time for a while is not to lose its partitions in the middle of a test.
  'broker.session.timeout.ms': 60_000,
}

export const embeddedOptions: BrokerOptions = { groups: { assignmentIntervalMs: 0 } }

/** A broker makes its internal topics when it is first asked for a coordinator, and a real one then loads their partitions one by one. */
export async function coordinatorsReady(address: string): Promise<void> {
  // Enough names for each of the few partitions to be among theirs.
  const names = Array.from({ length: 40 }, (_, n) => `group-${n}`)
  for (;;) {
    const { coordinators } = await ask(address, findCoordinator, 6, { keyType: 0, coordinatorKeys: names })
    const transactions = await ask(address, findCoordinator, 6, { keyType: 1, coordinatorKeys: names })
    const { groups } = await ask(address, describeGroups, 5, { groups: names })
    const { errorCode } = await ask(address, initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1_000 })
    if ([...coordinators, ...transactions.coordinators, ...groups, { errorCode }].every(({ errorCode }) => errorCode === 0))
      return
    await sleep(50)
  }
}
