# Reference correlations for test_correlation.py and within_bins/test_permutations.py: Rscript make.R, in this folder.
# r and its interval are R's own (cor.test). Within bins, which are rows 1 to 14, 15 to 28 and 29 to 40, error_within is
# the infinitesimal jackknife's of package boot (Debian's r-cran-boot), with bins as strata.
library(boot)

scores <- read.csv("scores.csv")
bins <- (seq_len(nrow(scores)) - 1) %/% 14
sizes <- table(bins)[as.character(bins)]

r_within <- function(sides, weights) {
  weights <- as.vector(weights * sizes)
  left <- sides
  for (bin in unique(bins)) {
    own <- bins == bin
    means <- apply(sides[own, ], 2, weighted.mean, weights[own])
    left[own, ] <- sweep(sides[own, ], 2, means)
  }
  products <- crossprod(left, weights * left)
  products[1, 2] / sqrt(products[1, 1] * products[2, 2])
}

rows <- lapply(setdiff(names(scores), "right_percent"), function(metric) {
  x <- scores[[metric]]
  y <- scores$right_percent
  pearson <- cor.test(x, y, method = "pearson", conf.level = 0.95)
  sides <- cbind(x, y)
  influence <- empinf(data = sides, statistic = r_within, stype = "w", type = "inf", strata = bins, eps = 1e-7)
  data.frame(
    metric = metric, n = length(x),
    r = unname(pearson$estimate), r_low = pearson$conf.int[1], r_high = pearson$conf.int[2],
    r_within = r_within(sides, as.vector(1 / sizes)), error_within = sqrt(var.linear(influence, strata = bins))
  )
})
expected <- do.call(rbind, rows)
number <- setdiff(names(expected), c("metric", "n"))
expected[number] <- lapply(expected[number], function(v) formatC(v, digits = 15, format = "g"))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "version.txt")
