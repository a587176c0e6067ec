import { renderUnicodeCompact } from 'uqr'

/** The code stands behind the #, so that it never reaches a log of a server or proxy. */
export function enrolmentLink(publicUrl: string, code: string): string {
  return `${publicUrl}/collector/#enrol=${code}`
}

/** The link as a QR code made of characters, for a terminal. */
export function enrolmentQr(link: string): string {
  return renderUnicodeCompact(link, { border: 2 })
}
