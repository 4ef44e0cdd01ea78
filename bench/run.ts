/** All benchmarks against other clients. `npm run bench`, in a hurry `npm run bench -- --quick` */
import { main } from './command.ts'
import { groups } from './scenarios.ts'

await main(groups)
