/** All benchmarks: parts, then scenarios with other clients. `npm run bench`, in a hurry `npm run bench -- --quick` */
import { main } from './command.ts'

await main()
