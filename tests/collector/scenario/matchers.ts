import { expect } from 'vitest'
import type { Scenario } from './interviewer.ts'

interface ScenarioMatchers<R = unknown> {
  /** The interview asks this question now. */
  toAsk(question: string): Promise<R>
}

declare module 'vitest' {
  // biome-ignore lint: the name and shape are vitest's.
  interface Matchers<T> extends ScenarioMatchers<T> {}
}

expect.extend({
  async toAsk(interview: Scenario, question: string) {
    const asked = await interview.interviewer.asked()
    return { pass: asked === question, message: () => `it asks "${asked}", not "${question}"` }
  },
})
