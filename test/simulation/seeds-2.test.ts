/** The other half of the simulated runs. */
import { dealSeeds } from './seeds.ts'

dealSeeds(1, 2)
