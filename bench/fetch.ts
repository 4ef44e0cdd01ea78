/** Reads back what was stored, touching every record's value. `node bench/fetch.ts --help` */
import { main } from './command.ts'

await main(['fetch'])
