# Figures of R survey that estimate.test.ts compares with. Rscript survey-figures.R > survey-figures.json
library(survey)
set.seed(20260315)
n <- 60
people <- data.frame(
  stratum = rep(c("a", "b", "c"), each = 20),
  cluster = rep(1:12, each = 5),
  weight = round(runif(n, 80, 320), 2),
  y = as.numeric(runif(n) < 0.35),
  rare = as.numeric(seq_len(n) %in% c(7, 31)),
  value = round(rgamma(n, 2, 0.25), 2),
  births = rpois(n, 2) + 1,
  deaths = rpois(n, 0.6),
  woman = as.numeric(runif(n) < 0.5)
)
people$clusters <- c(a = 40, b = 25, c = 60)[people$stratum]
designs <- list(
  clusters = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = people),
  finite = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~clusters, data = people),
  simple = svydesign(ids = ~1, weights = ~weight, data = people)
)
figures <- lapply(designs, function(design) {
  mean <- svymean(~value, design, deff = "replace")
  share <- svymean(~y, design, deff = "replace")
  ratio <- svyratio(~deaths, ~births, design)
  women <- svymean(~value, subset(design, woman == 1))
  beta <- function(formula) as.numeric(attr(svyciprop(formula, design, method = "beta"), "ci"))
  # Equal values by weight: the weight of the last of them decides, and R leaves their order to the order of the data.
  sorted <- design[order(people$value, people$weight), ]
  median <- function(design, df) {
    found <- svyquantile(~value, design, c(0.25, 0.5, 0.9), interval.type = "mean", qrule = "hf7", df = df)$value
    as.numeric(t(found[, c("quantile", "ci.2.5", "ci.97.5", "se")]))
  }
  list(
    quantile = median(sorted, degf(design)), womenQuantile = median(subset(sorted, woman == 1), degf(design)),
    total = c(coef(svytotal(~births, design)), vcov(svytotal(~births, design))),
    mean = c(coef(mean), vcov(mean), deff(mean)), share = c(coef(share), vcov(share), deff(share)),
    ratio = c(coef(ratio), vcov(ratio)), women = c(coef(women), vcov(women)), df = degf(design),
    interval = as.numeric(confint(mean, df = degf(design))), shareInterval = beta(~y), rareInterval = beta(~rare)
  )
})
number <- function(x) paste0("[", paste(gsub("NaN", "null", format(as.numeric(x), digits = 17, trim = TRUE)), collapse = ", "), "]")
object <- function(parts) paste0("{ ", paste(sprintf('"%s": %s', names(parts), parts), collapse = ",\n    "), " }")
quantiles <- sapply(c(0.1, 0.25, 0.5, 0.9), function(p) quantile(people$value, p, type = 7))
cat(object(c(
  survey = sprintf('"%s"', packageVersion("survey")),
  people = object(sapply(people, function(column) if (is.character(column)) paste0('["', paste(column, collapse = '", "'), '"]') else number(column))),
  figures = object(sapply(figures, function(each) object(sapply(each, number)))),
  quantiles = number(quantiles)
)), "\n")
