"""An AI of which there is nothing but answers, in a file that a lab wrote."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stimuli.build.pipeline import all_crops, build, ready_all
from stimuli.bundle import Bundle
from stimuli.bundle.summary import UNASKED, summary
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import ClassInfo, Example, Split
from stimuli.models.class_matching import answer_classes
from stimuli.models.classifiers import ClassifierError, Machine
from stimuli.models.given_answers import given_answers, given_problems
from stimuli.models.options import option_problems
from stimuli.models.predictions import as_images, pixels_of
from stimuli.pictures.crops import Crop
from stimuli.plan.planning import plan
from stimuli.problems import ProblemsError
from stimuli.review.contact_sheet import render
from stimuli.study import Study, parse_study
from tests.stimuli.build.contexts import Listed
from tests.stimuli.conftest import COLOURS, STUDY, new_machine

TRAINING = STUDY[STUDY.index("[classifiers.training]") : STUDY.index("[bins]")]
GIVEN = STUDY.replace(TRAINING, "").replace('backbone = "tiny"\nweights = "none"', "WEIGHTS")
GIVEN = GIVEN.replace("WEIGHTS", 'weights = "predictions"')
PANELS = GIVEN[GIVEN.index('[[conditions]]\nname = "gradcam"') : GIVEN.index("[[phases]]")]
NO_PANELS = GIVEN.replace(PANELS, "").replace("[explainers.gradcam]\n[explainers.neighbours]\n", "")

EXAMPLES = [
    Example(source="train/cat/1.jpg", label=0, split=Split.TRAIN),
    Example(source="val/cat/2.jpg", label=0, split=Split.VAL),
    Example(source="test/cat/3.jpg", label=0, split=Split.TEST),
    Example(source="test/dog/3.jpg", label=1, split=Split.TEST),
    Example(source="test/dog/5.jpg", label=1, split=Split.TEST),
]
IMAGES = [example.source for example in EXAMPLES]
CROPS = [Crop(example=example, jpeg=b"", boxes=()) for example in EXAMPLES]
FINE = [f"{image},0.9,0.1" for image in IMAGES]


class Pets(Listed):
    """Five pictures of two classes, which nobody loads."""

    classes = [ClassInfo(name="Cat", description=""), ClassInfo(name="Guide dog", description="")]


def machine_with(folder: Path, *lines: str) -> Machine:
    path = folder / "answers.csv"
    path.write_text("\n".join(lines), "utf-8")
    return Machine(predictions={"api": path})


def problems_of(folder: Path, *lines: str) -> list[str]:
    """What is wrong with a file, without its name."""
    with pytest.raises(ClassifierError) as error:
        given_answers("api", Pets(EXAMPLES), machine_with(folder, *lines))
    return [
        problem.removeprefix("--predictions api").lstrip(": ") for problem in error.value.problems
    ]


def test_probabilities_become_answers_in_the_order_of_the_data_set(tmp_path: Path) -> None:
    rows = ["5.jpg;0.25;0.75", *(f"{image};.125;.875" for image in reversed(IMAGES[:-1]))]
    machine = machine_with(tmp_path, "Image;guide dog;CAT", *rows)
    given = given_answers("api", Pets(EXAMPLES), machine)
    said = given.answers(CROPS, machine.cache, what="")
    assert said is not None
    assert said.labels.tolist() == [0, 0, 0, 0, 0]
    assert said.confidences.tolist() == [0.875] * 4 + [0.75]
    assert said.truth_probabilities.tolist() == [0.875] * 3 + [0.125, 0.25]
    assert said.best.tolist() == [[0, 1]] * 5
    assert said.best_probabilities[4].tolist() == [0.75, 0.25]


def test_labels_and_confidences_tell_one_answer_and_nothing_of_other_classes(
    tmp_path: Path,
) -> None:
    rows = [f"{image},GUIDE DOG,0.7" for image in IMAGES]
    machine = machine_with(tmp_path, LABELS, *rows)
    said = given_answers("api", Pets(EXAMPLES), machine).answers(CROPS, machine.cache, what="")
    assert said is not None
    assert said.right.tolist() == [False, False, False, True, True]
    np.testing.assert_equal(said.truth_probabilities, [np.nan] * 3 + [0.7] * 2)
    assert said.best.tolist() == [[1]] * 5
    assert said.best_probabilities.tolist() == [[0.7]] * 5


def test_of_equally_likely_classes_the_label_that_is_given_is_the_answer(tmp_path: Path) -> None:
    rows = [f"{image},0.5,0.5,guide dog" for image in IMAGES]
    machine = machine_with(tmp_path, "image,cat,guide dog,label", *rows)
    said = given_answers("api", Pets(EXAMPLES), machine).answers(CROPS, machine.cache, what="")
    assert said is not None
    assert said.labels.tolist() == [1] * 5
    assert said.best.tolist() == [[1, 0]] * 5


def test_the_digest_is_of_the_answers_and_not_of_the_look_of_the_file(tmp_path: Path) -> None:
    def digest(*lines: str) -> str:
        return given_answers("api", Pets(EXAMPLES), machine_with(tmp_path, *lines)).digest

    first = digest(HEAD, *FINE)
    assert digest("Guide Dog;image;Cat", *(f"0.10;{i};.9" for i in reversed(IMAGES))) == first
    assert digest(HEAD, f"{IMAGES[0]},0.8,0.2", *FINE[1:]) != first


HEAD = "image,cat,guide dog"
LABELS = "image,label,confidence"
WRONG: list[tuple[list[str], list[str]]] = [
    ([HEAD], ["holds no answer; add rows"]),
    (["picture,cat,guide dog", *FINE], ["has no column 'image'; add it"]),
    (["image", *IMAGES], ["has neither a column for each class nor columns label and confidence"]),
    (
        ["image,cat,wolf", *FINE],
        [
            "column 'wolf' is no class of the data set; the classes are 'Cat', 'Guide dog'",
            "has no column for the class 'Guide dog'; add it, with 0 where the AI does not know",
        ],
    ),
    (
        ["image,cat,guide dog,guidedog", *FINE],
        ["columns 'guide dog' and 'guidedog' are of one class; keep one"],
    ),
    (
        [LABELS, *(f"{image},wolf,0.5" for image in IMAGES)],
        ["the label 'wolf' of 5 rows is no class of the data set; the classes are 'Cat', 'Guide d"],
    ),
    (
        [LABELS, f"{IMAGES[0]},cat,93"],
        ["line 2: confidence '93' is above 1; write numbers from 0 to 1: divide per cents by 100"],
    ),
    (
        [HEAD, f"{IMAGES[0]},90,10", f"{IMAGES[1]},-0.1,1.0"],
        [
            "line 3: cat '-0.1' is below 0; correct it",
            "line 2: cat '90', guide dog '10' is above 1; write numbers from 0 to 1",
        ],
    ),
    (
        ["image;cat;guide dog", "1.jpg;nan;0.1", "2.jpg;0,9;0,1", f"{IMAGES[2]};;1"],
        [
            "line 2: cat 'nan' is no number, such as 0.93; correct it",
            "line 3: cat '0,9', guide dog '0,1' is no number, such as 0.93; correct it",
            "line 4: cat '' is no number, such as 0.93; correct it",
        ],
    ),
    (
        [HEAD, f"{IMAGES[0]},0.9,0.0985", f"{IMAGES[1]},0.9,0.0995"],
        ["line 2: the probabilities sum to 0.9985, which is not 1 within 0.001; give that of each"],
    ),
    (
        [f"{HEAD},label", f"{FINE[0]},guide dog"],
        ["line 2: the label 'Guide dog' has the probability 0.1, but 'Cat' has 0.9; correct one"],
    ),
    (
        [f"{HEAD},confidence", f"{FINE[0]},0.8"],
        ["line 2: the confidence 0.8 is not the probability of the label, 0.9; correct one of"],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), WRONG)
def test_what_a_file_says_wrongly_is_named(
    tmp_path: Path, lines: Sequence[str], expected: Sequence[str]
) -> None:
    found = [p for p in problems_of(tmp_path, *lines) if not p.startswith("has no answer to")]
    assert len(found) == len(expected)
    assert [p[: len(start)] for p, start in zip(found, expected, strict=True)] == [*expected]


def test_unknown_double_ambiguous_and_missing_pictures_are_named_at_once(tmp_path: Path) -> None:
    images = ["test\\cat\\3.jpg", "5.jpg", "test/dog/5.jpg", "3.jpg", "x.jpg"]
    rows = [f"{image},0.9,0.1" for image in images]
    double, ambiguous, unknown, val, test = problems_of(tmp_path, HEAD, *rows)
    assert double == "line 4: 'test/dog/5.jpg' has a row already, line 3; keep one"
    assert ambiguous == "line 5: '3.jpg' may be 'test/cat/3.jpg', 'test/dog/3.jpg'; write which"
    assert unknown.startswith("'x.jpg' is no picture of the data set, whose names are such as 'tr")
    assert val.startswith("has no answer to 1 of the 1 pictures of the split val: 'val/cat/2.jpg'")
    assert test.startswith("has no answer to 1 of the 3 pictures of the split test: 'test/dog/3.j")


def test_wrong_cells_and_missing_pictures_are_named_together(tmp_path: Path) -> None:
    cell, missing = problems_of(tmp_path, HEAD, *FINE[:3], f"{IMAGES[3]},90,10")
    assert cell.startswith("line 5: cat '90', guide dog '10' is above 1")
    assert missing.startswith("has no answer to 1 of the 3 pictures of the split test: 'test/dog/5")


def test_of_training_pictures_all_or_none_have_an_answer(tmp_path: Path) -> None:
    second = Example(source="train/cat/9.jpg", label=0, split=Split.TRAIN)
    dataset = Pets([*EXAMPLES, second])
    with pytest.raises(ClassifierError, match="or remove those of all training pictures"):
        given_answers("api", dataset, machine_with(tmp_path, HEAD, *FINE))
    machine = machine_with(tmp_path, HEAD, *FINE[1:])
    given = given_answers("api", dataset, machine)
    assert given.answers(CROPS[:1], machine.cache, what="") is None
    assert given.answers(CROPS[1:], machine.cache, what="") is not None


def test_classes_that_share_a_name_are_told_apart_by_their_index(tmp_path: Path) -> None:
    class Cranes(Listed):
        classes = [ClassInfo(name="crane", description=text) for text in ("A bird.", "A machine.")]

    machine = machine_with(tmp_path, "image,crane (0),crane (1)", *FINE)
    given = given_answers("api", Cranes(EXAMPLES), machine)
    assert given.table.labels.tolist() == [0] * 5


def test_what_needs_a_network_is_refused_with_the_study_file() -> None:
    more = "[adversarial]\nper_bin = 1\n[scores]\nrandomisation = ['gradcam']\n"
    with pytest.raises(ProblemsError) as error:
        parse_study(GIVEN + more, subject="study.toml")
    gradcam, adversarial, scores = error.value.problems
    assert gradcam.startswith(
        "conditions.gradcam.panels: tiny has no network of ours: gradcam needs one; remove it"
    )
    assert adversarial.startswith("adversarial: tiny has no network of ours: attacks follow")
    assert scores.startswith("scores.randomisation: tiny has no network of ours whose weights")


def test_pictures_that_need_no_network_may_be_shown() -> None:
    shown = NO_PANELS.replace('name = "confidence"', 'name = "a"\npanels = ["salient", "theirs"]')
    tables = '[explainers.salient]\n[explainers.theirs]\nkind = "imported"\n'
    parse_study(shown + tables, subject="study.toml")


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ('weights = "predictions"\nbackbone = "tiny"', "remove backbone"),
        (f'weights = "predictions"\n{TRAINING}', "remove .classifiers.training."),
        ('weights = "checkpoint"', "backbone is missing; add it"),
    ],
)
def test_a_backbone_is_of_a_network(weights: str, message: str) -> None:
    with pytest.raises(ProblemsError, match=message):
        parse_study(NO_PANELS.replace('weights = "predictions"', weights), subject="study.toml")


def test_answers_that_are_not_given_or_without_use_are_refused_before_work(tmp_path: Path) -> None:
    def problems(text: str, **predictions: Path) -> list[str]:
        return option_problems(
            parse_study(text, subject="study.toml"), Machine(predictions=predictions)
        )

    assert problems(NO_PANELS) == [
        "classifier tiny: no answers are given; add --predictions tiny=FILE.csv"
    ]
    nowhere, unknown, _ = problems(NO_PANELS, tiny=tmp_path / "no.csv", tinny=tmp_path) + [""]
    assert "there is no such file" in nowhere
    assert unknown == "--predictions tinny: is none of the classifiers ['tiny']"
    (unused,) = problems(STUDY, tiny=tmp_path)
    assert unused.startswith("--predictions tiny: the study has weights = 'none'; remove it")


def test_several_best_answers_need_probabilities(tmp_path: Path) -> None:
    steps = """
