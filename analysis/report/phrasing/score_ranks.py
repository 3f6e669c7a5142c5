"""Whether scores tell which explanation helps people, in words."""

import math

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.measures.score_ranks import EXPLANATION, PEOPLE


def ranks_in_words(ranks: pd.DataFrame, agreement: pd.DataFrame) -> list[str]:
    """What the ranks of scores have in common, and with people, in whole sentences.

    Args:
        ranks: as `score_ranks.ranks` returns it, with at least one row.
        agreement: as `score_ranks.agreement` returns it.
    """
    n = len(ranks[EXPLANATION].drop_duplicates())
    sentences = [*among_scores(agreement), *with_people(ranks, agreement), by_chance(n)]
    return [unbroken(sentence) for sentence in sentences]


def by_chance(n: int) -> str:
    """How little so few explanations can tell: the spread of Kendall's tau without any relation.

    Its variance over n ranks without ties is 2 (2n + 5) / (9n (n - 1)) (Kendall 1938).
    """
    spread = math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
    return (
        f"With {n} explanations, the τ of a score that knows nothing of people is 0 by chance, "
        f"with a standard deviation of {spread:.2f}. These are the ranks of these explanations; "
        "nothing is tested, and others may rank otherwise."
    )


def among_scores(agreement: pd.DataFrame) -> list[str]:
    """How far scores agree with each other, within families and between them."""
    own = agreement[agreement["family_b"] != PEOPLE]
    within = own["family_a"] == own["family_b"]
    parts = {
        "scores of one family": own[within],
        "scores of different families": own[~within],
    }
    said = [
        f"{name} agree with a mean τ of {signed(weighted(pairs))} "
        f"({signed(pairs['least'].min())} to {signed(pairs['greatest'].max())})"
        for name, pairs in parts.items()
        if len(pairs)
    ]
    if not said:
        return []
    return [f"Over pairs, {' and '.join(said)}; 1 is the same order, −1 the reverse."]


def weighted(pairs: pd.DataFrame) -> float:
    """The mean over all pairs of metrics."""
    return float((pairs["tau"] * pairs["n_pairs"]).sum() / pairs["n_pairs"].sum())


def with_people(ranks: pd.DataFrame, agreement: pd.DataFrame) -> list[str]:
    """What people did best with, and how far families of scores agree with their order."""
    people, scores = (
        ranks[(ranks["family"] == PEOPLE) == is_people] for is_people in (True, False)
    )
    if people.empty:
        return ["How accurate people were is known of fewer than two of them."]
    best = people.loc[people["rank"] == people["rank"].min(), EXPLANATION]
    scores = scores[scores["metric"].isin(scores.merge(best, on=EXPLANATION)["metric"])]
    first = scores[scores["rank"] == scores.groupby("metric")["rank"].transform("min")]
    agree = first.merge(best, on=EXPLANATION)["metric"].nunique()
    names = listed([f"“{name}”" for name in best["condition"].drop_duplicates()])
    own = agreement[agreement["family_b"] == PEOPLE]
    taus = listed(
        [f"{a} {signed(tau)}" for a, tau in zip(own["family_a"], own["tau"], strict=True)]
    )
    found = (
        f"People were most accurate with {names}; {agree} of {scores['metric'].nunique()} scores "
        "put it first too."
    )
    with_taus = f"Families of scores agree with that order by a mean τ of: {taus}."
    return [found, with_taus] if taus else [found]
