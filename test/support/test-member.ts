/** A member of a group made from the parts inside, with an owner that releases what is revoked at once, unless a test says otherwise. */
import { Member, type MemberSettings } from '../../src/main/group/member.ts'
import type { AssignedPartition } from '../../src/main/group/types.ts'
import { Io } from '../../src/main/io.ts'
import { Metadata } from '../../src/main/metadata.ts'
import { bootstrapAddresses, type KafkaOptions, kafkaOptions } from '../../src/main/options.ts'
import type { Env } from '../../src/shared/env.ts'
import type { KafkaError } from '../../src/shared/errors.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { checkOptions } from '../../src/shared/options.ts'

export interface TestMemberOptions extends Partial<MemberSettings> {
  brokers: string[]
  kafka?: Partial<KafkaOptions>
  env?: Env
}

type Happening =
  | { type: 'assigned' | 'revoked'; partitions: string[] }
  | { type: 'lost'; partitions: string[]; error: KafkaError }
  | { type: 'fatal'; error: KafkaError }

const nameOf = ({ topic, partition }: AssignedPartition) => `${topic}-${partition}`

export class TestMember {
  readonly env: Env
  readonly io: Io
  readonly metadata: Metadata
  readonly member: Member
  /** What it owns now, by name. */
  readonly owned = new Map<string, AssignedPartition>()
  readonly happened: Happening[] = []
  readonly said: string[] = []
  /** Connections and crashes, as the client would tell. */
  readonly news: string[] = []
  /** What to do about a revocation. */
  onRevoked: (partitions: AssignedPartition[], deadlineMs: number) => void = (partitions) => this.release(partitions)

  constructor({ brokers, kafka, env = nodeEnv(), ...settings }: TestMemberOptions) {
    this.env = env
    const options = checkOptions(kafkaOptions, { brokers, ...kafka }, 'a test')
    this.io = new Io(env, options, () => ({
      tallies: () => [],
      onAcked: () => {},
      onFailed: () => {},
      onFetched: () => {},
      onFetchFailed: () => {},
      onRoom: () => {},
      onRestart: () => {},
      onDeath: (error) => this.news.push(`death: ${error.message}`),
      onNews: ({ state }) => this.news.push(state),
      onEvent: (event) => {
        if (event.type === 'metadata-stale') this.metadata.stale(event.topics, event.reason)
        if (event.type === 'throttle') this.news.push(`throttled ${event.api} ${event.throttleTimeMs}`)
        if (event.type === 'connection') this.news.push(`${event.state} ${event.nodeId}`)
      },
    }))
    this.metadata = new Metadata({ env, io: this.io, options, bootstrap: bootstrapAddresses(brokers) })
    const { requestTimeoutMs, retryBackoffMs, retryBackoffMaxMs } = options
    const defaults: MemberSettings = {
      groupId: 'group',
      topics: [],
      rebalanceTimeoutMs: 30_000,
      maxProcessingMs: 60_000,
      requestTimeoutMs,
      retryBackoffMs,
      retryBackoffMaxMs,
    }
    this.member = new Member(
      env,
      this.io,
      this.metadata,
      { ...defaults, ...settings },
      {
        onAssigned: (partitions) => {
          this.#tell('assigned', partitions)
          for (const partition of partitions) {
            if (this.owned.has(nameOf(partition))) throw new Error(`${nameOf(partition)} was assigned twice`)
            this.owned.set(nameOf(partition), partition)
          }
        },
        onRevoked: (partitions, deadlineMs) => {
          this.#tell('revoked', partitions)
          this.onRevoked(partitions, deadlineMs)
        },
        onLost: (partitions, error) => {
          this.happened.push({ type: 'lost', partitions: partitions.map(nameOf).sort(), error })
          for (const partition of partitions) this.owned.delete(nameOf(partition))
        },
        onFatal: (error) => this.happened.push({ type: 'fatal', error }),
        onState: (text) => this.said.push(text),
      },
    )
  }

  get partitions(): string[] {
    return [...this.owned.keys()].sort()
  }

  count(type: Happening['type']): number {
    return this.happened.filter((happening) => happening.type === type).length
  }

  start(): Promise<void> {
    return this.member.start()
  }

  release(partitions: readonly AssignedPartition[] = [...this.owned.values()]): void {
    for (const partition of partitions) this.owned.delete(nameOf(partition))
    this.member.released(partitions)
  }

  /** Leaves in good order, and ends the client. */
  async stop(ms = 10_000): Promise<void> {
    this.onRevoked = () => {}
    await this.member.stop(this.env.now() + ms)
    await this.close()
  }

  /** Ends without a word to the coordinator. */
  async close(): Promise<void> {
    this.metadata.close()
    await this.io.close()
  }

  #tell(type: 'assigned' | 'revoked', partitions: AssignedPartition[]): void {
    this.happened.push({ type, partitions: partitions.map(nameOf).sort() })
  }
}
