/** A module whose functions are methods of its default export. */
class Handler {
  #handled = 0

  handleRecordBatch(): { skip: string } {
    return { skip: `number ${++this.#handled}` }
  }
}

export default new Handler()
