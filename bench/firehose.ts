/** Produces as fast as each client can. `node bench/firehose.ts --help` */
import { main } from './command.ts'

await main(['firehose'])
