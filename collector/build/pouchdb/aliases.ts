import { fileURLToPath } from 'node:url'

const ours = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/**
 * PouchDB without what no phone of ours uses, 7 kB gz: attachments, views and selectors as filters, a second JSON parser, a large MD5.
 * Databases, revisions and replication are PouchDB's own.
 */
export const pouchdbAliases = [
  // PouchDB is written for bundlers that give Node's `events`.
  { find: /^events$/, replacement: fileURLToPath(import.meta.resolve('events/events.js')) },
  { find: /^pouchdb-adapter-utils$/, replacement: ours('adapter-utils.ts') },
  { find: /^pouchdb-changes-filter$/, replacement: ours('changes-filter.ts') },
  { find: /^pouchdb-collate$/, replacement: ours('collate.ts') },
  { find: /^pouchdb-json$/, replacement: ours('json.ts') },
  { find: /^pouchdb-md5$/, replacement: ours('md5.ts') },
  { find: /^uuid$/, replacement: ours('uuid.ts') },
]
