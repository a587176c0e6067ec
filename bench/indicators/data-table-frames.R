# The base cells and the 32 grouping sets in R data.table, from columns that lie in memory as integers.
# Arguments: folder, rows. Prints seconds and the totals of every indicator.
suppressMessages(library(data.table))
arguments <- commandArgs(TRUE)
folder <- arguments[1]
rows <- as.integer(arguments[2])
columns <- fread(file.path(folder, "columns.tsv"), header = FALSE, col.names = c("name", "kind", "role"))
DT <- setDT(lapply(seq_len(nrow(columns)), function(i) {
  path <- file.path(folder, paste0(columns$name[i], ".bin"))
  if (columns$kind[i] == "int16") readBin(path, integer(), rows, size = 2) else readBin(path, double(), rows)
}))
setnames(DT, columns$name)
keys <- columns[role == "key", name]
recipe <- fread(file.path(folder, "recipe.tsv"), header = FALSE, sep = "\t", quote = "", na.strings = NULL,
  col.names = c("id", "asked", "answered", "cases", "mean"), colClasses = "character")
seconds <- function(from) (proc.time() - from)

started <- proc.time()
parts <- list()
batch <- 8
for (first in seq(1, nrow(recipe), batch)) {
  own <- character()
  add <- function(name, values) {
    set(DT, j = name, value = values)
    own <<- c(own, name)
  }
  for (i in first:min(nrow(recipe), first + batch - 1)) {
    each <- recipe[i]
    asked <- DT[, eval(parse(text = each$asked))]
    answered <- if (nzchar(each$answered)) asked & DT[, eval(parse(text = each$answered))] else asked
    add(paste(each$id, "respondents"), answered)
    add(paste(each$id, "withoutAnswer"), asked & !answered)
    if (nzchar(each$cases)) add(paste(each$id, "cases"), answered & DT[, eval(parse(text = each$cases))])
    if (nzchar(each$mean)) add(paste(each$id, "numerator"), fifelse(answered, DT[[each$mean]], 0))
  }
  parts[[length(parts) + 1]] <- DT[, lapply(.SD, sum), by = keys, .SDcols = own]
  set(DT, j = own, value = NULL)
}
measured <- seconds(started)
base <- do.call(cbind, c(list(parts[[1]]), lapply(parts[-1], function(each) each[, !keys, with = FALSE])))
own <- setdiff(names(base), keys)
base[, area2 := area3 %/% 10L][, area1 := area3 %/% 100L]
areas <- list(character(), "area1", c("area1", "area2"), c("area1", "area2", "area3"))
inner <- lapply(0:7, function(bits) keys[-1][bitwAnd(bits, c(1L, 2L, 4L)) > 0])
sets <- unlist(lapply(areas, function(area) lapply(inner, function(each) c(area, each))), recursive = FALSE)
cells <- groupingsets(base, j = lapply(.SD, sum), by = c("area1", "area2", "area3", keys[-1]), sets = sets, .SDcols = own)
took <- seconds(started)
cat(sprintf("seconds\t%f\ncpu\t%f\nready\t0\nmeasures\t%f\ncells\t%d\n", took[["elapsed"]], took[["user.self"]] + took[["sys.self"]],
  measured[["elapsed"]], nrow(cells)))
status <- readLines("/proc/self/status")
cat(sprintf("mb\t%f\n", as.numeric(gsub("\\D", "", grep("^VmHWM", status, value = TRUE))) / 1024))
cat(sprintf("version\tdata.table %s, %d threads\n", packageVersion("data.table"), getDTthreads()))
totals <- base[, lapply(.SD, function(x) sum(as.numeric(x))), .SDcols = own]
for (name in own) if (!endsWith(name, " numerator")) cat(sprintf("total\t%s\t%.0f\n", name, totals[[name]]))
