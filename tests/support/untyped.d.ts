declare module 'jsonstat-toolkit' {
  const JSONstat: (source: unknown) => unknown
  export default JSONstat
}
