import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge, judgeByIndex } from '../../../src/main/group/actions.ts'
import type { Action } from '../../../src/main/group/types.ts'
import { KafkaError } from '../../../src/shared/errors.ts'

interface One {
  offset: number
}

const where = { topic: 'events', partition: 3 }
/** Offsets with gaps, as compaction leaves them. */
const batch = (count: number): One[] => Array.from({ length: count }, (_, index) => ({ offset: 100 + 2 * index }))

/** Each case by record and by index: they have to come to the same. */
const ways = [
  {
    way: 'by record',
    run: (records: One[], list: [unknown, unknown][]) =>
      judge(
        records,
        list.map(([action, index]) => [action, records[index as number] ?? { offset: 1 }]),
        where,
      ),
  },
  { way: 'by index', run: (records: One[], list: [unknown, unknown][]) => judgeByIndex(records, list, where) },
]

function refusal(run: () => unknown): KafkaError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    expect((error as KafkaError).code).toBe('HANDLER_RESULT')
    expect((error as KafkaError).message).toContain('The handler of events-3 returned ')
    expect((error as KafkaError).message).toContain('nothing of this batch is committed')
    return error as KafkaError
  }
  throw new Error('it was accepted')
}

const nothing = { skips: [], moves: [], cooldownMs: undefined }

describe('C2 a single action', () => {
  test('nothing means commit for the whole batch', () => {
    expect(judge(batch(3), undefined, where)).toEqual({ ...nothing, done: 3 })
    expect(judge([], undefined, where)).toEqual({ ...nothing, done: 0 })
  })

  test('applies to every record', () => {
    expect(judge(batch(3), 'commit', where)).toEqual({ ...nothing, done: 3 })
    expect(judge(batch(3), 'retry', where)).toEqual({ ...nothing, done: 0 })
    expect(judge(batch(2), { skip: 'old' }, where)).toEqual({
      ...nothing,
      done: 2,
      skips: [
        { index: 0, reason: 'old' },
        { index: 1, reason: 'old' },
      ],
    })
    expect(judge(batch(2), { moveTo: 'later' }, where)).toEqual({
      ...nothing,
      done: 2,
      moves: [
        { index: 0, topic: 'later' },
        { index: 1, topic: 'later' },
      ],
    })
  })

  test('may come with a pause', () => {
    expect(judge(batch(2), { actions: 'commit', handlerCooldownMs: 250 }, where)).toEqual({
      ...nothing,
      done: 2,
      cooldownMs: 250,
    })
    expect(judge(batch(2), { actions: 'retry' }, where)).toEqual({ ...nothing, done: 0 })
    expect(judge(batch(1), { actions: { skip: 'x' }, handlerCooldownMs: 0 }, where).cooldownMs).toBe(0)
  })

  test('an empty reason is one: better noted as empty than delivered for ever', () => {
    expect(judge(batch(1), { skip: '' }, where).skips).toEqual([{ index: 0, reason: '' }])
  })
})

describe.each(ways)('C2 a list of actions $way', ({ run }) => {
  test('says of each record what becomes of it', () => {
    const list: [Action, number][] = [
      ['commit', 0],
      [{ skip: 'bad' }, 1],
      [{ moveTo: 'dead.letters' }, 2],
      ['retry', 3],
      ['retry', 4],
    ]
    expect(run(batch(5), list)).toEqual({
      done: 3,
      skips: [{ index: 1, reason: 'bad' }],
      moves: [{ index: 2, topic: 'dead.letters' }],
      cooldownMs: undefined,
    })
  })

  test('an empty list fits an empty batch', () => {
    expect(run([], []).done).toBe(0)
  })

  test('C3 a shorter list commits nothing', () => {
    const error = refusal(() => run(batch(3), [['commit', 0]]))
    expect(error.message).toContain('a list of 1 for 3 records, the first without an action being offset 102')
    expect(error.message).toContain('Give each record of the batch one action')
    expect(error.context).toEqual({ topic: 'events', partition: 3, offset: 102 })
    refusal(() => run(batch(1), []))
  })

  test('C3 a longer list, or a record that is not of the batch, commits nothing', () => {
    const list: [Action, number][] = [
      ['commit', 0],
      ['commit', 1],
    ]
    expect(refusal(() => run(batch(1), list)).message).toContain('a record at place 1 of its list that is not one of the batch')
    const foreign = refusal(() => run(batch(2), [list[0]!, ['commit', 7]]))
    expect(foreign.message).toContain('a record at place 1 of its list that is not one of the batch')
    expect(foreign.context.offset).toBe(102)
    refusal(() => run(batch(2), [['commit', -1], list[1]!]))
    refusal(() => run(batch(2), [['commit', 0.5], list[1]!]))
  })

  test('C3 a record twice, or in another order, commits nothing', () => {
    const twice: [Action, number][] = [
      ['commit', 0],
      ['commit', 0],
    ]
    expect(refusal(() => run(batch(2), twice)).message).toContain('the record of offset 100 twice in its list')
    const swapped: [Action, number][] = [
      ['commit', 1],
      ['commit', 0],
    ]
    expect(refusal(() => run(batch(2), swapped)).message).toContain('the record of offset 102 where that of offset 100 is due')
  })

  test.each<[string, Action]>([
    ["'commit'", 'commit'],
    ['{ skip }', { skip: 'x' }],
    ['{ moveTo }', { moveTo: 'x' }],
  ])('C3 %s behind a retried record commits nothing', (shown, action) => {
    const list: [Action, number][] = [
      ['commit', 0],
      ['retry', 1],
      ['retry', 2],
      [action, 3],
    ]
    const error = refusal(() => run(batch(4), list))
    expect(error.message).toContain(`${shown} for offset 106 behind 'retry' for offset 102`)
    expect(error.context.offset).toBe(106)
  })

  test.each([['commit'], [['commit']], [['commit', 0, 1]], [undefined], [null], [{ action: 'commit' }]])(
    'C3 %j is no item of a list',
    (item) => {
      const list = [item] as unknown as [unknown, unknown][]
      expect(refusal(() => judgeByIndex(batch(1), list, where)).message).toContain('[action, record]')
      expect(refusal(() => judge(batch(1), list, where)).message).toContain('[action, record]')
    },
  )
})

