export { isLocalId, parseDoc, processDocs } from 'pouchdb-adapter-utils/lib/index.es.js'

/** Asked at every opening by storing a picture; without attachments the answer does not matter. */
export async function checkBlobSupport(): Promise<boolean> {
  return true
}

/** @throws TypeError for a document with attachments: pictures lie outside PouchDB. */
export function preprocessAttachments(documents: readonly { readonly data?: object }[], _type: string, done: () => void): void {
  if (documents.some(({ data }) => data && '_attachments' in data)) throw new TypeError('This PouchDB is built without attachments.')
  done()
}
