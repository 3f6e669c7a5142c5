import pandas as pd
import pytest

from analysis.power.phrasing import answers
from analysis.statistics.differences import PEOPLE, STIMULI
from tests.analysis.power.trial_tables import SIX_BINS, design_of

DESIGN = design_of(dict.fromkeys(SIX_BINS, 8), (30,), margin=5.0)


def rows(*needed: tuple[str, float, str, int | None]) -> pd.DataFrame:
    columns = ["question", "effect_points", "claim", "n_per_condition"]
    table = pd.DataFrame(needed, columns=columns).astype({"n_per_condition": "Int64"})
    cost = 10.0 * table["n_per_condition"].astype("Float64")
    return table.assign(target=0.8, in_sentence=True, cost=cost)


def sentences(*needed: tuple[str, float, str, int | None], least: float | None = 9.9) -> list[str]:
    planned = pd.DataFrame({"n_per_condition": [30], "least_80": [least]})
    texts = answers(DESIGN, rows(*needed), planned, money="GBP", leaning=True)
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def test_the_first_sentence_is_of_the_people_who_are_planned() -> None:
    first = sentences(("difference", 5.0, STIMULI, 206))[0]
    assert first.startswith("With 30 people in each condition the study finds differences from 9.9")
    assert "find no difference in four of five" in sentences(least=None)[0]


def test_each_effect_has_its_people_its_scope_and_its_cost() -> None:
    _, wide, narrow, margin, crossed = sentences(
        ("difference", 5.0, STIMULI, 206),
        ("difference", 5.0, PEOPLE, 127),
        ("equivalence", 0.0, STIMULI, 90),
        ("interaction", 10.0, STIMULI, 232),
    )
    assert wide == (
        "A difference of 5 points in accuracy that holds for other stimuli of the sort too takes "
        "206 people in each condition, GBP 2,060.00 in rewards."
    )
    assert "on these stimuli alone takes 127 people" in narrow
    assert margin.startswith("Equivalence within ± 5 points, where nothing differs,")
    assert "10 points larger where the AI is right takes 232 people" in crossed


def test_what_is_out_of_reach_is_said_in_one_sentence() -> None:
    last = sentences(("difference", 2.0, STIMULI, None), ("interaction", 5.0, STIMULI, None))[-1]
    assert last == (
        "Out of reach of 2,000 people in each condition: a difference of 2 points in accuracy and "
        "an effect on accuracy that is 5 points larger where the AI is right. More stimuli would "
        "do more than more people."
    )


@pytest.mark.parametrize("reward", [None])
def test_without_a_reward_no_money_is_named(reward: None) -> None:
    table = rows(("difference", 5.0, STIMULI, 206)).assign(cost=reward)
    planned = pd.DataFrame({"n_per_condition": [30], "least_80": [9.9]})
    assert "GBP" not in "".join(answers(DESIGN, table, planned, money="GBP", leaning=False))
