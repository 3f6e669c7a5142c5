"""Sections on advice and synergy: there where the study has such steps or groups, and right."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.report.section import Section
from analysis.report.sections import accuracy, bins, differences, rational, reliance, team
from analysis.report.sections.steps import advice, synergy
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, someone
from tests.analysis.steps import ADVISED, ALONE, Advised, steps_export

PEOPLE = [
    *[Advised(before="TOOTAO", after="TTOTAA")] * 10,
    *[Advised(before="TTTTTT", after="TTTTAO")] * 10,
    *[Advised(before="TTTTOO", condition="unaided")] * 20,
]
DECIDE = ALONE | {"name": "judge", "kind": "decision", "truth": "ai_right", "options": None}


def sections(folder: Path) -> dict[str, Section]:
    return told(analysed(read_export(folder)))


def told(chosen: Analysed) -> dict[str, Section]:
    """The sections that steps and conditions without an AI have to do with."""
    modules = (accuracy, bins, differences, reliance, rational, team, advice, synergy)
    found = (module.section(chosen) for module in modules)
    return {section.name: section for section in found if section is not None}


def frames(section: Section) -> Mapping[str, pd.DataFrame]:
    return {table.name: table.frame for table in section.listings}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Section]:
    return sections(steps_export(tmp_path_factory.mktemp("steps") / "export", PEOPLE))


def test_agreement_that_was_there_is_told_apart_from_moving(found: dict[str, Section]) -> None:
    section = found["advice"]
    ends = frames(section)["advice_ends"].set_index("measure")["n_true"]
    assert ends[["wrong_ended", "wrong_agreed_already", "wrong_moved"]].tolist() == [30, 10, 20]
    (sentence,) = [s for s in section.prose["sentences"] if "where the AI is wrong" in s]
    assert sentence == (
        "“gradcam”: where the AI is wrong, 50.0\N{NO-BREAK SPACE}% of the answers ended with what "
        "it says. 16.7\N{NO-BREAK SPACE}% had said so before it was shown and stayed; "
        "33.3\N{NO-BREAK SPACE}% moved to it."
    )


def test_accuracy_stands_beside_appropriate_reliance(found: dict[str, Section]) -> None:
    section = found["advice"]
    change = frames(section)["advice_change"].iloc[0]
    assert change[["before_percent", "after_percent"]].tolist() == pytest.approx(
        [800 / 12, 700 / 12]
    )
    assert change["people_low_points"] < change["change_points"] < change["people_high_points"]
    ratios = frames(section)["appropriate_reliance"].set_index("measure")
    assert ratios.loc["rair", ["n_without", "percent"]].tolist() == [10, 50]
    assert "10 of 20 people of “gradcam” no case for RAIR" in str(section.prose["without_cases"])
    (place, answer), *_ = section.answers
    assert (place, answer.split(",")[0][:9]) == (35, "“gradcam”")


def test_the_team_is_set_against_both(found: dict[str, Section]) -> None:
    table = frames(found["synergy"])["synergy"]
    assert table["alone"].tolist() == ["unaided", "the answer before the advice"]
    assert table["synergy_points"].tolist() == pytest.approx(
        [700 / 12 - 400 / 6, 700 / 12 - 800 / 12]
    )
    assert table["better"].tolist() == ["people", "people"]
    assert found["synergy"].prose["missing"] == ["fewer than 30 stimuli"]


def test_where_nobody_accepted_or_rejected_no_acceptance_is_told(found: dict[str, Section]) -> None:
    assert not {"reliance", "rational", "team"} & set(found)
    assert "acceptance" not in frames(found["bins"])
    assert found["advice"].prose["no_decisions"]


def test_the_accuracy_of_conditions_is_compared_all_the_same(found: dict[str, Section]) -> None:
    row = frames(found["differences"])["differences"].iloc[0]
    assert row[["condition_a", "condition_b"]].tolist() == ["gradcam", "unaided"]
    assert row["difference"] == pytest.approx(700 / 12 - 400 / 6)


def test_a_study_of_before_has_neither_section(tmp_path: Path) -> None:
    people = [someone(name, 4) for name in ("confidence", "gradcam")]
    assert not {"advice", "synergy"} & set(sections(write_export(tmp_path / "export", people)))


def test_a_decision_alone_has_neither_section(tmp_path: Path) -> None:
    people = [someone("gradcam", 4)] * 2
    rows = [
        _decision(f"p{i:03d}", j, accepted=(j < 3) == (j < 4)) for i in range(2) for j in range(6)
    ]
    folder = write_export(
        tmp_path / "e", people, conditions=("gradcam",), stimuli=NATURAL, steps=[DECIDE],
        told={"steps": rows},
    )  # fmt: skip
    assert not {"advice", "synergy"} & set(sections(folder))


def test_of_who_is_shown_no_ai_there_is_synergy_and_no_reliance(tmp_path: Path) -> None:
    folder = write_export(
        tmp_path / "export",
        [someone("gradcam", 5), someone("unaided", 4), someone("unaided", 2)],
        conditions=("unaided", "gradcam"),
        stimuli=NATURAL,
        shows_ai={"unaided": False},
    )
    found = sections(folder)
    row = frames(found["synergy"])["synergy"].iloc[0]
    assert row[["team_percent", "alone_percent", "ai_percent"]].tolist() == pytest.approx(
        [500 / 6, 50, 50]
    )
    for name, table in (("bins", "acceptance"), ("reliance", "reliance"), ("rational", "rational")):
        assert set(frames(found[name])[table]["condition"]) == {"gradcam"}
        assert "“unaided” shows no AI" in str(found[name].prose["left_out"])
    assert "unaided" not in set(frames(found["team"])["against_ai"]["who"])
    assert "unaided" in set(frames(found["accuracy"])["accuracy"]["condition"])


def relying(folder: Path, measure: str) -> Analysed:
    people = [someone(name, 4) for name in ("confidence", "gradcam", "unaided") for _ in range(3)]
    write_export(
        folder,
        people,
        conditions=("confidence", "gradcam", "unaided"),
        stimuli=NATURAL,
        shows_ai={"unaided": False},
    )
    export = read_export(folder)
    settings = export.facts.analysis.model_copy(update={"measure": measure})
    facts = export.facts.model_copy(update={"analysis": settings})
    return analysed(type(export)(**(vars(export) | {"facts": facts})))


@pytest.mark.parametrize(
    ("measure", "n_pairs"), [("accuracy", 3), ("over_reliance", 1), ("time", 3)]
)
def test_reliance_is_compared_only_where_an_ai_is_shown(
    tmp_path: Path, measure: str, n_pairs: int
) -> None:
    chosen = relying(tmp_path / "export", measure)
    assert len(chosen.primary) == n_pairs
    section = told(chosen)["differences"]
    warned = any(
        "say nothing of “unaided”" in w or "says nothing of “unaided”" in w
        for w in section.warnings
    )
    assert warned == (measure == "over_reliance")


def _decision(person: str, trial: int, *, accepted: bool) -> dict[str, object]:
    return {
        "participant_id": person,
        "condition": "gradcam",
        "simulated": 0,
        "phase": "test",
        "trial_index": trial,
        "stimulus_id": f"t{trial}",
        "step_index": 0,
        "step": "judge",
        "kind": "decision",
        "shows": "photo answer",
        "value": "accept" if accepted else "reject",
        "truth": "accept" if trial < 3 else "reject",
        "right": int(accepted == (trial < 3)),
        "advice": "accept",
    }


def test_advice_after_a_shown_answer_is_told_as_no_advice(tmp_path: Path) -> None:
    steps = [ALONE | {"shows": ["photo", "answer"]}, ADVISED]
    found = sections(steps_export(tmp_path / "export", PEOPLE, steps=steps))
    assert "appropriate_reliance" not in frames(found["advice"])
    assert set(frames(found["advice"])["advice_switches"]["measure"]) == {"switched"}
    assert frames(found["synergy"])["synergy"]["alone"].tolist() == ["unaided"]
