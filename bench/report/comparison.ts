/** A comparison of two files of results in words: what was judged by what, figure by figure, and what it comes to. */

import type { Results } from '../results.ts'
import type { Spread } from '../statistics.ts'
import { fraction, table } from './format.ts'
import { type Finding, judge, type Thresholds } from './judge.ts'

export interface Comparison {
  text: string
  /** 0 when nothing is clearly worse, 1 when something is, 2 when nothing could be judged. */
  exitCode: 0 | 1 | 2
}

export function comparison(old: Results, now: Results, thresholds: Thresholds): Comparison {
  const findings = judge(old, now, thresholds)
  const micro = new Set(now.micro.map(({ id }) => id))
  const parts = findings.filter(({ id }) => micro.has(id))
  const scenarios = findings.filter(({ id }) => !micro.has(id))
  const worse = findings.filter(({ verdict }) => verdict === 'worse')
  const judged = findings.filter(({ verdict }) => verdict !== 'not judged')
  const text = [
    `Old: ${about(old)}\nNew: ${about(now)}\n\n${explanation(thresholds)}\n`,
    scenarios.length > 0 ? `\n### Scenarios\n\n${rows(scenarios)}` : '',
    parts.length > 0 ? `\n### Parts\n\n${partsText(parts)}` : '',
    `\n${summary(judged.length, worse, findings)}\n`,
  ].join('')
  return { text, exitCode: judged.length === 0 ? 2 : worse.length > 0 ? 1 : 0 }
}

function about({ started, versions, machine, settings, complete }: Results): string {
  const { odradek, commit, node, kafka } = versions
  const built = settings.odradek === 'dist' ? 'as built' : 'from its sources'
  return (
    `${started.slice(0, 16).replace('T', ' ')} UTC, odradek ${odradek}${commit ? ` (${commit})` : ''} ${built}, Node ${node}, ${kafka}, ` +
    `${machine.processors} processors (${machine.model})${complete ? '' : ', stopped early'}`
  )
}

const percent = (share: number) => `${Math.round(share * 100)} %`

function explanation({ macro, micro }: Thresholds): string {
  return (
    'What is judged is how many times the reference of the same round odradek is (peak memory: the figure itself). Another: the ' +
    `medians differ by more than ${percent(macro)} (parts: ${percent(micro)}) and the ranges of the rounds do not touch.`
  )
}

/** Parts are many: only what changed is listed. */
function partsText(parts: readonly Finding[]): string {
  const same = parts.filter(({ verdict }) => verdict === 'same').length
  const others = parts.filter(({ verdict }) => verdict !== 'same')
  return `${others.length > 0 ? `${rows(others)}\n` : ''}${same} of ${parts.length} as before.\n`
}

function rows(findings: readonly Finding[]): string {
  return table(
    ['', 'figure', 'old', 'new', 'new/old', 'reference', 'against it', 'verdict'],
    findings.map(({ id, figure, old, now, reference, change, verdict, reason }) => [
      id,
      figure,
      range(old),
      range(now),
      `${fraction(now.median / old.median)} ×`,
      reference ?? '',
      change === undefined ? '' : `${fraction(change)} ×`,
      verdict === 'worse' ? '**worse**' : reason ? `${verdict}: ${reason}` : verdict,
    ]),
  )
}

function range({ median, min, max }: Spread): string {
  return min === max ? fraction(median) : `${fraction(median)} (${fraction(min)}–${fraction(max)})`
}

function summary(judged: number, worse: readonly Finding[], all: readonly Finding[]): string {
  if (all.length === 0) return 'Nothing to compare: the files have no scenario and no part in common.'
  const left = all.length - judged
  const rest = left > 0 ? ` ${left} not judged.` : ''
  if (judged === 0) return `Nothing could be judged: ${[...new Set(all.map(({ reason }) => reason))].join('; ')}.`
  if (worse.length === 0) return `Nothing is clearly worse, of ${judged} figures.${rest}`
  return `Clearly worse: ${worse.map(({ id, figure }) => `${id} (${figure})`).join(', ')}.${rest}`
}
