"""What the tables say together: how trials are counted, and what a bundle depends on."""

import pytest

from stimuli.study import ONLINE_TABLES, Study
from stimuli.study.online import Phase
from tests.stimuli.study.conftest import check_after


def test_an_interleaved_validation_needs_no_new_bundle(colour_study: Study) -> None:
    gate = {"min_correct": 3, "interleaved": True}
    study = Study.model_validate(colour_study.model_dump() | {"gate": gate})
    assert study.offline() == colour_study.offline()
    assert [study.counted_in(phase) for phase in (Phase.PRACTICE, Phase.VALIDATION)] == [
        Phase.PRACTICE,
        Phase.TEST,
    ]
    assert colour_study.counted_in(Phase.VALIDATION) is Phase.VALIDATION
    assert (study.counted_trials, colour_study.counted_trials) == (6 + 4, 6)


def test_changing_an_online_table_leaves_the_offline_part_as_it_is(colour_study: Study) -> None:
    other = colour_study.model_copy(
        update={"texts": colour_study.texts.model_copy(update={"lab": "x"})}
    )
    assert other != colour_study
    assert other.offline() == colour_study.offline()
    assert set(colour_study.offline()).isdisjoint(ONLINE_TABLES)


@pytest.mark.parametrize(("minutes", "least"), [(1, 1), (4, 1), (5, 2), (60, 2)])
def test_prolifics_rule_says_how_many_failed_checks_count(
    colour_study: Study, minutes: int, least: int
) -> None:
    checks = [check_after(1), check_after(2, "red")]
    tables = {"pay": {"minutes": minutes}, "attention": checks}
    assert Study.model_validate(colour_study.model_dump() | tables).least_failed == least
