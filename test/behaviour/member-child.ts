/**
 * Run as a process of its own: a member that says `joined`, does what the lines on its input say (`block <file>`, `report`, `end`), and
 * reports what happened to it.
 */
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { TestMember, type TestMemberOptions } from '../support/test-member.ts'

const member = new TestMember(JSON.parse(process.argv[2]!) as TestMemberOptions)
const say = (what: string) => process.stdout.write(`${what}\n`)

function report() {
  const { memberId, memberEpoch } = member.member
  const happened = member.happened.map((happening) =>
    'error' in happening ? { ...happening, error: { code: happening.error.code, message: happening.error.message } } : happening,
  )
  return { memberId, memberEpoch, partitions: member.partitions, happened, said: member.said, news: member.news }
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [what, file] = line.split(' ')
  if (what === 'block') {
    // not even timers run, until the file is there
    const never = new Int32Array(new SharedArrayBuffer(4))
    while (!existsSync(file!)) Atomics.wait(never, 0, 0, 20)
    say('awake')
  }
  if (what === 'report') say(JSON.stringify(report()))
  if (what === 'end') {
    member.release()
    await member.stop()
    process.stdin.destroy()
  }
})

await member.start()
say('joined')
