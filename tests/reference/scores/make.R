# Reference correlations for test_correlation.py and test_within_bins.py: Rscript make.R, in this folder.
# r and its interval are R's own (cor.test).
scores <- read.csv("scores.csv")
rows <- lapply(setdiff(names(scores), "right_percent"), function(metric) {
  x <- scores[[metric]]
  y <- scores$right_percent
  pearson <- cor.test(x, y, method = "pearson", conf.level = 0.95)
  data.frame(
    metric = metric, n = length(x),
    r = unname(pearson$estimate), r_low = pearson$conf.int[1], r_high = pearson$conf.int[2]
  )
})
expected <- do.call(rbind, rows)
number <- setdiff(names(expected), c("metric", "n"))
expected[number] <- lapply(expected[number], function(v) formatC(v, digits = 15, format = "g"))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "version.txt")
