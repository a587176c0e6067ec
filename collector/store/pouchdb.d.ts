// The plugin comes without types of their own.
declare module 'pouchdb-adapter-idb' {
  const plugin: PouchDB.Plugin
  export default plugin
}
declare module 'pouchdb-adapter-utils/lib/index.es.js' {
  export const isLocalId: unknown
  export const parseDoc: unknown
  export const processDocs: unknown
}
