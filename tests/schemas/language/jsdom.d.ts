declare module 'jsdom' {
  /** The little of jsdom that the oracle needs. */
  export class JSDOM {
    constructor(html: string)
    readonly window: Window & typeof globalThis
  }
}
