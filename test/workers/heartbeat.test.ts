/** The heartbeat clock in virtual time: what it sends when, while main lives, is blocked, and says nothing any more. */
import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../src/shared/errors.ts'
import type { CallOptions, CallTarget, HeartbeatOrder, IoEvent } from '../../src/shared/io-api.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { Heartbeats } from '../../src/workers/heartbeat.ts'
import type { IoContext } from '../../src/workers/io-context.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const HEARTBEAT = 68

interface Asked {
  at: number
  target: CallTarget
  apiKey: number
  body: Partial<ConsumerGroupHeartbeatRequest>
  options: CallOptions | undefined
  answer(body: object): Promise<void>
  fail(error: KafkaError): Promise<void>
}

class World {
  readonly env = new VirtualEnv()
  readonly life = new Int32Array(new SharedArrayBuffer(4))
  readonly asked: Asked[] = []
  readonly events: IoEvent[] = []
  readonly heartbeats: Heartbeats
  /** Answers by itself. */
  coordinator: ((asked: Asked) => void) | undefined
  #seq = 0
  #alive = true

  constructor() {
    const call = (target: CallTarget, apiKey: number, body: unknown, options?: CallOptions): Promise<unknown> => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const asked: Asked = {
        at: this.env.now(),
        target,
        apiKey,
        body: body as Partial<ConsumerGroupHeartbeatRequest>,
        options,
        answer: (body) => {
          resolve({ version: 1, nodeId: target, broker: `b:${target}`, body })
          return this.env.settle()
        },
        fail: (error) => {
          reject(error)
          return this.env.settle()
        },
      }
      this.asked.push(asked)
      this.coordinator?.(asked)
      return promise
    }
    const io = {
      env: this.env,
      options: { requestTimeoutMs: 30_000 },
      brokers: new Map([1, 2, 3].map((id) => [id, {}])),
      call,
      event: (event: IoEvent) => this.events.push(event),
    }
    this.heartbeats = new Heartbeats(io as unknown as IoContext, this.life)
    this.#live()
  }

  /** Main is alive until it is blocked. */
  #live(): void {
    if (this.#alive) Atomics.add(this.life, 0, 1)
    this.env.setTimeout(() => this.#live(), 100)
  }

  blockMain(): void {
    this.#alive = false
  }

  wakeMain(): void {
    this.#alive = true
  }

  order(changed: Partial<HeartbeatOrder> = {}, epoch = 5): number {
    const everything = body({ memberEpoch: epoch, rebalanceTimeoutMs: 30_000, subscribedTopicNames: ['a'] })
    const changes = body({ memberEpoch: epoch, topicPartitions: [{ topicId: 'A', partitions: [0] }] })
    const order = { member: 0, seq: ++this.#seq, nodeId: 1, changes, everything, intervalMs: 1_000, maxProcessingMs: 10_000 }
    this.heartbeats.order({ ...order, ...changed })
    return this.#seq
  }

  get last(): Asked {
    return this.asked.at(-1)!
  }

  /** When heartbeats were sent. */
  get times(): number[] {
    return this.asked.map(({ at }) => at)
  }
}

function body(fields: Partial<ConsumerGroupHeartbeatRequest>): ConsumerGroupHeartbeatRequest {
  return {
    groupId: 'g',
    memberId: 'me',
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: null,
    ...fields,
  }
}

const response = (memberEpoch: number, heartbeatIntervalMs = 1_000, errorCode: number = ErrorCode.NONE) => ({
  throttleTimeMs: 0,
  errorCode,
  errorMessage: null,
  memberId: 'me',
  memberEpoch,
  heartbeatIntervalMs,
  assignment: null,
})
const bare = { groupId: 'g', memberId: 'me', instanceId: null }
const connectionLost = () => new KafkaError('CONNECTION_LOST', 'lost', { retriable: true })

describe('C13 the heartbeat clock', () => {
  it('sends what was ordered at once, on the connection for groups, then that the member is there, at the interval of the broker', async () => {
    const world = new World()
    const seq = world.order()
    expect(world.last).toMatchObject({ target: 1, apiKey: HEARTBEAT, options: { link: 'group', minVersion: 1 } })
    expect(world.last.body).toMatchObject({ topicPartitions: [{ topicId: 'A', partitions: [0] }], memberEpoch: 5 })
    await world.last.answer(response(6, 700))
    expect(world.events).toMatchObject([{ type: 'heartbeat', member: 0, seq, nodeId: 1, response: { memberEpoch: 6 } }])
    await world.env.advance(699)
    expect(world.asked).toHaveLength(1)
    await world.env.advance(1)
    // the newest epoch that an answer had
    expect(world.last.body).toEqual({ ...bare, memberEpoch: 6 })
  })

  it('has one under way at a time; an order that comes meanwhile follows it at once, the last one of several', async () => {
    const world = new World()
    world.order()
    await world.env.advance(5_000)
    expect(world.asked).toHaveLength(1)
    world.order()
    const seq = world.order({ changes: body({ memberEpoch: 5, topicPartitions: [] }) })
    expect(world.asked).toHaveLength(1)
    await world.asked[0]!.answer(response(7))
    expect(world.asked).toHaveLength(2)
    expect(world.last.body).toMatchObject({ memberEpoch: 7, topicPartitions: [] })
    await world.last.answer(response(7))
    expect(world.events).toMatchObject([{ seq: 1 }, { seq }])
  })

  it('an order for another coordinator does not wait for the old one, whose answer counts no more', async () => {
    const world = new World()
    world.order()
    world.order({ nodeId: 2 })
    expect(world.last).toMatchObject({ target: 2 })
    await world.asked[0]!.answer(response(9))
    await world.last.answer(response(6))
    expect(world.events).toMatchObject([{ nodeId: 2 }])
    await world.env.advance(1_000)
    expect(world.last.body.memberEpoch).toBe(6)
  })

  it('an epoch of 0 joins anew, whatever the epoch was', async () => {
    const world = new World()
    world.order()
    await world.last.answer(response(8))
    world.order({}, 0)
    expect(world.last.body.memberEpoch).toBe(0)
  })

  it.each([
    [0, 100],
    [-5, 100],
    [2 ** 31 - 1, 3_600_000],
  ])('IX3 an interval of %s is taken for %s', async (told, taken) => {
    const world = new World()
    world.order({ maxProcessingMs: 10_000_000 })
    await world.last.answer(response(1, told))
    await world.env.advance(taken - 1)
    expect(world.asked).toHaveLength(1)
    await world.env.advance(1)
    expect(world.asked).toHaveLength(2)
  })

  it('several members have clocks of their own; one that ends is silent', async () => {
    const world = new World()
    world.coordinator = ({ answer }) => void answer(response(1, 500))
    world.order()
    world.order({ member: 1, everything: body({ memberId: 'other' }) })
    await world.env.advance(500)
    expect(world.asked.map(({ body }) => body.memberId)).toEqual(['me', 'me', 'me', 'other'])
    world.heartbeats.end(0)
    await world.env.advance(1_000)
    expect(world.asked.slice(4).map(({ body }) => body.memberId)).toEqual(['other', 'other'])
    world.heartbeats.close()
    await world.env.advance(10_000)
    expect(world.asked).toHaveLength(6)
  })
})

describe('F8 trouble', () => {
  it.each(['failure', 'refusal'] as const)(
    '%s: main is told and decides; it has nothing repeated while main lives',
    async (kind) => {
      const world = new World()
      world.order()
      if (kind === 'failure') await world.last.fail(connectionLost())
      else await world.last.answer(response(0, 0, ErrorCode.NOT_COORDINATOR))
      expect(world.events).toMatchObject([{ type: kind === 'failure' ? 'heartbeat-failed' : 'heartbeat', seq: 1, nodeId: 1 }])
      await world.env.advance(5_000)
      expect(world.asked).toHaveLength(1)
      world.order({ nodeId: 2 })
      expect(world.asked).toHaveLength(2)
    },
  )

  it('what was ordered meanwhile is said with all there is to say, since an answer may be lost', async () => {
    const world = new World()
    world.order()
    await world.last.answer(response(5))
    await world.env.advance(1_000)
    world.order()
    await world.last.fail(connectionLost())
    expect(world.last.body).toMatchObject({ subscribedTopicNames: ['a'], rebalanceTimeoutMs: 30_000, memberEpoch: 5 })
  })

  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID', 'GROUP_AUTHORIZATION_FAILED'] as const)(
    '%s ends the heartbeats until there is another order',
    async (error) => {
      const world = new World()
      world.order()
      await world.last.answer(response(0, 0, ErrorCode[error]))
      await world.env.advance(60_000)
      expect(world.asked).toHaveLength(1)
      world.order({}, 0)
      await world.last.answer(response(2))
      await world.env.advance(1_000)
      expect(world.asked).toHaveLength(3)
    },
  )

  it('with main blocked it looks for the coordinator itself, and says all there is to say', async () => {
    const world = new World()
    world.order()
    await world.last.answer(response(5))
    world.blockMain()
    world.coordinator = (asked) => {
      if (asked.target === 'any') void asked.answer({ coordinators: [{ key: 'g', nodeId: 3, errorCode: 0 }] })
      else if (asked.target === 3) void asked.answer(response(5))
      else void asked.fail(connectionLost())
    }
    await world.env.advance(9_000)
    expect(world.asked.slice(0, 4).map(({ target }) => target)).toEqual([1, 1, 'any', 3])
    expect(new Set(world.asked.slice(4).map(({ target }) => target))).toEqual(new Set([3]))
    expect(world.asked.length).toBeGreaterThan(6)
    expect(world.asked[3]!.body).toMatchObject({ subscribedTopicNames: ['a'], memberEpoch: 5 })
    expect(world.asked[4]!.body).toEqual({ ...bare, memberEpoch: 5 })
    expect(world.events.at(-1)).toMatchObject({ type: 'heartbeat', nodeId: 3 })
  })
})

