import { describe, expect, it } from 'vitest'
import type { Env, Socket, SocketEvents } from '../../src/shared/env.ts'
import type { KafkaError } from '../../src/shared/errors.ts'
import type { Reader } from '../../src/shared/protocol/reader.ts'
import { Connection, type Exchange, SILENCE_MS } from '../../src/workers/connection.ts'
import { frameSizeProblem } from '../../src/workers/frame-size.ts'
import { SimEnv } from '../support/sim-env.ts'

/** A connection whose far end is the test. */
function connected(options: { maxResponseBytes?: number; requestTimeoutMs?: number } = {}) {
  const sim = new SimEnv(1)
  let peer!: SocketEvents
  const written: Buffer[] = []
  let destroyed = false
  const socket: Socket = {
    remoteAddress: 'test',
    write: (chunks) => {
      written.push(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))))
      return true
    },
    pause() {},
    resume() {},
    destroy(error) {
      if (destroyed) return
      destroyed = true
      sim.defer(() => peer.onClose(error))
    },
  }
  const env: Env = sim
  sim.connect = (_host, _port, events) => {
    peer = events
    return socket
  }
  const outcomes: string[] = []
  const closed: KafkaError[] = []
  const silences: string[] = []
  const connection = new Connection(
    env,
    'broker',
    9092,
    { connectTimeoutMs: 500, maxResponseBytes: options.maxResponseBytes ?? 1 << 20 },
    {
      onConnect() {},
      onProgress() {},
      onClose: (error) => closed.push(error),
      onSilent: (error) => silences.push(error.message),
    },
  )
  const ask = (more: Partial<Exchange> = {}): number => {
    const correlationId = connection.nextCorrelationId()
    connection.send({
      api: 'Test',
      chunks: [Buffer.from(`ask ${correlationId}`)],
      correlationId,
      timeoutMs: options.requestTimeoutMs ?? 1000,
      answered: true,
      onResponse: (reader: Reader) => {
        reader.int32()
        outcomes.push(`${correlationId}: ${reader.buffer.toString('utf8', reader.offset, reader.end)}`)
        return false
      },
      onFailure: (error, sent) => outcomes.push(`${correlationId}: ${error.code}${sent ? ' sent' : ''}`),
      ...more,
    })
    return correlationId
  }
  return { sim, peer: () => peer, connection, ask, outcomes, closed, silences, written, isDestroyed: () => destroyed }
}

function answer(correlationId: number, text: string): Buffer {
  const frame = Buffer.alloc(8 + Buffer.byteLength(text))
  frame.writeInt32BE(frame.length - 4, 0)
  frame.writeInt32BE(correlationId, 4)
  frame.write(text, 8)
  return frame
}

const later = (sim: SimEnv, ms: number) => sim.run(new Promise<void>((resolve) => sim.setTimeout(resolve, ms)))

