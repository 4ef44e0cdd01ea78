/** A group on a real cluster whose nodes are restarted one after the other, in good order and by kill -9. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { GroupLedger, traffic } from './group-ledger.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

onPrivateCluster('a group on a cluster that is restarted', (world) => {
  it.each([
    ['F2 F8 IC1 IC5: every node is shut down and started in turn', 'SIGTERM'],
    ['F1 F8 IC1 IC5: the node that coordinates the group is killed and started', 'SIGKILL'],
  ] as const)(
    '%s: no rebalance, nothing comes twice, nothing is lost',
    async (_what, signal) => {
      const kafka = world.client()
      const ledger = new GroupLedger(world.brokers, await world.led([1, 2, 3]), 3)
      await ledger.member(kafka).start()
      const writer = world.client()
      await ledger.write(writer, 10)
      await ledger.caughtUp()
      ledger.watchCommits()
      const flow = traffic(ledger, writer, { pauseMs: 50 })
      const nodes = signal === 'SIGTERM' ? [1, 2, 3] : [await coordinatorOf(ledger.groupName)]
      for (const node of nodes) {
        await world.kafka.kill(node, signal)
        await sleep(1_000)
        await world.kafka.restart(node)
        await world.healed(ledger.topic)
      }
      await flow.stop()
      await ledger.settle({ timeoutMs: 60_000 })
      expect(ledger.events).toEqual(['member 1: assigned 3'])
    },
    240_000,
  )

  async function coordinatorOf(group: string): Promise<number> {
    const { coordinators } = await world.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: [group] })
    return coordinators[0]!.nodeId
  }
})
