declare const __TALA_VERSION__: string | undefined

/** Version of this app, written in by the build. */
export const appVersion = typeof __TALA_VERSION__ === 'string' ? __TALA_VERSION__ : 'development'
