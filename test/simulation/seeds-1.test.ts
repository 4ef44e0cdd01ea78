/** One half of the simulated runs. */
import { dealSeeds } from './seeds.ts'

dealSeeds(0, 2)
