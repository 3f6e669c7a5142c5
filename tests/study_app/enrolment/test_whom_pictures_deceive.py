"""Where each classifier has adversarial pictures of its own, people see those of the one judged."""

from dataclasses import replace

import pytest

from stimuli.bundle import Bundle, Kind
from stimuli.study import Phase, parse_study
from study_app.active_study import ActiveStudy
from tests.study_app.invented import study_text

SECOND = """
[[classifiers]]
name = "other"
backbone = "tiny"
weights = "none"
[classifiers.training]
epochs = 1

[adversarial]
per_bin = 1
deceives = "{deceives}"

[explainers.gradcam]
"""
GROUPS = "[assignment]\nright = 3\nwrong = 2\nadversarial = 1\nflipped = 1\n\n[[phases]]"


def active(bundle: Bundle, deceives: str) -> ActiveStudy:
    """Two systems; the people of the last condition judge the other one."""
    text = study_text(test=7).replace("[explainers.gradcam]\n", SECOND.format(deceives=deceives))
    text = text.replace('"neighbours"\npanels', '"neighbours"\nclassifier = "other"\npanels')
    study = parse_study(text.replace("[[phases]]", GROUPS, 1), subject="study.toml")
    tests = [s for s in bundle.stimuli if s.phase is Phase.TEST]
    adversarial = [s for s in tests if s.kind is Kind.ADVERSARIAL]
    right = {p.stimulus_id for p in bundle.predictions if p.right}
    flipped = [s for s in tests if s.kind is Kind.NATURAL and s.stimulus_id in right][:1]
    changed = {
        **{s.stimulus_id: {"attacked": ("other",)} for s in adversarial},
        **{s.stimulus_id: {"attacked": ("tiny",), "kind": Kind.FLIPPED} for s in flipped},
    }
    stimuli = tuple(s.model_copy(update=changed.get(s.stimulus_id, {})) for s in bundle.stimuli)
    predictions = tuple(
        p.model_copy(update={"classifier": name}) for p in bundle.predictions
        for name in ("tiny", "other")
    )  # fmt: skip
    made = replace(bundle, study=study, stimuli=stimuli, predictions=predictions)
    return ActiveStudy(bundle=made, study_text="", study_digest="", version=1)


@pytest.mark.parametrize(
    ("deceives", "expected"),
    [
        ("each", {"heatmap": {Kind.FLIPPED}, "neighbours": {Kind.ADVERSARIAL}}),
        ("first", {"heatmap": set(Kind), "neighbours": set(Kind)}),
    ],
)
def test_the_pictures_of_a_condition_are_those_of_its_classifier(
    bundle: Bundle, deceives: str, expected: dict[str, set[Kind]]
) -> None:
    study = active(bundle, deceives)
    for condition, kinds in expected.items():
        ids = [i for group in study.groups[condition] for cell in group.cells for i in cell]
        found = {study.bundle.stimulus_by_id[i].kind for i in ids}
        assert found - {Kind.NATURAL} == kinds - {Kind.NATURAL}


def test_flipped_pictures_are_a_group_of_their_own(bundle: Bundle) -> None:
    right, wrong, adversarial, flipped = active(bundle, "first").groups["heatmap"]
    assert [group.trials for group in (right, wrong, adversarial, flipped)] == [3, 2, 1, 1]
    kinds = active(bundle, "first").bundle.stimulus_by_id
    assert {kinds[i].kind for cell in flipped.cells for i in cell} == {Kind.FLIPPED}
    assert {kinds[i].kind for cell in right.cells for i in cell} == {Kind.NATURAL}
