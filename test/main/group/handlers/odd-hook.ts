/** A module whose setup is no function. */
export const setup = 'ready'

export function handleRecordBatch(): void {}
