/** An expression that cannot be understood. `position` counts characters from 0 in the source; `message` says what to write instead. */
export class ExpressionError extends Error {
  override name = 'ExpressionError'
  constructor(
    override readonly message: string,
    readonly position: number,
  ) {
    super(message)
  }
}
