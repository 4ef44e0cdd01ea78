import { describe, expect, it } from 'vitest'
import type { LeaderHint } from '../../src/shared/io-api.ts'
import { connected } from '../support/metadata-world.ts'

const broker = (nodeId: number) => ({ nodeId, host: `broker-${nodeId}`, port: 9092 })

function hint(handle: number, leader: number, leaderEpoch: number, partition = 0): LeaderHint {
  return { handle, topic: 't', partition, hint: { leader, leaderEpoch, broker: broker(leader) } }
}

/** A client that knows topic `t`, whose one partition node 1 leads under epoch 5. */
async function knowing() {
  const world = await connected()
  const { env, cluster, metadata } = world
  cluster.topic('t', [{ leader: 1, epoch: 5 }])
  const { partitions } = await env.until(metadata.topic('t'))
  const { handle } = partitions[0]!
  cluster.calls.length = 0
  cluster.pushes.length = 0
  const seen = async () => {
    await env.advance(0)
    const { leader, leaderEpoch } = metadata.cached('t')!.partitions[0]!
    return { leader, leaderEpoch }
  }
  /** A Metadata request and its answer. */
  const refreshed = async () => {
    await env.advance(1_000)
    await env.until(metadata.refresh())
  }
  /** Makes `t` part of the next request. */
  const asked = async () => {
    await env.advance(11_000)
    metadata.stale(['t'], 'a test')
    await env.advance(0)
  }
  return { ...world, handle, seen, refreshed, asked }
}

describe('F5 N1 hints as main sees them', () => {
  it('are seen at once, cost no request, and are not told to the worker that has them', async () => {
    const { metadata, cluster, handle, seen } = await knowing()
    const before = metadata.version
    metadata.hinted([hint(handle, 2, 6)])
    expect(await seen()).toEqual({ leader: 2, leaderEpoch: 6 })
    expect(metadata.version).toBeGreaterThan(before)
    expect([cluster.calls, cluster.pushes]).toEqual([[], []])
  })

  it('name brokers that every worker hears of, as long as they count', async () => {
    const { metadata, cluster, env, handle } = await knowing()
    metadata.hinted([hint(handle, 9, 6)])
    await env.advance(0)
    const ids = () =>
      cluster.pushes.map((push) => push.type === 'brokers' && push.brokers.map(({ nodeId }) => nodeId).filter((id) => id > 0))
    expect(ids()).toEqual([[1, 2, 3, 9]])
    metadata.hinted([{ ...hint(handle, 9, 6), hint: undefined }])
    await env.advance(0)
    expect(ids()).toEqual([
      [1, 2, 3, 9],
      [1, 2, 3],
    ])
  })

  it('stay the same object for callers until something changes', async () => {
    const { metadata, env, handle, refreshed } = await knowing()
    metadata.hinted([hint(handle, 2, 6)])
    await env.advance(0)
    const view = metadata.cached('t')
    await refreshed()
    expect(metadata.cached('t')).toBe(view)
  })

  it.each([
    ['an older epoch', 4],
    ['the same epoch', 5],
  ])('F6 %s does not show', async (_what, epoch) => {
    const { metadata, handle, seen } = await knowing()
    metadata.hinted([hint(handle, 2, epoch)])
    expect(await seen()).toEqual({ leader: 1, leaderEpoch: 5 })
  })

  it('are about a topic of before it was made anew: they do not show', async () => {
    const { metadata, cluster, handle, seen, asked } = await knowing()
    cluster.topic('t', [{ leader: 3, epoch: 0 }])
    await asked()
    metadata.hinted([hint(handle, 2, 9)])
    expect(await seen()).toEqual({ leader: 3, leaderEpoch: 0 })
  })
})

describe('F6 hints and metadata', () => {
  it('an answer that was on its way and is older changes nothing', async () => {
    const { metadata, cluster, env, handle, seen } = await knowing()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    cluster.before = () => released
    await env.advance(11_000)
    metadata.stale(['t'], 'a test')
    await env.advance(0)
    expect(cluster.metadataCalls).toHaveLength(1)
    metadata.hinted([hint(handle, 2, 7)])
    cluster.topics.get('t')!.partitions[0] = { leader: 3, epoch: 6 }
    release()
    expect(await seen()).toEqual({ leader: 2, leaderEpoch: 7 })
    // the worker keeps it for when the hint proves wrong
    expect(cluster.told.get(handle)).toMatchObject({ leader: 3, leaderEpoch: 6 })
    metadata.hinted([{ ...hint(handle, 2, 7), hint: undefined }])
    expect(await seen()).toEqual({ leader: 3, leaderEpoch: 6 })
  })

  it.each([
    ['a newer epoch', 3, 8],
    ['the same epoch', 3, 7],
    ['the same leader under an older epoch', 2, 6],
  ])('%s in an answer wins for good', async (_what, leader, epoch) => {
    const { metadata, cluster, handle, seen, asked } = await knowing()
    metadata.hinted([hint(handle, 2, 7)])
    cluster.topics.get('t')!.partitions[0] = { leader, epoch }
    await asked()
    expect(await seen()).toEqual({ leader, leaderEpoch: epoch })
    expect(cluster.told.get(handle)).toMatchObject({ leader, leaderEpoch: epoch })
  })

  it('an answer without the broker that a hint names does not take it away', async () => {
    const { metadata, cluster, handle, seen, asked } = await knowing()
    cluster.brokers.pop()
    metadata.hinted([hint(handle, 3, 6)])
    await asked()
    expect(await seen()).toEqual({ leader: 3, leaderEpoch: 6 })
    const lists = cluster.pushes.filter((push) => push.type === 'brokers')
    for (const { brokers } of lists) expect(brokers.map(({ nodeId }) => nodeId)).toContain(3)
  })

  it('IX8: a replaced worker follows no hints, and main neither', async () => {
    const { metadata, handle, seen } = await knowing()
    metadata.hinted([hint(handle, 2, 6)])
    metadata.hintsLost((one) => one !== handle)
    expect(await seen()).toEqual({ leader: 2, leaderEpoch: 6 })
    metadata.hintsLost((one) => one === handle)
    expect(await seen()).toEqual({ leader: 1, leaderEpoch: 5 })
  })

  it("a hint that misleads main's own calls is forgotten, and the topic asked for", async () => {
    const { metadata, cluster, env, handle, seen } = await knowing()
    metadata.hinted([hint(handle, 2, 6)])
    expect(await seen()).toEqual({ leader: 2, leaderEpoch: 6 })
    await env.advance(11_000)
    metadata.disowned('t', 0, 'a test')
    expect(await seen()).toEqual({ leader: 1, leaderEpoch: 5 })
    expect(cluster.asked).toEqual([['t']])
  })
})
