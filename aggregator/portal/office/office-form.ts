import express, { type Request, type RequestHandler } from 'express'
import { ProblemError } from '../../problem.ts'

/** Reads the body of a form of the office. */
export const officeForm: RequestHandler = express.urlencoded({ extended: false, limit: '8kb' })

/** @throws ProblemError `invalid-request` when the field is empty or absurdly long. */
export function field(request: Request, name: string): string {
  const value = fields(request, name)[0]
  if (value === undefined) throw new ProblemError('invalid-request', `Fill in ${name}.`)
  return value
}

/** All values of a field that may come several times or not at all. */
export function fields(request: Request, name: string): readonly string[] {
  const value: unknown = (request.body as Record<string, unknown> | undefined)?.[name]
  const values = (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string' && each.trim() !== '')
  if (values.some((each) => each.length > 500)) throw new ProblemError('invalid-request', `Shorten ${name}.`)
  return values.map((each) => each.trim())
}

export function cookieOf(request: Request, name: string): string | undefined {
  return new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]+)`).exec(request.get('cookie') ?? '')?.[1]
}

/** A form of another site cannot press our buttons: browsers say where a post comes from. */
export const sameOrigin: RequestHandler = (request, _response, next) => {
  const origin = request.get('origin')
  const from = request.get('sec-fetch-site')
  const foreign =
    (from !== undefined && from !== 'same-origin' && from !== 'none') ||
    (from === undefined && origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.get('host')))
  if (request.method === 'POST' && foreign) throw new ProblemError('forbidden', 'This form was sent from another site.')
  next()
}
