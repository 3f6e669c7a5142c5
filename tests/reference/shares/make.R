# The numbers of expected.csv, from ../regression/trials.csv: Rscript make.R, in this folder.
library(survey)
options(survey.lonely.psu = "adjust")

trials <- read.csv("../regression/trials.csv")
trials$right <- as.numeric(trials$team_right %in% c("True", "TRUE", TRUE, 1))

# A pooled share is a mean with one cluster for each person.
of_condition <- function(name) {
  own <- trials[trials$condition == name, ]
  design <- svydesign(ids = ~participant_id, weights = rep(1, nrow(own)), data = own)
  mean <- svymean(~right, design)
  share <- coef(mean)[["right"]]
  error <- SE(mean)[1]
  people <- length(unique(own$participant_id))
  # Korn and Graubard: the interval of as many independent trials as have this variance.
  effective <- min(share * (1 - share) / error^2, nrow(own))
  t <- qt(0.975, people - 1)
  centre <- (share + t^2 / (2 * effective)) / (1 + t^2 / effective)
  half <- t / (1 + t^2 / effective) * sqrt(share * (1 - share) / effective + t^2 / (4 * effective^2))
  c(name, nrow(own), people, format(c(share, error, centre - half, centre + half), digits = 12, trim = TRUE))
}

table <- as.data.frame(do.call(rbind, lapply(sort(unique(trials$condition)), of_condition)))
names(table) <- c("condition", "n_trials", "n_people", "share", "error", "low", "high")
write.csv(table, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "versions.txt")
