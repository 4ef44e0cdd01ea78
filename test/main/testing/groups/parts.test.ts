/** The parts that groups are made of, without requests: assignors, reconciliation, hashes, expressions. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartitionSets } from '../../../../src/main/testing/broker/groups/assignment.ts'
import { type AssignableMember, assignors } from '../../../../src/main/testing/broker/groups/assignors.ts'
import { type ConsumerMember, newConsumerMember } from '../../../../src/main/testing/broker/groups/consumer-member.ts'
import { inHashOrder, javaHashCode } from '../../../../src/main/testing/broker/groups/java-hash.ts'
import { reconcile } from '../../../../src/main/testing/broker/groups/reconcile.ts'
import { compileTopicRegex } from '../../../../src/main/testing/broker/groups/topic-regex.ts'

const count = (partitions: PartitionSets) => [...partitions.values()].reduce((sum, set) => sum + set.size, 0)
const flat = (partitions: PartitionSets) =>
  [...partitions].flatMap(([topic, set]) => Array.from(set, (index) => `${topic} ${index}`))
const sizes = new Map([
  ['t0', 3],
  ['t1', 4],
  ['t2', 7],
  ['t3', 1],
])
const partitionsOf = (topicId: string) => sizes.get(topicId)!
const topics = [...sizes.keys()]

const member = (id: string, topicIds: readonly string[], current: PartitionSets = new Map()): AssignableMember => ({
  id,
  instanceId: null,
  topicIds: new Set(topicIds),
  current,
})

/** Members come, go and change what they want, one change after the other. */
const changes = fc.array(fc.record({ id: fc.nat(5), topics: fc.subarray(topics, { minLength: 1 }), leaves: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
})

function play(assignor: string, alike: boolean, steps: { id: number; topics: string[]; leaves: boolean }[]) {
  let members = new Map<string, AssignableMember>()
  const history: { before: Map<string, AssignableMember>; members: AssignableMember[]; result: Map<string, PartitionSets> }[] = []
  for (const { id, topics: wanted, leaves } of steps) {
    const before = members
    const next = new Map(members)
    if (leaves) next.delete(`m${id}`)
    else next.set(`m${id}`, member(`m${id}`, alike ? topics : wanted, next.get(`m${id}`)?.current))
    const all = [...next.values()]
    if (all.length === 0) continue
    const result = assignors.get(assignor)!({ members: all, homogeneous: alike, partitionsOf })
    history.push({ before, members: all, result })
    members = new Map(all.map((one) => [one.id, { ...one, current: result.get(one.id)! }]))
  }
  return history
}

describe.each(['uniform', 'range'])('the assignor %s', (assignor) => {
  test.each([true, false])('gives every partition that somebody wants to one who wants it (all want the same: %s)', (alike) => {
    fc.assert(
      fc.property(changes, (steps) => {
        for (const { members, result } of play(assignor, alike, steps)) {
          const wanted = new Set(members.flatMap(({ topicIds }) => [...topicIds]))
          const expected = [...wanted].flatMap((topic) =>
            Array.from({ length: partitionsOf(topic) }, (_, index) => `${topic} ${index}`),
          )
          const given = [...result.values()].flatMap(flat)
          expect(given.sort()).toEqual(expected.sort())
          for (const { id, topicIds } of members) for (const topic of result.get(id)!.keys()) expect(topicIds).toContain(topic)
        }
      }),
    )
  })
})

describe('the assignor uniform', () => {
  test('is even to one partition when all want the same, and takes away no more than that needs', () => {
    fc.assert(
      fc.property(changes, (steps) => {
        for (const { members, result } of play('uniform', true, steps)) {
          const counts = members.map(({ id }) => count(result.get(id)!))
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          for (const { id, current } of members) {
            const kept = flat(current).filter((one) => flat(result.get(id)!).includes(one)).length
            expect(kept).toBeGreaterThanOrEqual(Math.min(count(current), Math.min(...counts)))
          }
        }
      }),
    )
  })

  test('when members want different topics, no move between subscribers of a topic would make it more even', () => {
    fc.assert(
      fc.property(changes, (steps) => {
        for (const { members, result } of play('uniform', false, steps)) {
          for (const topic of topics) {
            const subscribers = members.filter(({ topicIds }) => topicIds.has(topic))
            const least = Math.min(...subscribers.map(({ id }) => count(result.get(id)!)))
            for (const { id } of subscribers) {
              if (result.get(id)!.has(topic)) expect(count(result.get(id)!) - least).toBeLessThanOrEqual(1)
            }
          }
        }
      }),
    )
  })
})

test('the assignor range gives neighbours, in the order of instance ids and then of member ids', () => {
  const members = [
    member('b', ['t2']),
    member('a', ['t2', 't1']),
    { ...member('z', ['t2']), instanceId: 'i2' },
    { ...member('y', ['t1', 't2']), instanceId: 'i1' },
  ]
  const result = assignors.get('range')!({ members, homogeneous: false, partitionsOf })
  expect(Object.fromEntries(Array.from(result, ([id, sets]) => [id, flat(sets).sort()]))).toEqual({
    y: ['t1 0', 't1 1', 't2 0', 't2 1'],
    z: ['t2 2', 't2 3'],
    a: ['t1 2', 't1 3', 't2 4', 't2 5'],
    b: ['t2 6'],
  })
})

test('KIP-848 reconciliation: nobody gets a partition that another has, and in the end everybody has the target', () => {
  const step = fc.oneof(
    { weight: 1, arbitrary: fc.record({ owners: fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }) }) },
    { weight: 4, arbitrary: fc.record({ beats: fc.nat(3), silent: fc.boolean() }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const all = new Map<number, ConsumerMember>([0, 1, 2, 3].map((n) => [n, newConsumerMember(`m${n}`)]))
      /** What each member really works on: what it was told last, less what it has not yet given up. */
      const works = new Map<number, Set<number>>([0, 1, 2, 3].map((n) => [n, new Set<number>()]))
      let target = new Map<number, Set<number>>()
      let epoch = 1
      const holds = (one: ConsumerMember, index: number) => one.assigned.get('t')?.has(index) || one.revoking.get('t')?.has(index)
      const beat = (n: number, silent: boolean) => {
        const before = all.get(n)!
        const told = new Set(before.assigned.get('t')?.keys() ?? [])
        // a member that speaks has done what it was told
        if (!silent) works.set(n, told)
        const owned = silent ? null : [{ topicId: 't', partitions: [...told] }]
        const mine = target.get(n) ?? new Set<number>()
        const next = reconcile(before, {
          targetEpoch: epoch,
          target: mine.size > 0 ? new Map([['t', mine]]) : new Map(),
          owned,
          subscriptionChanged: false,
          subscribedTopicIds: new Set(['t']),
          heldByOther: (_, index) => [...all].some(([other, one]) => other !== n && holds(one, index)),
        })
        all.set(n, next)
        const now = [...(next.assigned.get('t')?.keys() ?? [])]
        // new ones are worked on at once; those to give up until the member says otherwise
        works.set(n, new Set([...works.get(n)!, ...now]))
        if (!next.revoking.has('t')) works.set(n, new Set(now))
        const busy = [...works.values()].flatMap((set) => [...set])
        expect(new Set(busy).size).toBe(busy.length)
      }
      for (const one of steps) {
        if ('owners' in one) {
          target = new Map()
          one.owners.forEach((n, index) => void target.set(n, (target.get(n) ?? new Set()).add(index)))
          epoch++
        } else beat(one.beats, one.silent)
      }
      for (let round = 0; round < 4; round++) for (const n of all.keys()) beat(n, false)
      for (const [n, one] of all) {
        expect(new Set(one.assigned.get('t')?.keys() ?? [])).toEqual(target.get(n) ?? new Set())
        if (epoch > 1) expect(one).toMatchObject({ state: 'stable', epoch })
      }
    }),
  )
})