describe('C3 what is no action commits nothing', () => {
  test.each<[unknown, string]>([
    [null, 'null'],
    ['comit', "'comit'"],
    [true, 'true'],
    [1, '1'],
    [{}, 'an empty object'],
    [{ skip: 1 }, '{ skip: 1 }'],
    [{ skip: undefined }, '{ skip }'],
    [{ moveTo: 'a b' }, "{ moveTo: 'a b' }"],
    [{ moveTo: '' }, "{ moveTo: '' }"],
    [{ moveTo: '..' }, "{ moveTo: '..' }"],
    [{ moveTo: 5 }, '{ moveTo: 5 }'],
    [{ skip: 'x', moveTo: 'y' }, '{ skip, moveTo }'],
    [{ password: 'hunter2' }, '{ password }'],
    [{ handlerCooldownMs: 5 }, 'an object that has no actions'],
    [{ action: 'commit', handlerCooldownMs: 5 }, 'an object that has'],
    [{ actions: 'commit', handlerCoolDownMs: 5 }, "an object that has 'handlerCoolDownMs'"],
    [{ actions: 'commit', handlerCooldownMs: -1 }, 'handlerCooldownMs -1'],
    [{ actions: 'commit', handlerCooldownMs: Number.NaN }, 'handlerCooldownMs NaN'],
    [{ actions: 'commit', handlerCooldownMs: '5' }, "handlerCooldownMs '5'"],
    [{ actions: null }, 'null'],
    [() => 'commit', 'a function'],
  ])('%o', (result, shown) => {
    const error = refusal(() => judge(batch(2), result, where))
    expect(error.message).toContain(`returned ${shown}`)
    expect(error.message).not.toContain('hunter2')
    expect(error.message).toContain('offset 100')
    expect(error.context).toEqual({ topic: 'events', partition: 3, offset: 100 })
    refusal(() => judgeByIndex(batch(2), result, where))
    refusal(() => judge([], result, where))
  })
})

const action = fc.oneof(
  fc.constant('commit' as const),
  fc.constant('retry' as const),
  fc.record({ skip: fc.string() }),
  fc.record({ moveTo: fc.constantFrom('later', 'dead.letters', '__proto__') }),
)

describe('C2 C3 any list', () => {
  property.prop([fc.array(action, { maxLength: 40 })])('is accepted exactly when nothing is done behind a retry', (actions) => {
    const records = batch(actions.length)
    const retried = actions.indexOf('retry')
    const fits = retried < 0 || actions.slice(retried).every((one) => one === 'retry')
    const list = actions.map((one, index) => [one, records[index]!] as const)
    if (!fits) {
      refusal(() => judge(records, list, where))
      return
    }
    const verdict = judge(records, list, where)
    expect(verdict.done).toBe(retried < 0 ? records.length : retried)
    const marks = actions.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    const back = actions.map((_, index): string => {
      const skip = verdict.skips.find((one) => one.index === index)
      const move = verdict.moves.find((one) => one.index === index)
      if (skip) return JSON.stringify({ skip: skip.reason })
      if (move) return JSON.stringify({ moveTo: move.topic })
      return index < verdict.done ? 'commit' : 'retry'
    })
    expect(back).toEqual(marks)
    for (const marked of [verdict.skips, verdict.moves]) {
      expect(marked.map(({ index }) => index)).toEqual(marked.map(({ index }) => index).toSorted((a, b) => a - b))
      expect(marked.every(({ index }) => index < verdict.done)).toBe(true)
    }
    const indexed = actions.map((one, index) => [one, index] as const)
    expect(judgeByIndex(records, indexed, where)).toEqual(verdict)
    expect(judge(records, { actions: list, handlerCooldownMs: 7 }, where)).toEqual({ ...verdict, cooldownMs: 7 })
  })

  property.prop([fc.integer({ min: 1, max: 12 }), fc.array(fc.integer({ min: -2, max: 14 }), { maxLength: 14 })])(
    'of records in any choice and order is accepted only when it is the batch',
    (count, places) => {
      const records = batch(count)
      const whole = places.length === count && places.every((place, index) => place === index)
      const foreign = { offset: 100 }
      const run = () =>
        judge(
          records,
          places.map((place) => ['commit', records[place] ?? foreign]),
          where,
        )
      if (whole) expect(run().done).toBe(count)
      else refusal(run)
    },
  )

  property.prop([fc.anything(), fc.integer({ min: 0, max: 3 })])('of anything never does more than refuse', (result, count) => {
    const run = (one: typeof judge) => {
      try {
        const { done } = one(batch(count), result, where)
        expect(done).toBeLessThanOrEqual(count)
      } catch (error) {
        expect((error as KafkaError).code).toBe('HANDLER_RESULT')
      }
    }
    run(judge)
    run(judgeByIndex)
  })
})
