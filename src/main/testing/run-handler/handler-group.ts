/** The group as a handler sees it that is run without one: what it may do to its partitions works, what takes brokers says that there are none. */
import { EventEmitter } from 'node:events'
import { KafkaError } from '../../../shared/errors.ts'
import type { Assignment } from '../../group/assignment.ts'
import type { ConsumerGroup } from '../../group/consumer-group.ts'
import type { TopicPartition } from '../../group/types.ts'

/** The members of a group that a handler can use without brokers. */
type Usable = Pick<ConsumerGroup, 'groupName' | 'assignment' | 'pause' | 'resume' | 'seek' | 'stop'>

const NOT_HERE = ['start', 'pull', 'commit', 'metrics', 'why', 'readable'] as const

class HandlerGroup extends EventEmitter implements Usable {
  readonly groupName: string
  readonly #assignment: () => Assignment
  readonly #onChange: () => void
  readonly #stop: () => void

  constructor(groupName: string, assignment: () => Assignment, onChange: () => void, stop: () => void) {
    super()
    this.groupName = groupName
    this.#assignment = assignment
    this.#onChange = onChange
    this.#stop = stop
  }

  get assignment(): TopicPartition[] {
    return this.#assignment()
      .all()
      .map(({ topic, partition }) => ({ topic, partition }))
  }

  pause(partitions: readonly TopicPartition[] = this.assignment): void {
    this.#assignment().pause(partitions)
    this.#onChange()
  }

  resume(partitions: readonly TopicPartition[] = this.assignment): void {
    this.#assignment().resume(partitions)
    this.#onChange()
  }

  seek({ topic, partition, offset }: TopicPartition & { offset: number }): void {
    const feed = this.#assignment().get(topic, partition)
    if (!feed || !Number.isSafeInteger(offset) || offset < 0) {
      const why = feed ? `takes a whole offset from 0, not ${offset}` : `${topic}-${partition} is not assigned`
      throw new KafkaError('INVALID_ARGUMENT', `group.seek(): ${why}.`, { topic, partition })
    }
    feed.seek(offset)
    this.#onChange()
  }

  async stop(): Promise<void> {
    this.#stop()
  }
}

export function handlerGroup(
  groupName: string,
  assignment: () => Assignment,
  onChange: () => void,
  stop: () => void,
): ConsumerGroup {
  const group = new HandlerGroup(groupName, assignment, onChange, stop)
  for (const name of NOT_HERE) {
    const refuse = (): never => {
      const text = `group.${name}() takes a cluster, and runHandler() has none: use an embedded broker for such a test, startBroker().`
      throw new KafkaError('UNSUPPORTED', text)
    }
    Object.defineProperty(group, name, { value: refuse })
  }
  return group as unknown as ConsumerGroup
}
