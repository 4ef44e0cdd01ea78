/** Real work for a handler, the same for every client: some 200 µs a record on the machine of docs/benchmarks.md, whatever the clock says. */

/** Of a nanosecond each. */
const STEPS = 180_000

/** Hashes the value over and over (FNV-1a). */
export function work(value: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let step = 0, at = 0; step < STEPS; step++) {
    hash = Math.imul(hash ^ value[at]!, 0x01000193)
    if (++at === value.length) at = 0
  }
  return hash >>> 0
}
