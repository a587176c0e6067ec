# k, l, uniques and individual risk of two frequency tables that come with R, by R's own table() and tapply(): an oracle for risk.ts.
# Rscript risk-figures.R > risk-figures.json
suppressWarnings(risk <- function(f, F) {
  p <- f / F
  ifelse(F <= f, 1 / f, ifelse(f == 1, p / (1 - p) * log(1 / p), ifelse(f == 2, p / (1 - p) - (p / (1 - p))^2 * log(1 / p), p / (f - (1 - p)))))
})
figures <- function(name, counts, sensitive, sample) {
  cells <- as.data.frame(counts)
  cells <- cells[cells$Freq > 0, ]
  records <- cells[rep(seq_len(nrow(cells)), cells$Freq), names(cells) != "Freq"]
  key <- do.call(paste, c(records[setdiff(names(records), sensitive)], sep = "|"))
  f <- as.vector(table(key)[key])
  l <- tapply(as.character(records[[sensitive]]), key, function(each) length(unique(each)))
  r <- risk(f, f / sample)
  rows <- apply(cells, 1, function(row) sprintf("[%s]", paste(c(sprintf('"%s"', row[names(cells) != "Freq"]), as.integer(row["Freq"])), collapse = ",")))
  sprintf('{"name":"%s","source":"R %s, datasets::%s","sample":%s,"sensitive":"%s","columns":[%s],"cells":[%s],"leastClass":%d,"leastValues":%d,"classes":%d,"uniques":%d,"greatestRisk":%.12f,"meanRisk":%.12f,"expected":%.9f}',
    name, getRversion(), name, format(sample), sensitive, paste(sprintf('"%s"', setdiff(names(cells), "Freq")), collapse = ","), paste(rows, collapse = ","),
    min(f), min(l), length(l), sum(f == 1), max(r), mean(r), sum(r))
}
cat("[", paste(c(figures("Titanic", Titanic, "Survived", 0.5), figures("UCBAdmissions", UCBAdmissions, "Admit", 0.25), figures("HairEyeColor", HairEyeColor, "Sex", 0.5)), collapse = ",\n "), "]\n", sep = "")
