import { findChromium } from './chromium.ts'
import { buildCollectorWhenStale } from './collector-build.ts'

/** Before any test: a Chromium to test with, and the collector built from what is in the tree. */
export default function setup(): void {
  process.stderr.write(`Browser tests use ${findChromium()}\n`)
  buildCollectorWhenStale()
}
