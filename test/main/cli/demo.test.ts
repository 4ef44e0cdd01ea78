/** E3: the demo runs, and its verdict is one that can go against it. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clock, fillRecord, RECORD_BYTES } from '../../../src/main/cli/demo/content.ts'
import { handleRecordBatch } from '../../../src/main/cli/demo/handler.ts'
import { REPORTS, type Report } from '../../../src/main/cli/demo/report.ts'
import { Verdict } from '../../../src/main/cli/demo/verdict.ts'
import type { ConsumedRecord } from '../../../src/main/index.ts'

const PARTITION = 3
const demo = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../../src/main/cli/demo.ts'), ...args])

function recordOf(sequence: number, damage?: (value: Buffer) => void): ConsumedRecord {
  const value = Buffer.alloc(RECORD_BYTES)
  fillRecord(value, PARTITION, sequence, clock() - 5)
  damage?.(value)
  return { value } as ConsumedRecord
}

/** What the handler says of these records. */
async function reportOf(records: ConsumedRecord[]): Promise<Report> {
  const reports = new BroadcastChannel(REPORTS)
  const told = once(reports, 'message') as Promise<[{ data: Report }]>
  handleRecordBatch('demo', PARTITION, records)
  const [{ data }] = await told
  reports.close()
  return data
}

/** The verdict on batches of these sequences, of `sent` records. */
async function verdictOn(sent: number, ...batches: ConsumedRecord[][]): Promise<Verdict> {
  const verdict = new Verdict(PARTITION + 1)
  verdict.sent[PARTITION] = sent
  for (const batch of batches) verdict.judge(PARTITION, (await reportOf(batch)).run)
  return verdict
}

const sequences = (...numbers: number[]): ConsumedRecord[] => numbers.map((number) => recordOf(number))

describe('E3: the demo', () => {
  it('runs on the embedded broker, and ends with 0 when all is well', { timeout: 120_000 }, async () => {
    const { stdout } = await demo('--seconds', '2')
    expect(stdout).toMatch(/ \d s {3}sent [\d,]+\/s {3}handled [\d,]+\/s {3}lag [\d,]+ .* MB\n/)
    const [, sent, checked] = stdout.match(/\n([\d,]+) records sent, ([\d,]+) checked by 2 threads \(/)!
    expect(checked).toBe(sent)
    expect(stdout).toContain('✓ every record was handled exactly once, in order, every byte as sent')
  })

  it('ends with 2 for arguments that make no sense', { timeout: 60_000 }, async () => {
    await expect(demo('--seconds', 'all')).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/--seconds must be/) })
  })

  it('finds nothing wrong with records that come once and in order, whatever the batches', async () => {
    expect(await verdictOn(5, sequences(0, 1, 2), sequences(3), sequences(4))).toMatchObject({ perfect: true, checked: 5 })
    const { latencies } = await reportOf(sequences(0, 1, 64))
    expect(latencies).toHaveLength(2)
    for (const latency of latencies) expect(latency).toBeGreaterThanOrEqual(5)
  })

  it.each([
    ['a batch that comes twice', 4, [sequences(0, 1), sequences(0, 1), sequences(2, 3)], '2 repeated or out of order'],
    ['a batch that overlaps', 4, [sequences(0, 1, 2), sequences(2, 3)], '1 repeated or out of order'],
    ['a record twice in a batch', 3, [sequences(0, 1, 1, 2)], '1 repeated or out of order'],
    ['two that changed places', 3, [sequences(1, 0, 2)], '1 repeated or out of order, 1 passed over'],
    ['one that is missing in a batch', 4, [sequences(0, 1, 3)], '1 passed over'],
    ['a batch that is missing', 6, [sequences(0, 1), sequences(4, 5)], '2 passed over'],
    ['a byte that changed', 2, [[recordOf(0), recordOf(1, (value) => (value[99]! ^= 1))]], '1 damaged'],
    ['a batch without a whole record', 1, [[recordOf(0, (value) => value.fill(0, 20))]], '1 damaged'],
  ])('sees %s', async (_what, sent, batches, complaints) => {
    const verdict = await verdictOn(sent, ...batches)
    expect(verdict.complaints).toBe(complaints)
    expect(verdict.perfect).toBe(false)
  })

  it('sees what never came', async () => {
    expect(await verdictOn(3, sequences(0, 1))).toMatchObject({ behind: 1, perfect: false, complaints: '' })
  })
})
