# Effects of columns on topics by stm (Roberts, Stewart & Tingley 2019), for
# tests/data/stm_effects.json, which tests/test_topics_effects.py compares with korpus.
#
# Rscript stm_effects.R documents.tsv stm_effects.json
#
# documents.tsv: id, category, rating, day (since the first), tokens with spaces between them, as
# python -m tests.bench.peers.stm_documents writes. Made once with stm 1.3.7, R 4.2.2.

library(stm)

paths <- commandArgs(trailingOnly = TRUE)
given <- read.delim(paths[1], quote = "", colClasses = c(id = "character"), encoding = "UTF-8")
words <- strsplit(given$tokens, " ", fixed = TRUE)
vocabulary <- sort(unique(unlist(words)), method = "radix")
documents <- lapply(words, function(document) {
  counts <- table(match(document, vocabulary))
  rbind(as.integer(names(counts)), as.integer(counts))
})
fitted <- stm(documents, vocabulary, K = 5, prevalence = ~ category + rating, data = given,
              init.type = "Spectral", seed = 1, verbose = FALSE)
set.seed(1)
drawn <- estimateEffect(1:5 ~ category + rating, fitted, metadata = given, nsims = 25)
plain <- estimateEffect(1:5 ~ category + rating + s(day, 4), fitted, metadata = given,
                        uncertainty = "None")

number <- function(values) paste0("[", paste(signif(values, 15), collapse = ", "), "]")
rows <- function(matrix) paste0("[", paste(apply(matrix, 1, number), collapse = ",\n"), "]")
errors <- function(effect, topic) sqrt(diag(effect$parameters[[topic]][[1]]$vcov))
summarised <- summary(drawn)$tables
writeLines(c(
  "{",
  '"theta": ', rows(round(fitted$theta, 9)), ",",
  '"estimate": ', rows(t(sapply(summarised, function(table) table[, 1]))), ",",
  '"se": ', rows(t(sapply(summarised, function(table) table[, 2]))), ",",
  '"plain_estimate": ', rows(t(sapply(1:5, function(k) plain$parameters[[k]][[1]]$est))), ",",
  '"plain_se": ', rows(t(sapply(1:5, function(k) errors(plain, k)))),
  "}"
), paths[2])
