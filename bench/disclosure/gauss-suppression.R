# Secondary suppression by SSBtools::GaussSuppression (the engine of GaussSuppression) on a table written by gauss-suppression.ts:
# the same inner cells, the same primary cells, the same order of candidates. Arguments: a folder with entries.csv (inner, cell),
# candidates.csv and primary.csv (cells, 1-based). Writes secondary.csv and prints the seconds.
suppressMessages({ library(SSBtools); library(Matrix) })
folder <- commandArgs(TRUE)[1]
read <- function(name) as.matrix(read.csv(file.path(folder, name), header = FALSE))
entries <- read("entries.csv")
x <- sparseMatrix(i = entries[, 1], j = entries[, 2], x = 1)
started <- proc.time()[["elapsed"]]
secondary <- GaussSuppression(x, candidates = read("candidates.csv")[, 1], primary = read("primary.csv")[, 1], singleton = NULL, singletonMethod = "none", printInc = FALSE)
cat(sprintf("%.3f %s\n", proc.time()[["elapsed"]] - started, as.character(packageVersion("SSBtools"))))
write.table(sort(secondary), file.path(folder, "secondary.csv"), row.names = FALSE, col.names = FALSE)
