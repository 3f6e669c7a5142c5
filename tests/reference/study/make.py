"""The numbers of pingouin.csv, from users.csv: python make.py, in this folder, with pingouin."""

import itertools

import pandas as pd
import pingouin

users = pd.read_csv("users.csv")
rows = []
for a, b in itertools.combinations(["confidence", "gradcam", "neighbours"], 2):
    groups = [users.loc[users["condition"] == name, "n_right"] for name in (a, b)]
    test = pingouin.mwu(*groups, alternative="two-sided").iloc[0]
    names = {name.replace("-", "_").replace("_val", "").lower(): name for name in test.index}
    rows.append((a, b, *(test[names[name]] for name in ("u", "p", "rbc", "cles"))))
columns = ["condition_a", "condition_b", "u", "p", "rank_biserial", "cles"]
pd.DataFrame(rows, columns=columns).to_csv("pingouin.csv", index=False)
with open("versions.txt", "a") as file:
    file.write(f"pingouin {pingouin.__version__}\n")