test("Java's hash codes, and the order of its hash maps", () => {
  // as java.lang.String and java.util.HashMap of Java 17 have them
  expect(['', 'a', 'abc', 'polygenelubricants', 'ключ'].map(javaHashCode)).toEqual([0, 97, 96_354, -2_147_483_648, 33_309_882])
  const names = ['range', 'uniform', 'p', 'q', 'r', 'roundrobin', 'sticky', 'cooperative-sticky']
  expect(inHashOrder(names).join(' ')).toBe('p uniform q r sticky range roundrobin cooperative-sticky')
  // a larger table
  const numbers = inHashOrder(Array.from({ length: 30 }, (_, n) => `member-${n}`)).map((name) => Number(name.slice(7)))
  expect(numbers.slice(0, 15)).toEqual([19, 18, 17, 16, 5, 15, 6, 14, 3, 13, 4, 12, 9, 11, 10])
  expect(numbers.slice(15)).toEqual([7, 8, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 1, 2, 0])
})

describe('regular expressions of subscriptions', () => {
  test.each<[string, string[], string[]]>([
    ['a', ['a'], ['aa', 'ba', 'A']],
    ['a|b', ['a', 'b'], ['ab', 'xa']],
    ['orders-.*', ['orders-', 'orders-1'], ['my-orders-1']],
    ['[[:alpha:]]+\\d{2}', ['ab12'], ['12', 'ab1']],
    ['[^[:digit:]]+', ['ab'], ['a1']],
    ['(?i)abc', ['ABC', 'abc'], []],
    ['(?P<name>x+)y', ['xxy'], ['y']],
    ['(?<name>x)', ['x'], []],
    ['(?:a|b)c', ['ac'], ['c']],
    ['\\Aab\\z', ['ab'], ['abc']],
    ['\\Qa.b\\E.', ['a.bc'], ['axbc']],
    ['\\Qa+', ['a+'], ['aa']],
    ['a{2}', ['aa'], ['a{2}']],
    ['a{', ['a{'], ['a']],
    ['}]', ['}]'], []],
    ['[]a]', [']', 'a'], ['b']],
    ['[a\\-c]', ['-', 'a'], ['b']],
    ['[.]', ['.'], ['a']],
    ['\\pL\\PL', ['a1'], ['1a']],
    ['\\p{Greek}\\p{^Greek}\\p{Lu}', ['αaA'], ['aaA']],
    ['\\x41\\x{42}', ['AB'], []],
    ['a_b', ['a_b'], []],
    ['a(?i)b(?-i)c', ['abc', 'aBc'], ['Abc', 'abC']],
    ['(?i:a[b-d])e', ['abe', 'ABe', 'aCe'], ['abE']],
    ['(?i)\\Qa.\\E\\x42', ['A.b'], ['Axb']],
    ['(?P<1>a)(?P<b>c)', ['ac'], []],
    ['[[:^alpha:]]+', ['1.-'], ['1a']],
    ['\\101\\0?', ['A'], ['1']],
    ['(?U)a+', ['aa'], []],
    ['a\\.b\\-c\\_', ['a.b-c_'], []],
  ])('%s', (source, fits, others) => {
    const pattern = compileTopicRegex(source)
    for (const topic of fits) expect(pattern.test(topic), topic).toBe(true)
    for (const topic of others) expect(pattern.test(topic), topic).toBe(false)
  })

  test.each([
    '(',
    ')',
    '[',
    '[a',
    '*',
    'a**',
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    '(a)\\1',
    '\\k<x>',
    '\\',
    'a{2,1}',
    '[[:what:]]',
    '[b-a]',
    '\\y',
    '\\u0041',
    '\\p{',
    '(?P<a>x)(?P<a>y)',
    'a{1001}',
    '(?)',
    '(?#x)',
  ])('RE2 knows no %s', (source) => void expect(() => compileTopicRegex(source)).toThrow(SyntaxError))
})
