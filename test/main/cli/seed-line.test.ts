import { describe, expect, it } from 'vitest'
import { seedRecord } from '../../../src/main/cli/broker/seed-line.ts'

describe('T1: a line of a seed file', () => {
  it('names a topic, and what else a record has', () => {
    const line = {
      topic: 'orders',
      partition: 2,
      key: '4711',
      value: { total: 12 },
      headers: { source: 'seed' },
      timestamp: 1234,
    }
    const record = { topic: 'orders', partition: 2, key: '4711', value: '{"total":12}', headers: [['source', 'seed']] }
    expect(seedRecord(JSON.stringify(line))).toEqual({ ...record, timestamp: 1234 })
    expect(seedRecord('{"topic":"t"}')).toEqual({ topic: 't' })
  })

  it('has values as text, null, bytes or JSON', () => {
    const value = (json: string) => seedRecord(`{"topic":"t","value":${json}}`).value
    expect(value('"text"')).toBe('text')
    expect(value('null')).toBe(null)
    expect(value('12')).toBe('12')
    expect(value('true')).toBe('true')
    expect(value('[1,{"a":2}]')).toBe('[1,{"a":2}]')
    expect(value('{"base64":"AP8="}')).toEqual(Buffer.from([0, 255]))
    expect(value('{"base64":"AP8=","more":1}')).toBe('{"base64":"AP8=","more":1}')
  })

  it('has headers in order, also of the same name, and of any name', () => {
    const headers = (json: string) => seedRecord(`{"topic":"t","headers":${json}}`).headers
    expect(headers('[["a","1"],["a",null],["b",{"base64":"AA=="}]]')).toEqual([
      ['a', '1'],
      ['a', null],
      ['b', Buffer.from([0])],
    ])
    expect(headers('{"__proto__":"x"}')).toEqual([['__proto__', 'x']])
  })

  it.each([
    ['{"topic":"t"', /^not JSON: /],
    ['["t"]', 'a line must be a JSON object'],
    ['{"value":"v"}', 'topic is missing'],
    ['{"topic":7}', 'topic must be a name'],
    ['{"topic":"t","partition":-1}', 'partition must be a whole number from 0'],
    ['{"topic":"t","timestamp":"now"}', 'timestamp must be a whole number from 0'],
    ['{"topic":"t","val":"v"}', "'val' is not a field of a record"],
    ['{"topic":"t","__proto__":"v"}', "'__proto__' is not a field of a record"],
    ['{"topic":"t","value":{"base64":"*"}}', 'base64 must be text in base64'],
    ['{"topic":"t","headers":[["a"]]}', 'headers must be an object, or a list of [name, value]'],
  ])('refuses %s', (text, why) => {
    expect(() => seedRecord(text)).toThrow(why)
  })
})
