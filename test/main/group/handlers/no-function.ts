/** A module that has everything but the function that counts. */
export function handleRecords(): void {}
