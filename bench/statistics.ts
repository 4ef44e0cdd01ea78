/** Medians and spreads. */

export interface Spread {
  median: number
  min: number
  max: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/**
 * How many times `ours` is `theirs`, round by round: what disturbs a round disturbs both. Rounds that one of them lacks do not
 * count.
 */
export function ratios(ours: readonly (number | undefined)[], theirs: readonly (number | undefined)[] = []): number[] {
  return ours.flatMap((our, round) => {
    const their = theirs[round]
    return our === undefined || !their ? [] : [our / their]
  })
}

/** The spread of {@link ratios}; undefined when there is none. */
export function ratio(ours: readonly (number | undefined)[], theirs: readonly (number | undefined)[]): Spread | undefined {
  const all = ratios(ours, theirs)
  return all.length === 0 ? undefined : spread(all)
}
