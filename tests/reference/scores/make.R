# Reference correlations for tests/analysis/statistics/test_correlation.py: Rscript make.R, in this folder.
# r and its interval are R's own (cor.test); rho is R's own (cor), its interval is the formula of
# Bonett and Wright (2000), written here once more, as R has none.
scores <- read.csv("scores.csv")
z <- qnorm(0.975)
rows <- lapply(setdiff(names(scores), "right_percent"), function(metric) {
  x <- scores[[metric]]
  y <- scores$right_percent
  pearson <- cor.test(x, y, method = "pearson", conf.level = 0.95)
  rho <- cor(x, y, method = "spearman")
  half <- z * sqrt((1 + rho^2 / 2) / (length(x) - 3))
  data.frame(
    metric = metric, n = length(x),
    r = unname(pearson$estimate), r_low = pearson$conf.int[1], r_high = pearson$conf.int[2],
    rho = rho, rho_low = tanh(atanh(rho) - half), rho_high = tanh(atanh(rho) + half)
  )
})
expected <- do.call(rbind, rows)
number <- setdiff(names(expected), c("metric", "n"))
expected[number] <- lapply(expected[number], function(v) formatC(v, digits = 15, format = "g"))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "version.txt")
