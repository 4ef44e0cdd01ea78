/** Every kind of trouble. A new one is an entry in one of the lists. */
import type { Fault } from '../world.ts'
import { clientFaults } from './client.ts'
import { clusterFaults } from './cluster.ts'
import { hintFaults } from './hints.ts'
import { metadataFaults } from './metadata.ts'
import { networkFaults } from './network.ts'
import { requestFaults } from './requests.ts'
import { responseFaults } from './responses.ts'

export const faults: readonly Fault[] = [
  ...clientFaults,
  ...networkFaults,
  ...clusterFaults,
  ...requestFaults,
  ...responseFaults,
  ...metadataFaults,
  ...hintFaults,
]
