/** Chance from a seed: the same numbers in every run. Knows not what they are for. */

/** Numbers in [0, 1), in an order that the seed decides (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = Math.imul(seed | 0, 0x9e3779b1) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
