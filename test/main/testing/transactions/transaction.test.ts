/** What was seen of Apache Kafka 4.3.1 when the epochs of a transactional id run out, which takes it 32 766 requests to get to. */
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../../src/main/testing/broker/refusal.ts'
import { type ProducerIdentity, Transaction } from '../../../../src/main/testing/broker/transactions/transaction.ts'
import { brokerError } from '../../../../src/shared/protocol/errors.ts'
import { Fixture } from '../fixture.ts'

const LAST = 32_766
const partition = (await Fixture.start()).cluster.partition('t', 0)!

/** A transactional id at its last epoch; producer ids are 1, 2, 3. */
class Exhausted {
  #ids = 1
  readonly transaction: Transaction
  readonly last: ProducerIdentity = { producerId: 1, epoch: LAST }

  constructor() {
    this.transaction = new Transaction('x', this.newId(), 1000)
    while (this.transaction.epoch < LAST) this.transaction.init(undefined, 1000, this.newId)
  }

  readonly newId = (): number => this.#ids++

  init(expected?: ProducerIdentity): unknown {
    return this.#told(() => {
      if (!this.transaction.init(expected, 1000, this.newId)) return 'abort first'
      return [this.transaction.producerId, this.transaction.epoch]
    })
  }

  begin(): void {
    this.transaction.add([partition], 5, 2)
  }

  /** Gives who the producer is then, and whether anything is to be written. */
  end(how: 'commit' | 'abort', who: ProducerIdentity, version: 0 | 2 = 2): unknown {
    return this.#told(() => {
      const request = { ...who, commit: how === 'commit', version }
      const isNew = this.transaction.mayEnd(request)
      if (isNew) this.transaction.end(request, 6, this.newId)
      const { producerId, epoch } = this.transaction.successor
      return [producerId, epoch, isNew]
    })
  }

  #told(what: () => unknown): unknown {
    try {
      return what()
    } catch (error) {
      if (error instanceof Refusal) return brokerError(error.errorCode).name
      throw error
    }
  }
}

describe('epochs run out', () => {
  test('the next producer gets another id; who goes on may ask twice (KIP-360)', () => {
    const id = new Exhausted()
    expect(id.init(id.last)).toEqual([2, 0])
    expect(id.init(id.last)).toEqual([2, 0])
    expect(id.init({ producerId: 1, epoch: LAST + 1 })).toBe('PRODUCER_FENCED')
    expect(id.init({ producerId: 1, epoch: 5 })).toBe('PRODUCER_FENCED')
    expect(id.init()).toEqual([2, 1])
    expect(id.init(id.last)).toBe('PRODUCER_FENCED')
  })

  test('whoever does not know the last epoch gets what Kafka gives', () => {
    const id = new Exhausted()
    expect(id.init({ producerId: 1, epoch: 5 })).toBe('UNKNOWN_SERVER_ERROR')
    expect(id.init({ producerId: 1, epoch: LAST - 1 })).toBe('UNKNOWN_SERVER_ERROR')
    expect(id.init()).toEqual([2, 0])
  })

  test('the end of a transaction gives another id, also when it is told twice', () => {
    const id = new Exhausted()
    id.begin()
    expect(id.end('commit', id.last)).toEqual([2, 0, true])
    // the marker fences the old id
    expect([id.transaction.producerId, id.transaction.epoch]).toEqual([1, LAST + 1])
    id.transaction.complete()
    expect([id.transaction.producerId, id.transaction.epoch]).toEqual([2, 0])
    expect(id.end('commit', id.last)).toEqual([2, 0, false])
    expect(id.end('abort', id.last)).toBe('INVALID_TXN_STATE')
    const next = { producerId: 2, epoch: 0 }
    expect(id.end('commit', next)).toBe('INVALID_TXN_STATE')
    id.begin()
    expect(id.end('commit', id.last)).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(id.end('abort', next)).toEqual([2, 1, true])
  })

  test('who is fenced in its last epoch is so under another id', () => {
    const id = new Exhausted()
    id.begin()
    expect(id.init()).toBe('abort first')
    id.transaction.fence(2, id.newId)
    expect([id.transaction.producerId, id.transaction.epoch]).toEqual([1, LAST + 1])
    id.transaction.complete()
    expect(id.end('commit', id.last)).toBe('INVALID_TXN_STATE')
    expect(id.end('abort', id.last)).toEqual([2, 0, false])
    expect(id.init(id.last)).toEqual([2, 0])
    expect(id.init()).toEqual([2, 1])
  })

  test('the old way an id keeps its last epoch until its next beginning', () => {
    const id = new Exhausted()
    id.begin()
    expect(id.end('commit', id.last, 0)).toEqual([1, LAST, true])
    id.transaction.complete()
    expect([id.transaction.producerId, id.transaction.epoch]).toEqual([1, LAST])
    id.begin()
    id.transaction.fence(1, id.newId)
    id.transaction.complete()
    expect([id.transaction.producerId, id.transaction.epoch]).toEqual([1, LAST + 1])
    expect(id.init()).toEqual([2, 0])
  })
})
