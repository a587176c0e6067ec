import { launchChromium } from './support/chromium.ts'
const base = 'http://127.0.0.1:9471'
const only = process.argv.slice(2)
const shots: [string, string, object, string?][] = [
  ['start-d', '/', { viewport: { width: 1280, height: 900 } }],
  ['start-p', '/', { viewport: { width: 360, height: 640 } }],
  ['start-ar', '/?lang=ar', { viewport: { width: 360, height: 640 } }],
  ['start-dark', '/', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['ind-d', '/indicators/MIG01', { viewport: { width: 1280, height: 900 } }],
  ['ind-p', '/indicators/MIG01', { viewport: { width: 320, height: 640 } }],
  ['indmap-p', '/indicators/MIG01?view=map', { viewport: { width: 360, height: 640 } }],
  ['indtab-d', '/indicators/MIG01?view=table', { viewport: { width: 1280, height: 900 } }],
  ['inds-d', '/indicators', { viewport: { width: 1280, height: 900 } }],
  ['areas-d', '/areas', { viewport: { width: 1280, height: 900 } }],
  ['area-d', '/areas/9901001000', { viewport: { width: 1280, height: 900 } }],
  ['area-p', '/areas/9901001000?lang=fil', { viewport: { width: 360, height: 640 } }],
  ['sheet-p', '/areas/9901001000/sheet', { viewport: { width: 360, height: 640 } }],
  ['sheet-ar', '/areas/9901001000/sheet?lang=ar', { viewport: { width: 800, height: 900 } }],
  ['table-d', '/tables?indicator=MIG01&by=SEX&by=REF_AREA', { viewport: { width: 1280, height: 900 } }],
  ['table-p', '/tables?indicator=MIG01&by=SEX', { viewport: { width: 360, height: 640 } }],
  ['compare-d', '/compare?area=9901001000&area2=9901002000', { viewport: { width: 1280, height: 900 } }],
  ['search-p', '/search?q=abroad', { viewport: { width: 360, height: 640 } }],
  ['releases-d', '/releases', { viewport: { width: 1280, height: 900 } }],
  ['print', '/areas/9901001000/sheet', { viewport: { width: 794, height: 1123 } }, 'print'],
  ['big', '/indicators/MIG01', { viewport: { width: 640, height: 900 }, deviceScaleFactor: 1 }, '200'],
]
const b = await launchChromium()
for (const [name, path, opt, mode] of shots) {
  if (only.length && !only.includes(name)) continue
  const p = await b.newPage(opt as never)
  if (mode === 'print') await p.emulateMedia({ media: 'print' })
  await p.goto(base + path)
  if (mode === '200') await p.addStyleTag({ content: 'html{font-size:200%}' })
  await p.screenshot({ path: `/tmp/pd/shots/${name}.png`, fullPage: true })
  const over = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (over > 0) console.log(name, 'overflow', over)
  await p.close()
}
await b.close()
