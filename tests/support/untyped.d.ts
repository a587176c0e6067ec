declare module 'jsonstat-toolkit' {
  const JSONstat: (source: unknown) => unknown
  export default JSONstat
}

declare module 'sdmx-rest' {
  export function getDataQuery(options: object): unknown
  export function getDataQuery2(options: object): unknown
  export function getService(options: object): unknown
  export function getUrl(query: unknown, service: unknown): string
}

declare module 'sdmx-json-parser' {
  export class SDMXParser {
    getDatasets(url: string): Promise<unknown>
    getData(): { readonly value: number | null; readonly REF_AREA: string; readonly SEX: string }[]
  }
}

declare module 'pouchdb-adapter-http' {
  const plugin: PouchDB.Plugin
  export default plugin
}
declare module 'pouchdb-replication' {
  const plugin: PouchDB.Plugin
  export default plugin
}
declare module 'pouchdb-adapter-memory' {
  const plugin: PouchDB.Plugin
  export default plugin
}
