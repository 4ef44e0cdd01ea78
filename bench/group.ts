/** Consumes in a group, with and without work for a processor. `node bench/group.ts --help` */
import { main } from './command.ts'

await main(['group', 'cpu'])
