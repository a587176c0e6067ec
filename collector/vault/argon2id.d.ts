declare module 'argon2id/dist/simd.wasm?url' {
  const address: string
  export default address
}
/** The part of the package below its loader for bundlers. */
declare module 'argon2id/lib/argon2id.js' {
  export default function argon2id(
    params: {
      readonly password: Uint8Array
      readonly salt: Uint8Array
      readonly passes: number
      /** KiB */
      readonly memorySize: number
      readonly parallelism: number
      /** bytes */
      readonly tagLength: number
    },
    code: { readonly instance: WebAssembly.Instance; readonly memory: WebAssembly.Memory },
  ): Uint8Array
}