describe('C10 joining', () => {
  it('who has joined and was given nothing asks again soon, then ever later, until it is given something', async () => {
    const world = new World()
    let given: ConsumerGroupHeartbeatResponse['assignment'] = null
    world.coordinator = ({ answer }) => void answer({ ...response(5), assignment: given })
    world.order({}, 0)
    await world.env.advance(1_400)
    expect(world.asked.map(({ at }) => at)).toEqual([0, 200, 600, 1_400])
    given = { topicPartitions: [{ topicId: 'A'.repeat(22), partitions: [0] }] }
    await world.env.advance(3_000)
    expect(world.asked.map(({ at }) => at).slice(4)).toEqual([2_400, 3_400, 4_400])
  })
})

describe('F27 main is blocked', () => {
  it('heartbeats go on as long as it may be, then it leaves in the name of main, and says so', async () => {
    const world = new World()
    world.coordinator = ({ answer }) => void answer(response(5))
    world.order()
    await world.env.advance(60_000)
    expect(world.asked).toHaveLength(61)
    world.blockMain()
    await world.env.advance(9_900)
    expect(world.events.filter(({ type }) => type === 'heartbeat-left')).toEqual([])
    await world.env.advance(2_100)
    expect(world.events.at(-1)).toMatchObject({ type: 'heartbeat-left', member: 0, seq: 1 })
    const { silentMs } = world.events.at(-1) as { silentMs: number }
    expect(silentMs).toBeGreaterThan(10_000)
    expect(silentMs).toBeLessThan(12_000)
    expect(world.last.body).toEqual({ ...bare, memberEpoch: -1 })
    const sent = world.asked.length
    await world.env.advance(60_000)
    expect(world.asked).toHaveLength(sent)
    world.wakeMain()
    world.order({}, 0)
    await world.env.advance(5_000)
    expect(world.asked).toHaveLength(sent + 7)
  })

  it('C11 a static member leaves as one that will come back', async () => {
    const world = new World()
    world.coordinator = ({ answer }) => void answer(response(5))
    world.order({ everything: body({ instanceId: 'i' }) })
    world.blockMain()
    await world.env.advance(12_000)
    expect(world.last.body).toEqual({ groupId: 'g', memberId: 'me', instanceId: 'i', memberEpoch: -2 })
  })

  it('a main thread that is busy but comes round now and then is none that is blocked', async () => {
    const world = new World()
    world.coordinator = ({ answer }) => void answer(response(5))
    world.order()
    for (let round = 0; round < 5; round++) {
      world.blockMain()
      await world.env.advance(9_000)
      world.wakeMain()
      await world.env.advance(200)
    }
    expect(world.events.filter(({ type }) => type === 'heartbeat-left')).toEqual([])
  })

  it('it leaves although an answer is overdue', async () => {
    const world = new World()
    world.order()
    world.blockMain()
    await world.env.advance(12_000)
    expect(world.asked.map(({ body }) => body.memberEpoch)).toEqual([5, -1])
    await world.asked[0]!.answer(response(6))
    expect(world.events).toMatchObject([{ type: 'heartbeat-left' }])
  })
})
