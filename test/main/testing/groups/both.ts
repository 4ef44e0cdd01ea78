/**
 * A real Kafka and an embedded one that get the same requests about groups, each from as many connections as there are actors. Answers
 * are compared with the brokers' own ids replaced by the names that the test has for them.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type EmbeddedBroker, type GroupOptions, startBroker } from '../../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../../src/shared/node-env.ts'
import type { Api } from '../../../../src/shared/protocol/api.ts'
import { consumerGroupDescribe } from '../../../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { createPartitions } from '../../../../src/shared/protocol/generated/create-partitions.ts'
import { createTopics } from '../../../../src/shared/protocol/generated/create-topics.ts'
import { deleteGroups } from '../../../../src/shared/protocol/generated/delete-groups.ts'
import { deleteTopics } from '../../../../src/shared/protocol/generated/delete-topics.ts'
import { findCoordinator } from '../../../../src/shared/protocol/generated/find-coordinator.ts'
import { metadata } from '../../../../src/shared/protocol/generated/metadata.ts'
import { type RealKafka, startKafka } from '../../../kafka/index.ts'
import { RawClient } from '../client.ts'

type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
export type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>
/** What to send, perhaps depending on the broker. */
export type Body<A extends Api> = RequestOf<A> | ((side: Side) => RequestOf<A>)

/** Texts are each broker's own. */
const IGNORED = new Set(['throttleTimeMs', 'errorMessage', 'port'])

/** One of the brokers. */
export class Side {
  readonly name: 'real' | 'embedded'
  readonly address: string
  readonly #env = nodeEnv()
  readonly #clients = new Map<string, Promise<RawClient>>()
  /** The broker's ids by the test's names. */
  readonly #ids = new Map<string, string>()

  constructor(name: 'real' | 'embedded', address: string) {
    this.name = name
    this.address = address
  }

  client(actor: string): Promise<RawClient> {
    let client = this.#clients.get(actor)
    if (client === undefined) this.#clients.set(actor, (client = RawClient.open(this.#env, this.address)))
    return client
  }

  async call<A extends Api>(actor: string, api: A, version: number, body: Body<A>): Promise<ResponseOf<A>> {
    const client = await this.client(actor)
    return client.call(api, version, typeof body === 'function' ? (body as (side: Side) => RequestOf<A>)(this) : body)
  }

  learn(id: string, name: string): void {
    this.#ids.set(name, id)
  }

  knows(name: string): boolean {
    return this.#ids.has(name)
  }

  /** For the next test: closes all connections, some of which may wait for an answer, and forgets these names. */
  async reset(...names: string[]): Promise<void> {
    await this.close()
    this.#clients.clear()
    for (const name of names) this.#ids.delete(name)
  }

  /** The broker's id for a name of the test. */
  id(name: string): string {
    const id = this.#ids.get(name)
    if (id === undefined) throw new Error(`${this.name} has no id for ${name}`)
    return id
  }

  /** A value with this broker's ids replaced. */
  plain(value: unknown): unknown {
    if (Buffer.isBuffer(value)) return value.toString('hex')
    if (Array.isArray(value)) {
      const items = value.map((item) => this.plain(item))
      return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    }
    if (typeof value === 'string') return this.#plainText(value)
    if (typeof value !== 'object' || value === null) return value
    const fields = Object.entries(value).filter(([name]) => !IGNORED.has(name))
    return Object.fromEntries(fields.map(([name, field]) => [name, this.plain(field)]))
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).close()
  }

  #plainText(value: string): string {
    for (const [name, id] of this.#ids) if (id === value) return `<${name}>`
    // Ids that the test has no name for.
    return value.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '<uuid>')
  }
}

export type Pair<T> = [real: T, embedded: T]

export class BothGroups {
  readonly sides: Pair<Side>
  readonly embedded: EmbeddedBroker
  readonly #real: RealKafka

  private constructor(real: RealKafka, embedded: EmbeddedBroker) {
    this.#real = real
    this.embedded = embedded
    this.sides = [new Side('real', real.brokers[0]!), new Side('embedded', embedded.brokers[0]!)]
  }

  /** Both with the same settings; those of the real one by Kafka's names. */
  static async start(configs: Record<string, string | number> = {}, groups: GroupOptions = {}): Promise<BothGroups> {
    const both = new BothGroups(...(await Promise.all([startKafka({ nodes: 1, configs }), startBroker({ groups })])))
    for (const side of both.sides) await coordinatorReady(side)
    return both
  }

