import { describe, expect, it } from 'vitest'
import { type FetchPart, FetchSession, sessionlessAsk } from '../../src/workers/fetch-session.ts'
import { newPartition, type Partition } from '../../src/workers/partition.ts'

const partitions: Partition[] = [0, 1, 2].map((handle) =>
  newPartition({ handle, topic: 'a', topicId: 'id-a', partition: handle, leader: 1, leaderEpoch: 5 }),
)

function part(handle: number, offset: number): FetchPart {
  return { partition: partitions[handle]!, offset, maxBytes: 1000, lastFetchedEpoch: -1 }
}

function asked(ask: { topics: { partitions: { partition: number; fetchOffset: number }[] }[] }): [number, number][] {
  return ask.topics.flatMap((topic) =>
    topic.partitions.map(({ partition, fetchOffset }): [number, number] => [partition, fetchOffset]),
  )
}

describe('a fetch session (KIP-227)', () => {
  it('begins with everything and then names only what changed', () => {
    const session = new FetchSession()
    const first = session.ask([part(0, 0), part(1, 10)], true)
    expect([first.sessionId, first.sessionEpoch, asked(first)]).toEqual([
      0,
      0,
      [
        [0, 0],
        [1, 10],
      ],
    ])
    session.answered(99)
    const second = session.ask([part(0, 0), part(1, 20)], true)
    expect([second.sessionId, second.sessionEpoch, asked(second)]).toEqual([99, 1, [[1, 20]]])
    session.answered(99)
    expect(session.ask([part(0, 0), part(1, 20)], true).sessionEpoch).toBe(2)
  })

  it('forgets partitions that are not asked for now, or the broker would go on sending them', () => {
    const session = new FetchSession()
    session.ask([part(0, 0), part(1, 0), part(2, 0)], true)
    session.answered(7)
    const ask = session.ask([part(1, 0)], true)
    expect(asked(ask)).toEqual([])
    expect(ask.forgottenTopicsData).toEqual([{ topic: 'a', topicId: 'id-a', partitions: [0, 2] }])
    session.answered(7)
    expect(asked(session.ask([part(0, 0), part(1, 0)], true))).toEqual([[0, 0]])
  })

  it('tells a new leader epoch', () => {
    const session = new FetchSession()
    session.ask([part(0, 0)], true)
    session.answered(7)
    const ask = session.ask([{ ...part(0, 0), partition: { ...partitions[0]!, leaderEpoch: 6 } }], true)
    expect(ask.topics[0]?.partitions[0]?.currentLeaderEpoch).toBe(6)
  })

  it('C19: tells the epoch of what was read last, to brokers that have a place for it (KIP-320)', () => {
    const session = new FetchSession()
    const epochs = (ask: ReturnType<FetchSession['ask']>) =>
      ask.topics.flatMap(({ partitions: some }) => some.map(({ lastFetchedEpoch }) => lastFetchedEpoch))
    expect(epochs(session.ask([{ ...part(0, 10), lastFetchedEpoch: 4 }], true))).toEqual([4])
    session.answered(7)
    expect(epochs(session.ask([{ ...part(0, 10), lastFetchedEpoch: 4 }], true))).toEqual([])
    session.answered(7)
    expect(epochs(session.ask([{ ...part(0, 10), lastFetchedEpoch: 5 }], true))).toEqual([5])
    expect(epochs(new FetchSession().ask([{ ...part(0, 10), lastFetchedEpoch: 4 }], false))).toEqual([-1])
  })

  it('F47: begins anew when it is lost or declined', () => {
    const session = new FetchSession()
    session.ask([part(0, 0)], true)
    session.answered(7)
    session.reset()
    expect(asked(session.ask([part(0, 0)], true))).toEqual([[0, 0]])
    session.answered(0)
    const ask = session.ask([part(0, 0)], true)
    expect([ask.sessionId, ask.sessionEpoch, asked(ask)]).toEqual([0, 0, [[0, 0]]])
  })

  it('is not opened by a request that goes past it', () => {
    expect(sessionlessAsk([part(0, 3)], true)).toMatchObject({ sessionId: 0, sessionEpoch: -1 })
  })
})
