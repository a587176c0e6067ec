/** One line per tool that reads the table as it stands on the page. `address` gives CSV; `.dta` and `.sav` files come from the same place. */
export function snippets(address: string): readonly (readonly [tool: string, code: string])[] {
  const as = (format: string) => address.replace('format=csv', `format=${format}`)
  return [
    ['R', `table <- read.csv("${address}", na.strings = "", colClasses = c(OBS_VALUE = "numeric"))`],
    ['Python', `import pandas\ntable = pandas.read_csv("${address}")`],
    ['Stata', `use "${as('dta')}", clear`],
    ['SPSS', `Download ${as('sav')} and open it:\nGET FILE='table.sav'.`],
    [
      'Excel, Power BI (Power Query)',
      `= Table.PromoteHeaders(Csv.Document(Web.Contents("${address}"), [Delimiter=",", Encoding=65001, QuoteStyle=QuoteStyle.Csv]))`,
    ],
  ]
}
