/** Callers that wait for each of their records. `node bench/awaited.ts --help` */
import { main } from './command.ts'

await main(['awaited'])
