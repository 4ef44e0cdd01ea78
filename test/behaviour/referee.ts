/** Whether Apache's own Java tools can judge here: owns what is said when they cannot. */
import { findJava } from '../kafka/java.ts'
import { kafkaLibs } from '../kafka/libs.ts'
import { QUICK } from '../support/quick.ts'

async function whyNoJava(): Promise<string> {
  if (QUICK) return 'a quick run has no time for them'
  try {
    findJava()
    await kafkaLibs(() => {})
    return ''
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    return (error as Error).message
  }
}

/** Why there is no referee; empty when there is one. */
export const noReferee = await whyNoJava()
if (noReferee && !QUICK) process.stderr.write(`REFEREES ARE SKIPPED: ${noReferee}\n`)
