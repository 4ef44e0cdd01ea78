/** A module that fails when it is loaded. */
throw new Error('the table is missing')
