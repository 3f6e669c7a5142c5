# The numbers of expected.csv, from trials.csv: Rscript make.R, in this folder.
library(sandwich)

trials <- read.csv("trials.csv")
pairs <- list(c("confidence", "gradcam"), c("neighbours", "confidence"), c("gradcam", "neighbours"))

of_pair <- function(pair) {
  own <- trials[trials$condition %in% pair, ]
  own$in_a <- as.numeric(own$condition == pair[1])
  fit <- glm(team_right ~ in_a, binomial, own, control = glm.control(epsilon = 1e-14, maxit = 100))
  clusters <- ~ participant_id + stimulus_id
  variance <- vcovCL(fit, cluster = clusters, type = "HC1", cadjust = TRUE, multi0 = FALSE)
  df <- min(length(unique(own$participant_id)), length(unique(own$stimulus_id))) - 1
  error <- sqrt(variance["in_a", "in_a"])
  estimate <- coef(fit)[["in_a"]]
  ends <- estimate + c(-1, 1) * qt(0.975, df) * error
  numbers <- c(exp(estimate), exp(ends), error, 2 * pt(-abs(estimate / error), df))
  c(pair, format(numbers, digits = 12, trim = TRUE))
}

table <- as.data.frame(do.call(rbind, lapply(pairs, of_pair)))
names(table) <- c("condition_a", "condition_b", "odds_ratio", "low", "high", "error", "p")
write.csv(table, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("sandwich", packageVersion("sandwich"))), "versions.txt")
