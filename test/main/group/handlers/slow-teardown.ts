/** A module that is in no hurry to end. */
export function handleRecordBatch(): Promise<void> {
  return new Promise(() => {})
}

export function teardown(): Promise<void> {
  return new Promise(() => {})
}
