import { beforeEach, describe, expect, it } from 'vitest'
import type { BrokerAddress } from '../../src/shared/io-api.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { type AfterRefusal, HINTS_IN_A_ROW, LeaderHints, type LeaderRefusal } from '../../src/workers/leader-hints.ts'
import { newPartition, type Partition } from '../../src/workers/partition.ts'

const at = (nodeId: number, port = 9092): BrokerAddress => ({ nodeId, host: `broker-${nodeId}`, port })

let brokers: Map<number, BrokerAddress>
let moves: { leader: number; leaderEpoch: number; now: boolean }[]
let stale: string[]
let hints: LeaderHints
let partition: Partition

beforeEach(() => {
  brokers = new Map([1, 2, 3].map((nodeId) => [nodeId, at(nodeId)]))
  moves = []
  stale = []
  hints = new LeaderHints({
    brokers,
    addBroker: (address) => void brokers.set(address.nodeId, address),
    removeBroker: (nodeId) => void brokers.delete(nodeId),
    leaderHinted: ({ leader, leaderEpoch }, now) => void moves.push({ leader, leaderEpoch, now }),
    stale: (topic) => void stale.push(topic),
  })
  hints.listed(new Set([1, 2, 3]))
  partition = newPartition({ handle: 7, topic: 't', topicId: 'id', partition: 0, leader: 1, leaderEpoch: 5 })
})

/** What node `nodeId` says, and what follows. */
function refuse(nodeId: number, leaderId: number, leaderEpoch: number, more: Partial<LeaderRefusal> = {}): AfterRefusal {
  const errorCode = ErrorCode.NOT_LEADER_OR_FOLLOWER
  return hints.refused(partition, {
    api: 'produce',
    nodeId,
    errorCode,
    currentLeader: { leaderId, leaderEpoch },
    nodeEndpoints: [],
    ...more,
  })
}

const believed = () => ({ leader: partition.leader, leaderEpoch: partition.leaderEpoch })
const tell = (leader: number, leaderEpoch: number) => hints.told(partition, { ...partition, leader, leaderEpoch })

describe('F6 hints that are not followed', () => {
  it.each<[what: string, leaderId: number, leaderEpoch: number, endpoints: BrokerAddress[]]>([
    ['an older epoch', 2, 4, []],
    ['the same epoch', 2, 5, []],
    ['epoch −1', 2, -1, []],
    ['nobody', -1, 6, []],
    ['a negative node', -5, 6, [at(-5)]],
    ['the one that refuses', 1, 6, []],
    ['an unknown broker without an address', 9, 6, [at(8)]],
    ['an unknown broker at port 70000', 9, 6, [at(9, 70_000)]],
    ['an unknown broker at port 0', 9, 6, [at(9, 0)]],
    ['an unknown broker without a host', 9, 6, [{ ...at(9), host: '' }]],
  ])('%s', (_what, leaderId, leaderEpoch, nodeEndpoints) => {
    expect(refuse(1, leaderId, leaderEpoch, { nodeEndpoints })).toBe('ask')
    expect(believed()).toEqual({ leader: 1, leaderEpoch: 5 })
    expect([moves, hints.takeNews(), [...brokers.keys()]]).toEqual([[], [], [1, 2, 3]])
  })
})

describe('F5 hints that are followed', () => {
  it('a newer epoch is believed at once, and main hears of it once', () => {
    expect(refuse(1, 2, 6)).toBe('now')
    expect(believed()).toEqual({ leader: 2, leaderEpoch: 6 })
    expect(moves).toEqual([{ leader: 2, leaderEpoch: 6, now: true }])
    const hint = { leader: 2, leaderEpoch: 6, broker: at(2) }
    expect(hints.takeNews()).toEqual([{ handle: 7, topic: 't', partition: 0, hint }])
    expect(hints.takeNews()).toEqual([])
  })

  it('any epoch is newer than none', () => {
    partition.leaderEpoch = -1
    expect(refuse(1, 2, 0)).toBe('now')
  })

  it('an unknown broker becomes known, and stays while a hint or main names it', () => {
    expect(refuse(1, 9, 6, { nodeEndpoints: [at(8), at(9)] })).toBe('now')
    expect(brokers.get(9)).toEqual(at(9))
    expect(hints.listed(new Set([1, 2, 3]))).toEqual(new Set([9]))
    expect(refuse(9, 2, 7)).toBe('now')
    expect(brokers.has(9)).toBe(false)
  })

  it('an address that is known changes by metadata only', () => {
    refuse(1, 2, 6, { nodeEndpoints: [{ ...at(2), host: 'elsewhere' }] })
    expect(brokers.get(2)).toEqual(at(2))
  })

  it('answers to what left before are no reason to wait or to ask', () => {
    refuse(1, 2, 6)
    expect(refuse(1, 2, 6)).toBe('now')
    expect(refuse(1, -1, -1)).toBe('now')
    expect(moves).toHaveLength(1)
    // and they may know more
    expect(refuse(1, 3, 7)).toBe('now')
    expect(believed()).toEqual({ leader: 3, leaderEpoch: 7 })
  })

  it('a fenced epoch is put right at the same broker', () => {
    expect(refuse(1, 1, 6, { api: 'fetch', errorCode: ErrorCode.FENCED_LEADER_EPOCH })).toBe('now')
    expect(believed()).toEqual({ leader: 1, leaderEpoch: 6 })
  })
})

