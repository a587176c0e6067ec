// Asks for tables at fixed times, whatever the answers take, and tells how long after its time each answer was there: what waits in a queue is
// counted too. A process of its own, so that its work is not the server's. Arguments: port, requests a second, requests, paths as JSON.
import { Agent, get } from 'node:http'

const [port = '', perSecond = '', requests = '', paths = '[]'] = process.argv.slice(2)
const asked = JSON.parse(paths) as readonly string[]
const agent = new Agent({ keepAlive: true, maxSockets: 32 })

const ask = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: Number(port), path, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} gave ${response.statusCode ?? ''}.`))
      response.on('end', resolve).on('error', reject).resume()
    }).on('error', reject)
  })

for (const path of asked) await ask(path)
const started = performance.now()
const taken: Promise<readonly [path: string, ms: number]>[] = []
for (let request = 0; request < Number(requests); request++) {
  const due = started + (request * 1000) / Number(perSecond)
  while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 0))
  const path = asked[request % asked.length] ?? '/'
  taken.push(ask(path).then(() => [path, performance.now() - due] as const))
}
process.stdout.write(JSON.stringify(await Promise.all(taken)))
agent.destroy()
