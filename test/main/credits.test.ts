import { describe, expect, it } from 'vitest'
import { type CreditAsk, Credits, type CreditWaiter, type ReadAnswer, type Ticket } from '../../src/main/credits.ts'
import { Fetchers } from '../../src/main/fetchers.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import type { CreditTerms } from '../../src/shared/submission-format.ts'

const closed = new KafkaError('CLOSED', 'over')

class Listener implements CreditWaiter {
  readonly heard: [number, ReadAnswer | KafkaError][] = []

  onAnswer(answer: ReadAnswer | KafkaError, ticket: Ticket): void {
    expect(ticket.answer).toBe(answer)
    this.heard.push([ticket.number, answer])
  }
}

function world() {
  const clock = { now: 1000 }
  const said: unknown[] = []
  const io = {
    home: (handle: number) => handle % 2,
    submission: (thread: number) => ({
      credit: (number: number, handle: number, terms: CreditTerms) => void said.push([thread, number, handle, { ...terms }]),
      cancel: (number: number) => void said.push([thread, 'cancel', number]),
    }),
  }
  const fetchers = new Fetchers()
  const credits = new Credits({ now: () => clock.now }, io, fetchers)
  const take = () => said.splice(0)
  return { clock, fetchers, credits, take, waiter: new Listener() }
}

const rest = { maxBytes: 1000, minBytes: 1, fetcher: 0, lastFetchedEpoch: 4, patient: true }
const ask = (handle: number, offset: number, more: Partial<CreditAsk> = {}): CreditAsk => ({
  ...rest,
  handle,
  offset,
  maxWaitMs: 500,
  ...more,
})
const terms = (offset: number, maxWaitMs = 500) => ({ ...rest, offset, maxWaitMs, readCommitted: false })

describe('credits', () => {
  it('go to the thread of their partition, and their answers to whoever waits', () => {
    const { credits, take, waiter } = world()
    const [one, two] = [credits.give(ask(4, 10), waiter), credits.give(ask(5, 20), waiter)]
    expect(take()).toEqual([
      [0, one.number, 4, terms(10)],
      [1, two.number, 5, terms(20)],
    ])
    const bytes = Buffer.from('batch')
    credits.onFetched(two.number, 25, 7, bytes)
    const failure = new KafkaError('OFFSET_OUT_OF_RANGE', 'no')
    credits.onFetchFailed(one.number, failure)
    expect(waiter.heard).toEqual([
      [two.number, { nextOffset: 25, lastFetchedEpoch: 7, bytes }],
      [one.number, failure],
    ])
  })

  it('carry the isolation level of their fetcher', () => {
    const { credits, fetchers, take, waiter } = world()
    const fetcher = fetchers.number('slow', 'read_committed')
    credits.give(ask(2, 0, { fetcher }), waiter)
    expect(take()).toMatchObject([[0, 1, 2, { fetcher, readCommitted: true }]])
  })

  it('are heard of once, and not at all after they were taken back', () => {
    const { credits, take, waiter } = world()
    const ticket = credits.give(ask(0, 0), waiter)
    const other = credits.give(ask(0, 0), waiter)
    take()
    credits.cancel(ticket)
    expect(take()).toEqual([[0, 'cancel', ticket.number]])
    credits.onFetched(ticket.number, 5, 0, Buffer.alloc(0))
    credits.onFetched(other.number, 5, 0, Buffer.alloc(0))
    credits.onFetched(other.number, 6, 0, Buffer.alloc(0))
    expect(waiter.heard).toMatchObject([[other.number, { nextOffset: 5 }]])
    // what is answered cannot be taken back
    credits.cancel(other)
    expect(take()).toEqual([])
  })

  it('may change hands while they are open', () => {
    const { credits, waiter } = world()
    const ticket = credits.give(ask(0, 0), waiter)
    const heir = new Listener()
    ticket.waiter = heir
    credits.onFetched(ticket.number, 5, 0, Buffer.alloc(0))
    expect(waiter.heard).toEqual([])
    expect(heir.heard).toHaveLength(1)
  })

  it('F28: are given again to the successor of a crashed thread, with what is left of their time', () => {
    const { clock, credits, take, waiter } = world()
    const [gone, open, elsewhere] = [ask(0, 1), ask(2, 2), ask(1, 3)].map((one) => credits.give(one, waiter))
    credits.onFetched(gone!.number, 5, 0, Buffer.alloc(0))
    take()
    clock.now += 120
    credits.askAgain(0)
    expect(take()).toEqual([[0, open!.number, 2, terms(2, 380)]])
    clock.now += 1000
    credits.askAgain(1)
    expect(take()).toEqual([[1, elsewhere!.number, 1, terms(3, 0)]])
  })

  it('IP7: all end when the client does, and no further one is given', () => {
    const { credits, waiter } = world()
    const tickets = [credits.give(ask(0, 0), waiter), credits.give(ask(1, 0), waiter)]
    credits.close(closed)
    expect(waiter.heard).toEqual(tickets.map(({ number }) => [number, closed]))
    expect(() => credits.give(ask(0, 0), waiter)).toThrow(closed)
    credits.onFetched(tickets[0]!.number, 5, 0, Buffer.alloc(0))
    expect(waiter.heard).toHaveLength(2)
  })
})

describe('fetchers', () => {
  it('C7: have one number for each name and isolation level; direct reads have number 0', () => {
    const fetchers = new Fetchers()
    expect(fetchers.number(undefined, 'read_uncommitted')).toBe(0)
    const names = [undefined, 'a', 'b', '__proto__']
    const levels = ['read_uncommitted', 'read_committed'] as const
    const numbers = names.flatMap((name) => levels.map((level) => fetchers.number(name, level)))
    expect(new Set(numbers).size).toBe(8)
    expect(names.flatMap((name) => levels.map((level) => fetchers.number(name, level)))).toEqual(numbers)
    expect(numbers.map((number) => fetchers.isolationLevel(number))).toEqual(names.flatMap(() => levels))
  })
})
