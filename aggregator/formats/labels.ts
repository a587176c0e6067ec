import dimensions from '../../schemas/codelists/dimensions.json' with { type: 'json' }
import type { Texts } from '../../schemas/questionnaire.ts'

/** Names of dimensions and codes in one language; English where a translation is missing. */
export interface Labels {
  dimension(id: string): string
  code(dimension: string, code: string): string
}

interface NamedDimension {
  readonly label: Texts
  readonly codes: Readonly<Record<string, Texts>>
}

const known: Readonly<Record<string, NamedDimension>> = dimensions

/**
 * @param areas names of the round's areas by code
 * @param lists choice labels of a distribution by dimension id (the question) and code
 */
export function createLabels(
  language: string,
  areas: Readonly<Record<string, string>>,
  lists: Readonly<Record<string, NamedDimension>> = {},
): Labels {
  const inLanguage = (texts: Texts | undefined) => texts?.[language] ?? texts?.en
  return {
    dimension: (id) => inLanguage(known[id]?.label ?? lists[id]?.label) ?? id,
    code(id, code) {
      const label = inLanguage(known[id]?.codes[code] ?? lists[id]?.codes[code])
      if (label) return label
      if (id === 'REF_AREA') return areas[code] ?? code
      if (id === 'AGE') return ageLabel(code)
      return code
    },
  }
}

/** Y15T24 -> 15–24, Y_GE65 -> 65+, Y_LT15 -> 0–14 (SDMX CL_AGE is a pattern and not a list). */
function ageLabel(code: string): string {
  const range = /^Y(\d+)T(\d+)$/.exec(code)
  if (range) return `${range[1]}–${range[2]}`
  const open = /^Y_GE(\d+)$/.exec(code)
  if (open) return `${open[1]}+`
  const below = /^Y_LT(\d+)$/.exec(code)
  return below ? `0–${Number(below[1]) - 1}` : code
}
