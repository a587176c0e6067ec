import { fileURLToPath } from 'node:url'

const ours = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/**
 * PouchDB without what no phone of ours uses: attachments, views and selectors as filters, names for revisions, a second JSON parser, all of Node's
 * emitter. Databases and revisions are PouchDB's own.
 */
export const pouchdbAliases = [
  { find: /^events$/, replacement: ours('events.ts') },
  { find: /^pouchdb-adapter-utils$/, replacement: ours('adapter-utils.ts') },
  { find: /^pouchdb-changes-filter$/, replacement: ours('changes-filter.ts') },
  { find: /^pouchdb-json$/, replacement: ours('json.ts') },
  { find: /^pouchdb-md5$/, replacement: ours('md5.ts') },
  { find: /^uuid$/, replacement: ours('uuid.ts') },
]
