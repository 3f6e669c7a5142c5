"""The line of practice feedback that says why an answer is right or wrong."""

from pathlib import Path

from stimuli.build.pipeline import build
from stimuli.build.rationales import rationale
from stimuli.bundle import Bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import ClassInfo
from stimuli.models.classifiers import Machine
from stimuli.study import parse_study
from stimuli.study.online import Phase

CLASSES = (
    ClassInfo(name="laptop", description="a portable computer."),
    ClassInfo(name="pillow", description=""),
    ClassInfo(name="balloon", description="large bag " * 30),
)


def test_a_rationale_describes_what_it_is_and_what_it_is_not() -> None:
    assert rationale(0, {0}, CLASSES, "Sam") == "Sam is right: laptop (a portable computer)."
    wrong = "Sam is wrong: laptop (a portable computer), not pillow."
    assert rationale(0, {1}, CLASSES, "Sam") == wrong
    assert rationale(1, {0}, CLASSES, "Sam").endswith("pillow, not laptop (a portable computer).")
    assert rationale(0, {0, 1}, CLASSES, "Sam") == "The right answer: laptop (a portable computer)."
    assert len(rationale(2, {0}, CLASSES, "Sam")) < 180
    assert "…)" in rationale(2, {2}, CLASSES, "Sam")


def test_of_similar_classes_a_rationale_says_where_they_differ() -> None:
    begin = "Blue wings crossed by a white band, with a line of flecks at the margin. The tip"
    pair = [
        ClassInfo(name="Ferry", description=f"{begin} is dark. It lives by rivers."),
        ClassInfo(name="Tide", description=f"{begin} is pale."),
    ]
    assert rationale(0, {1}, pair, "Sam") == (
        "Sam is wrong: Ferry (… The tip is dark. It lives by rivers), not Tide (… The tip is pale)."
    )
    same = [ClassInfo(name=name, description="Red, round.") for name in ("a", "b")]
    assert rationale(0, {1}, same, "Sam") == "Sam is wrong: a (Red, round), not b (Red, round)."


def test_practice_says_why_and_other_stimuli_say_nothing(colour_bundle: Bundle) -> None:
    right = {p.stimulus_id: p.right for p in colour_bundle.predictions}
    for stimulus in colour_bundle.stimuli:
        if stimulus.phase is Phase.PRACTICE:
            word = "right" if right[stimulus.stimulus_id] else "wrong"
            assert stimulus.rationale.startswith(f"Sam is {word}: {stimulus.true_label} (It is ")
        else:
            assert not stimulus.rationale


def test_a_build_writes_rationales_in_english_only(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    text = colour_bundle.study_text.replace("seed = 5", 'seed = 5\nlanguage = "de"')
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    bundle = build(study, text, dataset, colour_machine, tmp_path / "bundle")
    assert {s.rationale for s in bundle.stimuli} == {""}
    silent = [s.model_copy(update={"rationale": ""}) for s in colour_bundle.stimuli]
    assert list(bundle.stimuli) == silent
