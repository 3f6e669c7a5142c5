"""What an export says of the answers of several classifiers, and whether it is true."""

import pandas as pd
import pytest

from analysis.export.facts import ExportFacts
from analysis.export.matching import matching_problems
from analysis.export.read import read_export
from analysis.problems import ExportError
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Stimulus, someone

UNMATCHED = (
    "predictions.csv: of {n} stimuli (first {first}) the classifiers do not say the same, though "
    "export.json says that they match; export both again"
)
FACTS = {
    "schema_version": 1,
    "study": "demo",
    "created_at": "2026-03-14T09:26:53.589Z",
    "imported": {"command": "x", "sources": [{"file": "x", "sha256": "x"}]},
    "conditions": [{"name": "a", "classifier": "b1"}, {"name": "b", "classifier": "sal"}],
    "gate": {"min_correct": 8, "live": False},
    "analysis": {"outcome": "accuracy", "pairs": [], "alternative": "two-sided"},
    "ai_only": [],
    "bins": [],
    "rows": {},
}


@pytest.fixture
def two_ais(tmp_path):
    """An export of two conditions, the second of which judges another classifier."""

    def write(pairing, said=NATURAL):
        return write_export(
            tmp_path / "e",
            [someone("confidence", 4), someone("gradcam", 4)],
            stimuli=NATURAL,
            judged={"gradcam": "sal"},
            others={"sal": said},
            pairing=pairing,
            pool=[],
        )

    return write


def problems_of(folder) -> list[str]:
    with pytest.raises(ExportError) as caught:
        read_export(folder)
    return list(caught.value.problems)


@pytest.mark.parametrize("pairing", ["system", "matched"])
def test_an_export_says_its_pairing(two_ais, pairing):
    facts = read_export(two_ais(pairing)).facts
    assert facts.pairing == pairing
    assert facts.classifiers == ("tiny", "sal")


def test_an_export_that_does_not_say_its_pairing_is_one_of_systems(two_ais):
    assert read_export(two_ais(None)).facts.pairing == "system"


def test_an_unknown_pairing_is_a_problem_of_the_export(two_ais):
    (problem,) = problems_of(two_ais("both"))
    assert problem == "export.json, pairing: Input should be 'system' or 'matched'; it is 'both'"


def test_an_export_that_claims_matched_answers_is_checked(two_ais):
    other = Stimulus(bin="hard", ai_right=True)
    folder = two_ais("matched", said=[other, *NATURAL[1:-1], other])
    assert problems_of(folder) == [UNMATCHED.format(n=2, first="t0")]


@pytest.mark.parametrize(
    ("second", "matches"),
    [
        (("monarch", 0.80, "easy"), True),
        (("monarch", 0.799, "easy"), False),
        (("monarch", 0.85, None), False),
        (("viceroy", 0.85, "easy"), False),
        (None, False),
    ],
    ids=["at the limit", "less sure", "another bin", "another label", "nothing"],
)
def test_answers_match_in_label_bin_and_confidence(second, matches):
    rows = [("t0", "b1", "monarch", 0.85, "easy"), ("t0", "other", "swan", 0.1, None)]
    rows += [("t0", "sal", *second)] if second else []
    columns = ["stimulus_id", "classifier", "label", "confidence", "bin"]
    table = pd.DataFrame(rows, columns=columns)
    problems = {
        pairing: list(
            matching_problems(table, ExportFacts.model_validate(FACTS | {"pairing": pairing}))
        )
        for pairing in ("matched", "system")
    }
    assert problems["matched"] == ([] if matches else [UNMATCHED.format(n=1, first="t0")])
    assert problems["system"] == []