describe('a connection', () => {
  it('F13: puts answers together however they are cut, several in one read included', () => {
    const bytes = (first: number) => Buffer.concat([answer(first, 'one'), answer(first + 1, ''), answer(first + 2, 'three')])
    const length = bytes(1).length
    for (let cut = 0; cut <= length; cut++) {
      const { peer, ask, outcomes } = connected()
      peer().onConnect?.()
      const first = ask()
      ask()
      ask({ ownFrame: true })
      const all = bytes(first)
      peer().onData(all.subarray(0, cut))
      peer().onData(all.subarray(cut))
      expect(outcomes, `cut at ${cut}`).toEqual([`${first}: one`, `${first + 1}: `, `${first + 2}: three`])
    }
  })

  it('F13: fails everything in flight, oldest first, when it breaks', async () => {
    const { sim, peer, ask, outcomes, closed, connection } = connected()
    peer().onConnect?.()
    ask()
    ask()
    peer().onClose(new Error('read ECONNRESET'))
    expect(outcomes).toEqual(['1: CONNECTION_LOST sent', '2: CONNECTION_LOST sent'])
    expect(closed[0]?.message).toContain('ECONNRESET')
    ask()
    expect(outcomes[2]).toBe('3: CONNECTION_LOST')
    expect(connection.closed).toBe(true)
    await later(sim, 5000)
    expect(outcomes.length).toBe(3)
  })

  it('F15: is closed by an answer with another correlation id, which reaches nobody', async () => {
    const { sim, peer, ask, outcomes, isDestroyed } = connected()
    peer().onConnect?.()
    ask()
    peer().onData(answer(77, 'for somebody else'))
    expect(isDestroyed()).toBe(true)
    await later(sim, 1)
    expect(outcomes).toEqual(['1: PROTOCOL_ERROR sent'])
  })

  it('F15: is closed by an answer that nothing asked for', async () => {
    const { sim, peer, closed } = connected()
    peer().onConnect?.()
    peer().onData(answer(1, 'hello'))
    await later(sim, 1)
    expect(closed[0]).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  it('F15: is closed by an answer that cannot be decoded, and ignores what follows it', async () => {
    const { sim, peer, ask, outcomes } = connected()
    peer().onConnect?.()
    const first = ask({
      onResponse: () => {
        throw new Error('cut short')
      },
    })
    const second = ask()
    peer().onData(Buffer.concat([answer(first, 'x'), answer(second, 'looks fine')]))
    await later(sim, 1)
    expect(outcomes).toEqual([`${first}: PROTOCOL_ERROR sent`, `${second}: PROTOCOL_ERROR sent`])
  })

  const claims: [string, Buffer, RegExp][] = [
    ['a negative size', Buffer.from([0xff, 0xff, 0xff, 0xff]), /-1 bytes/],
    ['a size too small for a header', Buffer.from([0, 0, 0, 3]), /3 bytes/],
    ['a size over the limit', Buffer.from([0x40, 0, 0, 0]), /maxResponseBytes/],
    ['a TLS record', Buffer.from([0x15, 3, 3, 0, 2, 2, 70]), /TLS/],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), /HTTP/],
  ]
  for (const [what, bytes, says] of claims) {
    it(`F16: refuses ${what} before it allocates, and says what it looks like`, async () => {
      const { sim, peer, ask, outcomes, closed } = connected()
      peer().onConnect?.()
      ask()
      peer().onData(bytes)
      await later(sim, 1)
      expect(outcomes).toEqual(['1: PROTOCOL_ERROR sent'])
      expect(closed[0]?.message).toMatch(says)
    })
  }

  it('F16: tells a TLS record also when so large a response would be accepted', () => {
    expect(frameSizeProblem(0x15030300, 2 ** 30)?.text).toMatch(/TLS/)
    expect(frameSizeProblem(0x15000000, 2 ** 30)).toBeUndefined()
  })

  it('F12: ends after the oldest deadline, not before, and takes the younger requests with it', async () => {
    const { sim, peer, ask, outcomes } = connected({ requestTimeoutMs: 1000 })
    peer().onConnect?.()
    ask()
    await later(sim, 600)
    ask()
    await later(sim, 390)
    expect(outcomes).toEqual([])
    await later(sim, 20)
    expect(outcomes).toEqual(['1: TIMEOUT sent', '2: TIMEOUT sent'])
  })

  it('gives up connecting after its time', async () => {
    const { sim, closed } = connected()
    await later(sim, 499)
    expect(closed).toEqual([])
    await later(sim, 2)
    expect(closed[0]).toMatchObject({ code: 'CONNECTION_FAILED' })
    expect(closed[0]?.message).toContain('connectTimeoutMs')
  })

  it('leaves a kept answer alone: later ones go into other memory', () => {
    const { peer, ask } = connected()
    peer().onConnect?.()
    let kept: Reader | undefined
    const first = ask({
      ownFrame: true,
      onResponse: (reader) => {
        kept = reader
        return true
      },
    })
    const second = ask({ ownFrame: true, onResponse: () => false })
    peer().onData(answer(first, 'keep me'))
    peer().onData(answer(second, 'XXXXXXX'))
    expect(kept?.buffer.toString('utf8', kept.offset + 4, kept.end)).toBe('keep me')
  })

  it('F3: silence while an answer is due is told again and again and ends with the next bytes; the connection stays', async () => {
    const { sim, peer, connection, ask, silences, closed } = connected({ requestTimeoutMs: 60_000 })
    peer().onConnect?.()
    const first = ask()
    await later(sim, SILENCE_MS - 100)
    expect([connection.silent, silences]).toEqual([false, []])
    ask()
    await later(sim, 150)
    expect(connection.silent).toBe(true)
    expect(silences).toEqual(['broker:9092 owes an answer to Test and has said nothing for 3000 ms.'])
    await later(sim, 2_000)
    expect(silences).toHaveLength(3)
    peer().onData(answer(first, 'late'))
    expect(connection.silent).toBe(false)
    await later(sim, SILENCE_MS - 100)
    expect(silences).toHaveLength(3)
    expect(closed).toEqual([])
  })

  it('F3: a broker that may keep an answer back is not silent before that time is over, nor one that owes nothing', async () => {
    const { sim, peer, ask, silences } = connected({ requestTimeoutMs: 60_000 })
    peer().onConnect?.()
    await later(sim, 10 * SILENCE_MS)
    const id = ask({ waitsMs: 10_000 })
    await later(sim, 10_000 + SILENCE_MS - 100)
    expect(silences).toEqual([])
    await later(sim, 200)
    expect(silences).toHaveLength(1)
    peer().onData(answer(id, ''))
    await later(sim, 10 * SILENCE_MS)
    expect(silences).toHaveLength(1)
  })
})
