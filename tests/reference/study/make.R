# The numbers of r.csv, from users.csv: Rscript make.R, in this folder.
users <- read.csv("users.csv")
users$percent <- 100 * users$n_right / 30
conditions <- c("confidence", "gradcam", "neighbours")
of <- function(name) users$percent[users$condition == name]

rows <- list()
add <- function(what, a, b, value) {
  rows[[length(rows) + 1]] <<- data.frame(what, a, b, value = format(value, digits = 13, trim = TRUE))
}

for (name in conditions) {
  test <- t.test(of(name))
  add("mean", name, "", mean(of(name)))
  add("sd", name, "", sd(of(name)))
  add("t_low", name, "", test$conf.int[1])
  add("t_high", name, "", test$conf.int[2])
}

pairs <- combn(conditions, 2)
for (tail in c("two.sided", "less", "greater")) {
  p <- c()
  for (i in seq_len(ncol(pairs))) {
    a <- pairs[1, i]; b <- pairs[2, i]
    test <- wilcox.test(of(a), of(b), alternative = tail, exact = FALSE, correct = TRUE)
    if (tail == "two.sided") add("u", a, b, test$statistic[[1]])
    add(paste0("p_", tail), a, b, test$p.value)
    p <- c(p, test$p.value)
  }
  adjusted <- p.adjust(p, "holm")
  for (i in seq_len(ncol(pairs))) add(paste0("holm_", tail), pairs[1, i], pairs[2, i], adjusted[i])
}

# Shares: Wilson's interval is that of prop.test without its correction. k of n as "a" and "b".
for (share in list(c(0, 12), c(7, 10), c(91, 116), c(45, 45))) {
  test <- prop.test(share[1], share[2], correct = FALSE)
  add("wilson_low", share[1], share[2], test$conf.int[1])
  add("wilson_high", share[1], share[2], test$conf.int[2])
}

# Passing the gate: 35 of 36 against 31 of 36, the dog study's Confidence and 3-NN.
add("fisher", "35/36", "31/36", fisher.test(matrix(c(35, 1, 31, 5), 2))$p.value)
add("fisher", "2/8", "8/8", fisher.test(matrix(c(2, 6, 8, 0), 2))$p.value)

# Signal detection: z of (k + .5) / (n + 1) for 12 of 15 and 4 of 15 accepted.
hit <- qnorm(12.5 / 16); alarm <- qnorm(4.5 / 16)
add("d_prime", "12/15", "4/15", hit - alarm)
add("criterion", "12/15", "4/15", -(hit + alarm) / 2)

write.csv(do.call(rbind, rows), "r.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "versions.txt")
