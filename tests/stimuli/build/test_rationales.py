"""The sentences of practice feedback that say why an answer is right or wrong."""

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
    ClassInfo(name="laptop", description="a portable computer"),
    ClassInfo(name="pillow", description=""),
    ClassInfo(name="balloon", description="large bag " * 30),
)


def test_a_rationale_describes_what_it_is_and_what_it_is_not() -> None:
    assert rationale(0, {0}, CLASSES, "Sam") == "Sam is right. A portable computer."
    wrong = "Sam is wrong. laptop: A portable computer."
    assert rationale(0, {1}, CLASSES, "Sam") == wrong
    answer = "Sam is wrong. The right answer is pillow. laptop: A portable computer."
    assert rationale(1, {0}, CLASSES, "Sam") == answer
    assert rationale(1, {1}, CLASSES, "Sam") == "Sam is right."
    several = "The right answer is laptop: A portable computer."
    assert rationale(0, {0, 1}, CLASSES, "Sam") == several


def test_of_classes_without_a_description_the_right_one_is_named_33() -> None:
    plain = [ClassInfo(name=name, description="") for name in ("Monarch", "Red Admiral")]
    assert rationale(0, {1}, plain, "Sam") == "Sam is wrong. The right answer is Monarch."


def test_a_rationale_is_never_cut_28() -> None:
    assert rationale(2, {2}, CLASSES, "Sam").count("bag") == 30
    assert "…" not in rationale(2, {0}, CLASSES, "Sam")


def test_a_rationale_says_where_similar_classes_differ_28() -> None:
    begin = "Blue wings crossed by a white band, with a line of flecks at the margin."
    pair = [
        ClassInfo(name="Ferry", description=f"{begin} The tip is dark. It lives by rivers."),
        ClassInfo(name="Tide", description=f"{begin} The tip is pale."),
    ]
    assert rationale(0, {1}, pair, "Sam") == (
        "Sam is wrong. Ferry: The tip is dark. It lives by rivers. Tide: The tip is pale."
    )
    assert rationale(0, {0}, pair, "Sam") == "Sam is right. The tip is dark. It lives by rivers."
    same = [ClassInfo(name=name, description="Red, round.") for name in ("a", "b")]
    assert rationale(0, {1}, same, "Sam") == "Sam is wrong. a: Red, round. b: Red, round."


def test_practice_says_why_and_other_stimuli_say_nothing(colour_bundle: Bundle) -> None:
    right = {p.stimulus_id: p.right for p in colour_bundle.predictions}
    for stimulus in colour_bundle.stimuli:
        if stimulus.phase is Phase.PRACTICE:
            word = "right" if right[stimulus.stimulus_id] else "wrong"
            start = "It is " if word == "right" else f"{stimulus.true_label}: It is "
            assert stimulus.rationale.startswith(f"Sam is {word}. {start}")
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
