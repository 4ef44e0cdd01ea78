/** By how much a figure must differ before a comparison calls it another, as the options of a command line. */
import { positive } from './arguments.ts'
import type { Thresholds } from './report/judge.ts'

/** In percent. Small parts vary more from process to process. */
const MACRO = 10
const MICRO = 25

export const thresholdOptions = { threshold: { type: 'string' }, 'micro-threshold': { type: 'string' } } as const

export const thresholdUsage = `\
  --threshold <percent>        what a figure of a scenario must differ by; default ${MACRO}
  --micro-threshold <percent>  the same of a part; default ${MICRO}
`

export function thresholdsOf(values: { threshold?: string; 'micro-threshold'?: string }): Thresholds {
  return {
    macro: (positive('--threshold', values.threshold) ?? MACRO) / 100,
    micro: (positive('--micro-threshold', values['micro-threshold']) ?? MICRO) / 100,
  }
}
