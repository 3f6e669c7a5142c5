"""Do several classifiers say the same of every picture, where an export says that they match?"""

from collections.abc import Iterator

import pandas as pd

from analysis.export.facts import ExportFacts

MATCHED_CONFIDENCE = 0.05  # the largest difference, as the build of stimuli has it
ROUNDING = 1e-9
NEEDED = {"stimulus_id", "classifier", "label", "confidence", "bin"}


def matching_problems(predictions: pd.DataFrame, facts: ExportFacts) -> Iterator[str]:
    """Stimuli without a prediction of each judged classifier, or of which these do not match."""
    if facts.pairing != "matched" or not set(predictions.columns) >= NEEDED:
        return
    predictions = predictions[predictions["classifier"].isin(facts.classifiers)]
    of_stimulus = predictions.groupby("stimulus_id", observed=True)
    same = (of_stimulus[["label", "bin"]].nunique(dropna=False) == 1).all(axis=1)
    spread = of_stimulus["confidence"].max() - of_stimulus["confidence"].min()
    complete = of_stimulus["classifier"].nunique() == len(facts.classifiers)
    matched = same & complete & (spread <= MATCHED_CONFIDENCE + ROUNDING)
    apart = matched.index[~matched].tolist()
    if apart:
        yield (
            f"predictions.csv: of {len(apart)} stimuli (first {apart[0]}) the classifiers do not "
            "say the same, though export.json says that they match; export both again"
        )
