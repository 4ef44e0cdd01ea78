/**
 * Copying between ordinary and shared memory. `target.set(…)` moves shared memory under relaxed atomics: some 350 ns a
 * kilobyte, where the plain copy beneath `Buffer#copy` takes 70.
 */

/** Up to this many bytes a loop beats the call into native code (`bench/micro/record-batch.ts`). */
const LOOP_BYTES = 32

const nativeCopy: (this: Uint8Array, target: Uint8Array, at: number, start: number, end: number) => number = Buffer.prototype.copy

/** Copies `source[start, end)` to `at` in `target`, which must have room; returns the position after it. Allocates nothing. */
export function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start <= LOOP_BYTES) {
    for (let from = start, to = at; from < end; from++, to++) target[to] = source[from]!
    return at + end - start
  }
  // Asked for a whole source, Buffer#copy falls back to `set`; so it is never asked for the first byte.
  target[at] = source[start]!
  nativeCopy.call(source, target, at + 1, start + 1, end)
  return at + end - start
}