[trial]
[[trial.steps]]
name = "best"
shows = ["photo", "best"]
[trial.steps.response]
kind = "decision"
"""
    study = parse_study(NO_PANELS.replace('"tiny"', '"api"') + steps, subject="study.toml")
    rows = [f"{image},cat,0.7" for image in IMAGES]
    machine = machine_with(tmp_path, LABELS, *rows)
    (problem,) = given_problems(study, Pets(EXAMPLES), machine)
    assert problem.startswith("trial.best: 3, but --predictions api has one answer to each picture")
    machine = machine_with(tmp_path, HEAD, *FINE)
    assert given_problems(study, Pets(EXAMPLES), machine) == []


# The whole build, with answers of a network of ours.


@pytest.fixture(scope="module")
def said(
    colour_bundle: Bundle, colour_study: Study, colour_folder: Path, colour_machine: Machine
) -> dict[Example, list[float]]:
    """The probabilities that the network of the bundle has of every picture."""
    dataset = open_dataset(colour_study.dataset, colour_folder)
    crops, _ = all_crops(dataset, colour_study, colour_machine)
    answers = answer_classes(colour_study, dataset, colour_machine)
    (ready,) = ready_all(crops, dataset, answers, colour_study, colour_machine)
    probabilities: dict[Example, list[float]] = {}
    for split in Split:
        for start in range(0, len(crops[split]), 16):
            batch = crops[split][start : start + 16]
            logits = ready.classifier(as_images(pixels_of(batch))).detach()
            rows = logits.softmax(1).numpy().astype(np.float64).tolist()
            probabilities |= dict(zip((crop.example for crop in batch), rows, strict=True))
    left_out = [example for example in dataset.examples if example not in probabilities]
    return probabilities | {example: [1.0, 0.0, 0.0] for example in left_out}


def written(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def built(text: str, folder: Path, answers: Path, out: Path) -> Bundle:
    study = parse_study(text, subject="study.toml")
    machine = replace(new_machine(out.parent), predictions={"tiny": answers})
    return build(study, text, open_dataset(study.dataset, folder), machine, out)


@pytest.fixture(scope="module")
def own(
    colour_folder: Path, colour_machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    """The bundle of the network itself, without what only it can show."""
    text = STUDY.replace(PANELS, "").replace("[explainers.gradcam]\n[explainers.neighbours]\n", "")
    study = parse_study(text, subject="study.toml")
    out = tmp_path_factory.mktemp("own") / "bundle"
    return build(study, text, open_dataset(study.dataset, colour_folder), colour_machine, out)


def rows_in(bundle: Bundle, name: str) -> list[object]:
    return [json.loads(line) for line in (bundle.path / name).read_text().splitlines()]


def test_the_probabilities_of_a_network_give_the_bundle_of_the_network(
    own: Bundle, said: Mapping[Example, list[float]], colour_folder: Path, tmp_path: Path
) -> None:
    names = sorted(COLOURS)
    classes = [info.name for info in open_dataset(own.study.dataset, colour_folder).classes]
    rows = [
        {"image": example.source, **{name: p[classes.index(name)] for name in names}}
        for example, p in said.items()
    ]
    given = built(NO_PANELS, colour_folder, written(tmp_path / "a.csv", rows), tmp_path / "given")
    for name in ("stimuli.jsonl", "predictions.jsonl", "explanations.jsonl"):
        assert rows_in(given, name) == rows_in(own, name)
    assert (given.path / "pool.csv").read_text() == (own.path / "pool.csv").read_text()
    assert given.manifest.bins == own.manifest.bins
    (facts,), (expected,) = given.manifest.classifiers, own.manifest.classifiers
    assert facts.backbone == "predictions"
    changed = {"backbone": expected.backbone, "digest": expected.digest}
    assert facts.model_copy(update=changed) == expected


@pytest.mark.slow
def test_labels_and_confidences_build_a_study_with_the_same_stimuli_of_the_test(
    own: Bundle, said: Mapping[Example, list[float]], colour_folder: Path, tmp_path: Path
) -> None:
    classes = [info.name for info in open_dataset(own.study.dataset, colour_folder).classes]
    rows = [
        {"image": e.source, "label": classes[int(np.argmax(p))], "confidence": max(p)}
        for e, p in said.items()
        if e.split is not Split.TRAIN
    ]
    shown = NO_PANELS.replace('name = "confidence"', 'name = "a"\npanels = ["salient"]')
    text = shown + '[explainers.salient]\nnetwork = "masks"\nepochs = 1\n'
    text += '[scores]\nrobustness = ["salient"]\n'
    given = built(text, colour_folder, written(tmp_path / "a.csv", rows), tmp_path / "given")
    assert {len(p.best) for p in given.predictions} == {1}
    assert given.manifest.classifiers[0].accuracy.keys() == {"val", "test"}
    assert UNASKED in summary(given)
    assert UNASKED in render(given)
    assert {len(p.card.images) for p in given.predictions} == {3}
    scores = {name for e in given.explanations for name in e.scores}
    assert {"pointing", "iou", "sparseness", "max_sensitivity"} <= scores
    assert not {"deletion", "insertion", "infidelity"} & scores


def test_a_plan_is_made_of_answers_that_are_given_too(
    said: Mapping[Example, list[float]], colour_folder: Path, tmp_path: Path
) -> None:
    study = parse_study(NO_PANELS, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    classes = [info.name for info in dataset.classes]
    rows = [
        {"image": e.source, **dict(zip(classes, p, strict=True))}
        for e, p in said.items()
        if e.split is not Split.TRAIN
    ]
    answers = written(tmp_path / "a.csv", rows)
    machine = replace(new_machine(tmp_path), predictions={"tiny": answers})
    made = plan(study, NO_PANELS, dataset, machine)
    assert made.works
    assert "tiny names rightly: val " in made.report
