import { Secret, TOTP } from 'otpauth'
import type { Actor } from '../../aggregator/accounts/role.ts'
import type { TestOffice } from './test-office.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  /** Every header, a line each. */
  readonly head: string
  readonly location: string | null
}

/** Somebody with a browser that keeps cookies and follows nothing by itself. */
export interface Visitor {
  get(path: string): Promise<Answer>
  post(path: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Answer>
}

export function visitor(url: string): Visitor {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, url), {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie },
    })
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      status: response.status,
      text: await response.text(),
      head: [...response.headers].map((each) => each.join(': ')).join('\n'),
      location: response.headers.get('location'),
    }
  }
  return {
    get: (path) => send(path, {}),
    post(path, fields) {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each)
      return send(path, { method: 'POST', body })
    },
  }
}

/** A visitor who is signed in with these roles, by the doors that people use. */
export async function visitAs(
  house: TestOffice,
  { login, roles, areas = [] }: Omit<Actor, 'areas'> & { readonly areas?: readonly string[] },
): Promise<Visitor> {
  const passphrase = 'mango river lantern stone'
  const { people } = house.office
  const code = await people.invite({ login, roles, areas })
  const { totpSecret } = await people.welcome(code)
  const { recovery } = await people.join(code, { passphrase, totp: new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate() })
  const someone = visitor(house.url)
  // The digits of this half minute were spent on joining.
  await someone.post('/office/sign-in', { login, passphrase, code: recovery[0] ?? '' })
  return someone
}
