/** Faults within the client. */
import type { Fault } from '../world.ts'

export const clientFaults: readonly Fault[] = [
  {
    name: 'core-crashes', // F28, F31
    weight: 5,
    strike({ env, chance }) {
      const step = chance.between(1, 60)
      env.cores.at(-1)?.crashAt(step)
      return `the I/O core crashes when it turns to the world for the ${step}. time`
    },
  },
]
