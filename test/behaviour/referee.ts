/** Whether Apache's own Java tools can judge here: owns what is said when they cannot. */
import { findJava } from '../kafka/java.ts'
import { kafkaLibs } from '../kafka/libs.ts'

async function whyNoJava(): Promise<string> {
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
if (noReferee) process.stderr.write(`REFEREES ARE SKIPPED: ${noReferee}\n`)
