# The numbers of expected.csv, from trials.csv: Rscript make.R, in this folder.
library(survey)

trials <- read.csv("trials.csv")
case <- list(
  rair = trials$right_before == 0 & trials$advice_right == 1,
  rsr = trials$right_before == 1 & trials$advice_right == 0
)

# A pooled ratio of two sums over people, by Taylor's series, with the people who have such a case.
ratio <- function(name) {
  trials$below <- as.numeric(case[[name]])
  trials$top <- trials$below * trials$right_after
  such <- trials[trials$participant_id %in% trials$participant_id[case[[name]]], ]
  design <- svydesign(ids = ~participant_id, weights = rep(1, nrow(such)), data = such)
  found <- svyratio(~top, ~below, design)
  share <- coef(found)[[1]]
  error <- SE(found)[[1]]
  people <- length(unique(such$participant_id))
  # Korn and Graubard, as in ../shares/make.R.
  effective <- min(share * (1 - share) / error^2, sum(such$below))
  t <- qt(0.975, people - 1)
  centre <- (share + t^2 / (2 * effective)) / (1 + t^2 / effective)
  half <- t / (1 + t^2 / effective) * sqrt(share * (1 - share) / effective + t^2 / (4 * effective^2))
  c(name, people, 100 * share, 100 * (centre - half), 100 * (centre + half))
}

change <- function() {
  trials$change <- 100 * (trials$right_after - trials$right_before)
  design <- svydesign(ids = ~participant_id, weights = rep(1, nrow(trials)), data = trials)
  mean <- svymean(~change, design)
  people <- length(unique(trials$participant_id))
  half <- qt(0.975, people - 1) * SE(mean)[1]
  c("change", people, coef(mean)[[1]], coef(mean)[[1]] - half, coef(mean)[[1]] + half)
}

table <- as.data.frame(rbind(ratio("rair"), ratio("rsr"), change()))
names(table) <- c("measure", "n_people", "value", "low", "high")
write.csv(table, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "versions.txt")
