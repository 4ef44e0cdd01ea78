import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { PatternProblem, toRe2 } from '../../../src/main/group/re2-pattern.ts'
import { compileTopicRegex } from '../../../src/main/testing/broker/groups/topic-regex.ts'

const topics = [
  ...['a', 'b', 'ab', 'abc', 'audit-log', 'Audit-Log', 'my-audit-log', 'audit', 'audit-', '-audit', 'events.v1', 'events-v1'],
  ...['events_v1', 'events', 'x1', 'x12', 'x123', 'kK', '__proto__', '0', '9.9', 'a-b.c_d', 'aaaa', 'ABC', 'foo.bar', 'foobar'],
]

describe('C11 a RegExp as RE2', () => {
  test.each<[RegExp, string]>([
    [/^audit-/, '(?:^audit-).*'],
    [/log$/, '.*(?:log$)'],
    [/^a$/, '(?:^a$)'],
    [/a/, '.*(?:a).*'],
    [/^a|b$/, '.*(?:^a|b$).*'],
    [/^(a|b)$/, '(?:^(?:a|b)$)'],
    [/a\$/, '.*(?:a\\$).*'],
    [/a/i, '.*(?i:a).*'],
    [/(?<kind>a|b)-x/u, '.*(?:(?:a|b)-x).*'],
    [/[\w-]+/, '.*(?:[\\w\\-]+).*'],
    [/\u0061\x62\u{63}/u, '.*(?:\\x{61}\\x{62}\\x{63}).*'],
  ])('%s becomes %s', (regexp, re2) => {
    expect(toRe2(regexp)).toBe(re2)
  })

  // what tools would write otherwise
  const odd = ['\\-', '\\_', '^[]$', '^[^]$', '[\\-]', '[\\_]'].map((source) => new RegExp(source))

  test.each([
    ...odd,
    ...[/^audit-/, /audit/, /AUDIT/i, /log$/, /^(audit|events)[-.]/, /^a|1$/, /(?:)/, /./, /^.$/, /^..?$/, /x\d{2}/, /x\d{2,}$/],
    ...[/x\d{1,2}?$/, /^[a-c]+$/, /^[^a-c]+$/, /[\w-]\.[^\W_]/, /[.\-_]/, /[a-]/, /[-a]/, /[_-]/, /[\d-z]/],
    ...[/\./, /\//, /\u0061udit/, /\x61udit/, /\u{61}udit/u, /\cJ|a$/, /\bv1\b/, /\Bv1/, /[\b]|a/, /a{2}{|a}/],
    ...[
      /]|}/,
      /{|a$/,
      /^(?<x>a)b/,
      /^(?:a|b)+$/,
      /a+?b/,
      /^\p{Lu}/u,
      /\P{L}/u,
      /^\p{Script=Latin}+$/u,
      /^(?i:AUDIT)-l/,
      /\0|^a$/,
    ],
    ...[/^[[:alpha:]]/, /aaa/, /zb|^\b/, /k/iu, /[K-k]/i, /[\]\\^]|b/, /[a^]/, /\s|\S\S\S\S\S\S/, /^\D+$/, /($|a)b?$/],
    ...[/^a$|^b$/, /(^a)/, /a$|b/, /^^a$$/],
  ])('chooses the same topics as %s, and brokers can read it', (regexp) => {
    const re2 = compileTopicRegex(toRe2(regexp))
    expect(topics.filter((topic) => re2.test(topic))).toEqual(topics.filter((topic) => regexp.test(topic)))
  })

  test.each<[RegExp, string]>([
    [/a(?=b)/, 'looks ahead with (?='],
    [/a(?!b)/, 'looks ahead with (?!'],
    [/(?<=a)b/, 'looks behind with (?<='],
    [/(?<!a)b/, 'looks behind with (?<!'],
    [/(a)\1/, 'refers back to a group with \\1'],
    [/(?<x>a)\k<x>/, 'refers back to a group with \\k'],
    [new RegExp(String('a\\12')), 'octal'],
    [/a/g, 'has the flag g: leave it out'],
    [/a/y, 'has the flag y'],
    [/a/m, 'has the flag m'],
    [new RegExp('a', String('v')), 'has the flag v'],
    [/a{1001}/, 'more than 1000 times with {1001}'],
    [/a{2,1001}/, 'more than 1000 times'],
    [/\p{Emoji}/u, 'has the property \\p{Emoji}'],
  ])('refuses %s and says why', (regexp, why) => {
    expect(() => toRe2(regexp)).toThrow(PatternProblem)
    expect(() => toRe2(regexp)).toThrow(why)
  })

  const atom = fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'A',
      '1',
      '-',
      '_',
      '\\.',
      '.',
      '\\d',
      '\\w',
      '\\D',
      '\\W',
      '[ab]',
      '[^a]',
      '[a-z]',
      '[\\w.-]',
      '[-_1]',
    ),
    fc.constantFrom('\\x61', '\\u0062', '{', '}', ']', '\\-', '\\b', '\\B', '^', '$', '[a-c-]', '[\\d-x]', 'audit', 'events'),
  )
  const pattern = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([one, other]) => one + other),
      fc.tuple(tie('node'), tie('node')).map(([one, other]) => `(${one}|${other})`),
      fc.tuple(tie('node'), tie('node')).map(([one, other]) => `${one}|${other}`),
      fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '+?', '{2}', '{0,3}')).map(([one, often]) => `(?:${one})${often}`),
    ),
  })).node

  property.prop([pattern, fc.constantFrom('', 'i', 's')], { numRuns: 1_000 })(
    'any that can be said in both chooses the same topics',
    (source, flags) => {
      const regexp = new RegExp(source, flags)
      const re2 = compileTopicRegex(toRe2(regexp))
      expect(topics.filter((topic) => re2.test(topic))).toEqual(topics.filter((topic) => regexp.test(topic)))
    },
  )
})
