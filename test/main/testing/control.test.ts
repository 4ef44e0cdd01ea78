import { describe, expect, test } from 'vitest'
import { FaultDesk, type FaultRule } from '../../../src/main/testing/broker/fault-desk.ts'
import { RequestCounts } from '../../../src/main/testing/broker/request-log.ts'
import type { Subject } from '../../../src/main/testing/broker/subject.ts'

const PRODUCE = 0
const FETCH = 1
const anything: Subject = { clientId: 'c', groups: [], transactionalIds: [], isAbout: () => false }
const fail = (rule: Partial<FaultRule> = {}): FaultRule => ({ kind: 'fail', apiKey: PRODUCE, times: 1, error: 6, ...rule })

describe('T3 the fault desk', () => {
  test('hits as many requests of the API as told', () => {
    const desk = new FaultDesk(() => 0.5)
    const id = desk.add(fail({ times: 2 }))
    expect(desk.arrived(FETCH, 1, anything).rule).toBeUndefined()
    expect([1, 2, 3].map(() => desk.arrived(PRODUCE, 1, anything).rule?.error)).toEqual([6, 6, undefined])
    expect(desk.hits(id)).toBe(2)
  })

  test('hits only at the node it names', () => {
    const desk = new FaultDesk(() => 0.5)
    desk.add(fail({ node: 2 }))
    expect(desk.arrived(PRODUCE, 1, anything).rule).toBeUndefined()
    expect(desk.arrived(PRODUCE, 2, anything).rule).toBeDefined()
  })

  test('a request uses up the oldest fault that fits, the next request the next one', () => {
    const desk = new FaultDesk(() => 0.5)
    desk.add(fail({ error: 6 }))
    desk.add(fail({ error: 7 }))
    expect([desk.arrived(PRODUCE, 1, anything).rule?.error, desk.arrived(PRODUCE, 1, anything).rule?.error]).toEqual([6, 7])
  })

  test('a fault of a partition is used up by a request about it, once, and fails nothing else in it', () => {
    const desk = new FaultDesk(() => 0.5)
    const id = desk.add(fail({ topic: 't', partition: 1 }))
    const other = desk.arrived(PRODUCE, 1, anything)
    expect([other.rule, other.failureOf('t', 0), other.failureOf('u', 1)]).toEqual([undefined, undefined, undefined])
    expect(desk.hits(id)).toBe(0)
    const hit = desk.arrived(PRODUCE, 1, anything)
    expect([hit.failureOf('t', 0), hit.failureOf('t', 1)?.error, hit.failureOf('t', 1)?.error]).toEqual([undefined, 6, 6])
    expect(desk.hits(id)).toBe(1)
    expect(desk.arrived(PRODUCE, 1, anything).failureOf('t', 1)).toBeUndefined()
  })

  test('two requests under way at once share one fault between them, not double it', () => {
    const desk = new FaultDesk(() => 0.5)
    desk.add(fail({ topic: 't' }))
    const [a, b] = [desk.arrived(PRODUCE, 1, anything), desk.arrived(PRODUCE, 1, anything)]
    expect([a.failureOf('t', 0)?.error, b.failureOf('t', 0)?.error]).toEqual([6, undefined])
  })

  test('several partitions of one request can each have their fault', () => {
    const desk = new FaultDesk(() => 0.5)
    desk.add(fail({ topic: 't', partition: 0, error: 6 }))
    desk.add(fail({ topic: 't', partition: 1, error: 7 }))
    const request = desk.arrived(PRODUCE, 1, anything)
    expect([request.failureOf('t', 0)?.error, request.failureOf('t', 1)?.error]).toEqual([6, 7])
  })

  test('removed and cleared faults hit nothing and keep their count', () => {
    const desk = new FaultDesk(() => 0.5)
    const one = desk.add(fail({ times: Number.POSITIVE_INFINITY }))
    desk.arrived(PRODUCE, 1, anything)
    desk.remove(one)
    expect([desk.arrived(PRODUCE, 1, anything).rule, desk.hits(one)]).toEqual([undefined, 1])
    desk.add(fail())
    desk.clear()
    expect(desk.arrived(PRODUCE, 1, anything).rule).toBeUndefined()
  })
})

test('arrivals are counted by API and node', () => {
  const counts = new RequestCounts()
  counts.count('Produce', 1).partitions.push(3)
  counts.count('Produce', 1).partitions.push(1)
  counts.count('Fetch', 1)
  counts.count('Produce', 2)
  expect(counts.list('Produce')).toEqual([
    { api: 'Produce', node: 1, requests: 2, partitions: [3, 1] },
    { api: 'Produce', node: 2, requests: 1, partitions: [] },
  ])
  expect(counts.list()).toHaveLength(3)
})