  /** The same real broker beside another embedded one, with other settings; to be ended by {@link stopVariant}. */
  async variant(groups: GroupOptions): Promise<BothGroups> {
    const both = new BothGroups(this.#real, await startBroker({ groups }))
    await coordinatorReady(both.sides[1])
    return both
  }

  async stopVariant(): Promise<void> {
    for (const side of this.sides) await side.close()
    await this.embedded.close()
  }

  async stop(): Promise<void> {
    for (const side of this.sides) await side.close()
    await Promise.all([this.#real.stop(), this.embedded.close()])
  }

  /** Sends to both; does not compare. */
  async ask<A extends Api>(actor: string, api: A, version: number, body: Body<A>): Promise<Pair<ResponseOf<A>>> {
    const [real, embedded] = await Promise.all(this.sides.map((side) => side.call(actor, api, version, body)))
    return [real, embedded] as Pair<ResponseOf<A>>
  }

  /** Sends to both and expects the same answers; gives the embedded broker's. */
  async same<A extends Api>(actor: string, api: A, version: number, body: Body<A>, learn?: Learn<A>): Promise<ResponseOf<A>> {
    const answers = await this.ask(actor, api, version, body)
    return this.equal(answers, `${api.name} ${version} by ${actor}`, learn)
  }

  /** As {@link same}, for a part of the answers. */
  async samePart<A extends Api>(actor: string, api: A, version: number, body: Body<A>, part: (answer: ResponseOf<A>) => unknown) {
    const [real, embedded] = await this.ask(actor, api, version, body)
    return this.equal([part(real), part(embedded)], `${api.name} ${version} by ${actor}`)
  }

  /** Expects that answers are the same, once `learn` has given names to the ids in them. */
  equal<T>(answers: Pair<T>, what: string, learn?: (answer: T, side: Side) => void): T {
    answers.forEach((answer, i) => void learn?.(answer, this.sides[i]!))
    const [expected, got] = answers.map((answer, i) => this.sides[i]!.plain(answer))
    expect(got, what).toEqual(expected)
    return answers[1]
  }

  /** Asks again until both give what satisfies `done`, then expects the same. */
  async eventuallySame<A extends Api>(
    actor: string,
    api: A,
    version: number,
    body: Body<A>,
    done: (answer: ResponseOf<A>) => boolean,
  ): Promise<ResponseOf<A>> {
    const until = async (side: Side): Promise<ResponseOf<A>> => {
      for (const deadline = Date.now() + 15_000; ; await sleep(50)) {
        const answer = await side.call(actor, api, version, body)
        if (done(answer)) return answer
        if (Date.now() > deadline) throw new Error(`${side.name} keeps answering ${JSON.stringify(side.plain(answer))}`)
      }
    }
    const answers = await Promise.all(this.sides.map(until))
    return this.equal(answers as Pair<ResponseOf<A>>, `${api.name} ${version} by ${actor}`)
  }

  /** A topic on both, known to both and with leaders. */
  async topic(partitions: number, name = `t-${randomUUID()}`): Promise<string> {
    await this.ask('admin', createTopics, 7, {
      timeoutMs: 10_000,
      topics: [{ name, numPartitions: partitions, replicationFactor: 1 }],
    })
    for (const side of this.sides) await topicReady(side, name, partitions)
    return name
  }

  async grow(name: string, count: number): Promise<void> {
    await this.ask('admin', createPartitions, 3, { timeoutMs: 10_000, topics: [{ name, count, assignments: null }] })
    for (const side of this.sides) await topicReady(side, name, count)
  }

  async deleteTopic(name: string): Promise<void> {
    await this.ask('admin', deleteTopics, 6, { timeoutMs: 10_000, topics: [{ name }] })
    for (const side of this.sides) await topicReady(side, name, 0)
  }
}

export type Learn<A extends Api> = (answer: ResponseOf<A>, side: Side) => void

async function topicReady(side: Side, name: string, partitions: number): Promise<void> {
  for (;;) {
    const topic = (await side.call('admin', metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false })).topics[0]!
    const ready = topic.partitions.length === partitions && topic.partitions.every(({ errorCode }) => errorCode === 0)
    if (ready && partitions > 0) side.learn(topic.topicId, name)
    if (ready) break
    await sleep(20)
  }
  // The group coordinator of a real broker learns of topics a little later than its metadata cache: a group tells.
  for (let known = -1; known !== partitions; ) {
    const group = { groupId: `probe-${randomUUID()}`, memberId: 'probe' }
    const joins = { memberEpoch: 0, rebalanceTimeoutMs: 1_000, subscribedTopicNames: [name], topicPartitions: [] }
    const { assignment } = await side.call('admin', consumerGroupHeartbeat, 1, { ...group, ...joins })
    known = assignment?.topicPartitions[0]?.partitions.length ?? 0
    await side.call('admin', consumerGroupHeartbeat, 1, { ...group, memberEpoch: -1 })
    await side.call('admin', deleteGroups, 2, { groupsNames: [group.groupId] })
  }
}

/** A real broker makes the offsets topic when it is first asked for a coordinator, and then loads its partitions one by one. */
async function coordinatorReady(side: Side): Promise<void> {
  // Enough groups for each of the few partitions to be among theirs.
  for (let n = 0; n < 40; n++) {
    const groupId = `group-${n}`
    for (;;) {
      const { coordinators } = await side.call('admin', findCoordinator, 6, { keyType: 0, coordinatorKeys: [groupId] })
      const { groups } = await side.call('admin', consumerGroupDescribe, 1, { groupIds: [groupId] })
      if (coordinators[0]?.errorCode === 0 && groups[0]?.errorCode === GROUP_ID_NOT_FOUND) break
      await sleep(50)
    }
  }
}

const GROUP_ID_NOT_FOUND = 69
