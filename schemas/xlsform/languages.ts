import type { Language } from '../questionnaire.ts'

// A language's name in itself. Not from Intl: its data differ between versions of Node, and the compiled form must not.
const ownNames: Readonly<Record<string, string>> = {
  am: 'አማርኛ',
  ar: 'العربية',
  bn: 'বাংলা',
  ceb: 'Cebuano',
  ckb: 'کوردیی ناوەندی',
  de: 'Deutsch',
  dz: 'རྫོང་ཁ',
  en: 'English',
  es: 'Español',
  fa: 'فارسی',
  fil: 'Filipino',
  fr: 'Français',
  hi: 'हिन्दी',
  id: 'Bahasa Indonesia',
  ilo: 'Ilokano',
  km: 'ខ្មែរ',
  ku: 'Kurdî',
  lo: 'ລາວ',
  ms: 'Bahasa Melayu',
  my: 'မြန်မာ',
  ne: 'नेपाली',
  om: 'Afaan Oromoo',
  prs: 'دری',
  ps: 'پښتو',
  pt: 'Português',
  rhg: 'Ruáingga',
  ru: 'Русский',
  si: 'සිංහල',
  so: 'Soomaali',
  sw: 'Kiswahili',
  ta: 'தமிழ்',
  th: 'ไทย',
  ti: 'ትግርኛ',
  tl: 'Tagalog',
  tr: 'Türkçe',
  uk: 'Українська',
  ur: 'اردو',
  vi: 'Tiếng Việt',
  zh: '中文',
}

const codesByName: Readonly<Record<string, string>> = {
  amharic: 'am',
  arabic: 'ar',
  bahasa: 'id',
  bangla: 'bn',
  bengali: 'bn',
  burmese: 'my',
  cebuano: 'ceb',
  dari: 'prs',
  english: 'en',
  farsi: 'fa',
  filipino: 'fil',
  french: 'fr',
  francais: 'fr',
  français: 'fr',
  german: 'de',
  hindi: 'hi',
  indonesian: 'id',
  khmer: 'km',
  malay: 'ms',
  nepali: 'ne',
  pashto: 'ps',
  persian: 'fa',
  portuguese: 'pt',
  rohingya: 'rhg',
  russian: 'ru',
  sinhala: 'si',
  somali: 'so',
  spanish: 'es',
  español: 'es',
  espanol: 'es',
  swahili: 'sw',
  tagalog: 'tl',
  tamil: 'ta',
  thai: 'th',
  tigrinya: 'ti',
  turkish: 'tr',
  ukrainian: 'uk',
  urdu: 'ur',
  vietnamese: 'vi',
}

const rightToLeft = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ks', 'prs', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** The BCP 47 code in a header's language, `Filipino (fil)` -> fil, or by a known name; undefined when it tells neither. */
export function languageCode(written: string): string | undefined {
  const inBrackets = /\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)\s*$/.exec(written)?.[1]
  if (inBrackets !== undefined) return tag(inBrackets)
  const name = written.trim().toLowerCase()
  const byOwnName = Object.entries(ownNames).find(([, own]) => own.toLowerCase() === name)?.[0]
  return codesByName[name] ?? byOwnName ?? (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(name) ? tag(name) : undefined)
}

function tag(code: string): string {
  const [language = '', ...rest] = code.split('-')
  return [language.toLowerCase(), ...rest].join('-')
}

/** A language of the form: its name in itself, or as its author wrote it; its direction; whether its texts await review. */
export function languageOf(code: string, written: string, draft: boolean): Language {
  const base = code.split('-')[0] ?? code
  const name = ownNames[code] ?? ownNames[base] ?? (written.replace(/\s*\([^)]*\)\s*$/, '') || code)
  return { code, name, direction: rightToLeft.has(base) ? 'rtl' : 'ltr', draft }
}