describe('F6 hints that prove wrong', () => {
  it('the named broker does not know it yet: it is asked again a few times, later', () => {
    refuse(1, 2, 6)
    expect(refuse(2, 1, 5)).toBe('later')
    expect(refuse(2, -1, -1, { errorCode: ErrorCode.UNKNOWN_LEADER_EPOCH })).toBe('later')
    expect(believed()).toEqual({ leader: 2, leaderEpoch: 6 })
    expect(refuse(2, 1, 5)).toBe('ask')
    expect(believed()).toEqual({ leader: 1, leaderEpoch: 5 })
    expect(moves.at(-1)).toEqual({ leader: 1, leaderEpoch: 5, now: false })
    expect(hints.takeNews()).toMatchObject([{ handle: 7, hint: undefined }])
  })

  it('the named broker refuses and says nothing: main is right again', () => {
    refuse(1, 2, 6)
    expect(refuse(2, -1, -1)).toBe('ask')
    expect(believed()).toEqual({ leader: 1, leaderEpoch: 5 })
  })

  it('the last epoch there is does not outlive the broker that it was said of', () => {
    refuse(1, 2, 2 ** 31 - 1)
    partition.hintsLeft.produce = 1
    expect(refuse(2, 3, 7)).toBe('later')
    partition.hintsLeft.produce = HINTS_IN_A_ROW
    expect(refuse(2, 3, 2 ** 31 - 1)).toBe('now')
    expect(refuse(3, -1, -1)).toBe('ask')
    expect(tell(3, 7)).toBe(true)
  })

  it('two that name each other are followed a few times, and again after a success only', () => {
    const answers = Array.from({ length: 6 }, (_, i) => refuse(partition.leader, partition.leader === 1 ? 2 : 1, 10 + i))
    expect(answers).toEqual(['now', 'now', 'now', 'ask', 'ask', 'ask'])
    expect(believed()).toEqual({ leader: 1, leaderEpoch: 5 })
    partition.hintsLeft.fetch = HINTS_IN_A_ROW
    expect(refuse(1, 2, 20)).toBe('ask')
    partition.hintsLeft.produce = HINTS_IN_A_ROW
    expect(refuse(1, 2, 20)).toBe('now')
  })

  it('a lost connection to the named broker ends it, and metadata is asked for', () => {
    refuse(1, 9, 6, { nodeEndpoints: [at(9)] })
    hints.lost(2, 'why')
    expect(stale).toEqual([])
    hints.lost(9, 'why')
    expect([believed(), stale, brokers.has(9)]).toEqual([{ leader: 1, leaderEpoch: 5 }, ['t'], false])
  })
})

describe("F6 hints and main's word", () => {
  it('an older word waits behind the hint', () => {
    refuse(1, 2, 7)
    expect(tell(3, 6)).toBe(false)
    expect(believed()).toEqual({ leader: 2, leaderEpoch: 7 })
    hints.lost(2, 'why')
    expect(believed()).toEqual({ leader: 3, leaderEpoch: 6 })
  })

  it.each([
    ['the same epoch', 3, 7],
    ['a newer epoch', 3, 8],
    ['no leader under a newer epoch', -1, 8],
  ])('%s ends it', (_what, leader, leaderEpoch) => {
    refuse(1, 2, 7)
    hints.takeNews()
    expect(tell(leader, leaderEpoch)).toBe(true)
    expect(believed()).toEqual({ leader, leaderEpoch })
    expect(hints.takeNews()).toMatchObject([{ handle: 7, hint: undefined }])
    hints.lost(2, 'why')
    expect(believed()).toEqual({ leader, leaderEpoch })
  })

  it('the same leader under an older epoch ends it too: whoever exaggerates must not keep newer words away', () => {
    refuse(1, 2, 2 ** 31 - 1)
    expect(tell(2, 6)).toBe(true)
    expect(believed()).toEqual({ leader: 2, leaderEpoch: 6 })
  })

  it('the same word again changes nothing', () => {
    expect(tell(1, 5)).toBe(false)
  })

  it('a dropped partition follows nobody', () => {
    refuse(1, 9, 6, { nodeEndpoints: [at(9)] })
    hints.dropped(partition)
    expect(brokers.has(9)).toBe(false)
    hints.takeNews()
    refuse(1, 2, 8)
    refuse(9, 2, 8)
    expect([hints.takeNews(), moves.length]).toEqual([[], 1])
    hints.lost(9, 'why')
    expect(stale).toEqual([])
  })
})
