function refuse(): never {
  throw new TypeError('This PouchDB names no revisions: every document comes with its own.')
}

/** PouchDB names revisions by MD5; a sealed record brings its revision, half of its own SHA-256. */
export const stringMd5 = refuse
export const binaryMd5 = refuse
