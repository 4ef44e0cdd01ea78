/** IX1: what a user's callback or listener throws must not end the process, nor keep others from hearing. It becomes a warning. */

/** Calls back; what that throws is warned of. `where` names what the callback was given to. */
export function guarded(where: string, callback: () => void): void {
  try {
    callback()
  } catch (thrown) {
    warnOf(where, thrown)
  }
}

export function warnOf(where: string, thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : String(thrown), {
    type: 'OdradekCallback',
    detail: `A callback given to ${where} threw.`,
  })
}
