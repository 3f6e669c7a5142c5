import numpy as np
import pytest

from analysis.export.read import read_export
from analysis.report.page import page
from analysis.report.sections import people, questionnaires
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

OPTIONS = ["No", "Rather not", "Neither", "Rather", "Yes"]
ITEM = '[[questions]]\nname = "{}"\ntext = "{}?"\nkind = "scale"\nwhen = "{}"\noptions = {}\n'
QUESTIONS = "".join(
    ITEM.format(name, name.capitalize(), when, OPTIONS)
    for name, when in {
        "often": "before",
        "rely": "after",
        "wary": "after",
        "ask": "after",
        "hard": "after",
    }.items()
)
REVERSED = '[[scales]]\nname = "trust"\nitems = ["rely", "wary", "ask"]\nreversed = ["wary"]\n'
FORGOTTEN = REVERSED.replace("reversed", "# reversed")
N_PEOPLE = 25  # of each condition


def read_of(folder, scales: str) -> Analysed:
    """People of two conditions, of whom those with gradcam trust more."""
    rng, rows = np.random.default_rng(1), []
    crowd = [Participant(condition=("confidence", "gradcam")[i % 2]) for i in range(2 * N_PEOPLE)]
    for i, person in enumerate(crowd):
        trust = rng.normal(1.2 * (person.condition == "gradcam"))
        values = {"often": rng.normal(), "hard": rng.normal()}
        values |= {name: trust + rng.normal(0, 0.7) for name in ("rely", "wary", "ask")}
        values["wary"] *= -1
        rows += [
            {
                "participant_id": f"p{i:03d}",
                "name": name,
                "value": OPTIONS[int(np.clip(round(2 + value), 0, 4))],
            }
            for name, value in values.items()
        ]
    told = {"questionnaire": rows}
    export = write_export(folder / "e", crowd, told=told, questions=QUESTIONS + scales)
    return analysed(read_export(export))


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Analysed:
    return read_of(tmp_path_factory.mktemp("asked"), REVERSED)


def tables_of(read: Analysed):
    section = questionnaires.section(read)
    assert section is not None
    return {table.name: table for table in section.listings}, section.prose


def test_scales_are_summed_up_compared_and_told_how_reliable_they_are(read) -> None:
    tables, prose = tables_of(read)
    assert list(tables) == ["scales", "scale_tests", "scale_reliability", "scale_items", "answers"]
    assert [row[0].text for row in tables["scale_tests"].rows] == ["trust", "Hard?"]
    (reliability,) = tables["scale_reliability"].frame.to_dict("records")
    assert (reliability["n_people"], reliability["n_items"]) == (2 * N_PEOPLE, 3)
    assert reliability["alpha"] > 0.7
    assert "of the 2 comparisons, 1 has an adjusted p" in prose["found"].casefold()
    assert "“trust” was lower with “confidence” than with “gradcam”" in prose["found"]
    assert prose["contrary"] == []


def test_an_item_whose_direction_was_forgotten_is_warned_of(tmp_path) -> None:
    _, prose = tables_of(read_of(tmp_path, FORGOTTEN))
    (warning,) = [sentence for sentence in prose["contrary"] if "Wary?" in sentence]
    assert "if agreement means less of it, name it in [[scales]] reversed" in warning


def test_an_item_that_was_turned_round_in_error_is_warned_of(tmp_path) -> None:
    _, prose = tables_of(read_of(tmp_path, REVERSED.replace('["wary"]', '["wary", "rely"]')))
    (warning,) = [sentence for sentence in prose["contrary"] if "Rely?" in sentence]
    assert "after it was turned round" in warning
    assert warning.endswith("should it be in [[scales]] reversed?")


def test_what_was_asked_before_the_trials_is_in_the_table_of_participants_alone(read) -> None:
    tables, _ = tables_of(read)
    assert "often" not in set(tables["answers"].frame["question"])
    section = people.section(read)
    assert section is not None
    (table,) = section.listings
    assert table.frame["question"].drop_duplicates().tolist() == ["often", "device"]


def test_the_page_calls_it_exploratory(read) -> None:
    section = questionnaires.section(read)
    assert section is not None
    html = page(read, [section], {})
    assert "All of it is exploratory" in html
    assert 'href="tables/scale_tests.csv"' in html


def test_a_study_that_asked_nothing_after_the_trials_has_no_such_section(tmp_path) -> None:
    read = analysed(read_export(write_export(tmp_path / "e", [Participant()])))
    assert questionnaires.section(read) is None
