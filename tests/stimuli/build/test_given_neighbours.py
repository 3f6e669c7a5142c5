"""Neighbours of an AI of which there are answers alone: by its features, or from a list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stimuli.build.gallery import feature_gallery, network_features
from stimuli.build.imported.given_neighbours import GivenNeighbours, read_neighbours
from stimuli.build.pipeline import all_crops, build, ready_all
from stimuli.bundle import Bundle
from stimuli.bundle.summary import summary
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import ClassInfo, Example, Split
from stimuli.models.class_matching import answer_classes
from stimuli.models.classifiers import Machine
from stimuli.models.options import option_problems
from stimuli.problems import ProblemsError
from stimuli.study import Study, parse_study
from tests.stimuli.build.contexts import Listed
from tests.stimuli.conftest import STUDY, new_machine

TRAINING = STUDY[STUDY.index("[classifiers.training]") : STUDY.index("[bins]")]
GIVEN = STUDY.replace(TRAINING, "").replace('backbone = "tiny"\nweights = "none"', "WEIGHTS")
GIVEN = GIVEN.replace("WEIGHTS", 'weights = "predictions"').replace("[explainers.gradcam]\n", "")
GIVEN = GIVEN.replace('[[conditions]]\nname = "gradcam"\npanels = ["gradcam"]\n', "")
OF_TWO = GIVEN.replace("[explainers.neighbours]", "[explainers.neighbours]\nk = 2")

LEARNED = [f"train/{name}/{n}.jpg" for name in ("cat", "dog") for n in (1, 2, 3)]
SPLITS = {**dict.fromkeys(LEARNED, Split.TRAIN), "val/cat/4.jpg": Split.VAL}
SPLITS |= {"test/dog/5.jpg": Split.TEST}
EXAMPLES = [Example(source=s, label="dog" in s, split=split) for s, split in SPLITS.items()]
ANSWERS = {source: "dog" if "dog" in source else "cat" for source in SPLITS}


class Pets(Listed):
    """Eight pictures of two classes, which nobody loads."""

    classes = [ClassInfo(name="Cat", description=""), ClassInfo(name="Dog", description="")]


def read(
    folder: Path,
    neighbours: Path | Sequence[str],
    *,
    answers: Mapping[str, str] = ANSWERS,
    text: str = OF_TWO,
) -> GivenNeighbours:
    """What is given of the AI of such a study: a path, or the lines of a table."""
    said = folder / "answers.csv"
    said.write_text("\n".join([LABELS, *(f"{s},{a},.9" for s, a in answers.items())]))
    path = neighbours if isinstance(neighbours, Path) else folder / "neighbours.csv"
    if not isinstance(neighbours, Path):
        path.write_text("\n".join(neighbours))
    machine = Machine(predictions={"tiny": said}, neighbours={"tiny": path})
    return read_neighbours(parse_study(text, subject="s"), Pets(EXAMPLES), machine)["tiny"]


def problems_of(folder: Path, neighbours: Path | Sequence[str], **facts: object) -> list[str]:
    """What is wrong with it, without its name."""
    with pytest.raises(ProblemsError) as error:
        read(folder, neighbours, **facts)  # type: ignore[arg-type]
    return [p.removeprefix("--neighbours tiny").lstrip(": ") for p in error.value.problems]


HEAD = "image,neighbour,rank"
LABELS = "image,label,confidence"
LISTS = [
    *("4.jpg;train/cat/2.jpg;1", "4.jpg;train/cat/1.jpg;3"),
    *("5.jpg;train/dog/3.jpg;2", "5.jpg;train/dog/1.jpg;1", "5.jpg;train/dog/2.jpg;3"),
]
FINE = [line.replace(";", ",") for line in LISTS]


def test_a_list_gives_training_pictures_by_rank(tmp_path: Path) -> None:
    given = read(
        tmp_path,
        ["Rank;Image;Neighbour", *(";".join(r.split(";")[i] for i in (2, 0, 1)) for r in LISTS)],
    )
    assert given.lists == {
        "val/cat/4.jpg": ["train/cat/2.jpg", "train/cat/1.jpg"],
        "test/dog/5.jpg": ["train/dog/1.jpg", "train/dog/3.jpg", "train/dog/2.jpg"],
    }
    again = read(tmp_path, [HEAD, *reversed(FINE), "train/dog/1.jpg,train/dog/2.jpg,1"])
    assert again.facts == given.facts
    assert given.facts.n_images == 2
    assert read(tmp_path, [HEAD, *FINE[:-1]]).facts.digest != given.facts.digest


def test_everything_that_is_wrong_with_a_list_is_named_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        [
            HEAD,
            *FINE[:1],
            "4.jpg,train/cat/1.jpg,1",
            "4.jpg,train/cat/2.jpg,2",
            "4.jpg,train/cat/1.jpg,second",
            "5.jpg,test/dog/5.jpg,1",
            "5.jpg,train/cat/1.jpg,2",
            "5.jpg,1.jpg,3",
            "5.jpg,x.jpg,4",
        ],
    )
    expected = [
        "line 3: 'val/cat/4.jpg' has a neighbour of rank 1 already; keep one",
        "line 4: 'train/cat/2.jpg' is a neighbour of 'val/cat/4.jpg' already; keep one",
        "line 5: rank 'second' is none of 1, 2, 3 and so on, of which 1 is the most alike",
        "line 6: 'test/dog/5.jpg' is of the split test; neighbours are of train alone",
        "line 7: 'train/cat/1.jpg' is of the class 'Cat', and the AI says 'Dog' of 'test/dog/5.jp",
        "line 8: '1.jpg' may be 'train/cat/1.jpg', 'train/dog/1.jpg'; write which",
        "'x.jpg' is no picture of the data set, whose names are such as 'train/cat/1.jpg'; corr",
        "1 of the 1 pictures of the split val have fewer than 2 neighbours: 'val/cat/4.jpg' 1; l",
    ]
    assert [p[: len(start)] for p, start in zip(found, expected, strict=True)] == expected


def test_neighbours_are_pictures_that_the_ai_names_rightly(tmp_path: Path) -> None:
    wrong = ANSWERS | {"train/dog/3.jpg": "cat"}
    [problem] = problems_of(tmp_path, [HEAD, *FINE], answers=wrong)
    assert problem == "line 4: 'train/dog/3.jpg' is a picture that the AI names 'Cat'; list others"
    unasked = {source: said for source, said in ANSWERS.items() if source not in LEARNED}
    [problem] = problems_of(tmp_path, [HEAD, *FINE], answers=unasked)
    assert problem.endswith("no training picture has an answer; add them to --predictions tiny")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([HEAD], "neighbours.csv has no row; add some"),
        (["image,neighbour", "a,b"], "columns image, neighbour, rank and no others; look at rank"),
        (
            ["image,f1,f2", *(f"{s},1,2" for s in SPLITS)],
            "the features of all pictures are the same",
        ),
        (
            ["image,f1", *(f"{s},{n}" for n, s in enumerate([*SPLITS][1:]))],
            "has no features of 1 of",
        ),
        (
            ["image,neighbor", *(f"{s},{s}" for s in SPLITS)],
            "line 2: neighbor 'train/cat/1.jpg' is no finite number, such as 0.93; correct it, or",
        ),
        (["image,f1", *(f"{s},inf" for s in SPLITS)], "line 2: f1 'inf' is no finite number"),
        (["image", *SPLITS], "has no column of numbers beside image; add the features"),
    ],
)
def test_a_table_that_is_neither_list_nor_features_is_refused(
    tmp_path: Path, lines: Sequence[str], expected: str
) -> None:
    assert expected in problems_of(tmp_path, lines)[0]


def test_a_list_has_no_distance_of_copies(tmp_path: Path) -> None:
    text = OF_TWO.replace("k = 2", "k = 2\nduplicate_distance = { tiny = 3.0 }")
    [problem] = problems_of(tmp_path, [HEAD, *FINE], text=text)
    assert problem.endswith("tiny has a list of neighbours, and no distances; remove it")


def test_arrays_of_features_are_read_by_the_pictures_names_and_checked(tmp_path: Path) -> None:
    folder = tmp_path / "features"
    for number, source in enumerate(SPLITS):
        path = folder / (source if number % 2 else source.removesuffix(".jpg"))
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(f"{path}.npy", np.array([number, 1], dtype=np.float64))
    given = read(tmp_path, folder)
    assert {source: given.features[source][0] for source in SPLITS} == {
        source: number for number, source in enumerate(SPLITS)
    }
    np.save(folder / "train/cat/1.npy", np.zeros((1, 2)))
    np.save(folder / "train/cat/2.jpg.npy", np.array([np.nan, 1]))
    np.save(folder / "train/cat/3.npy", np.zeros(3))
    np.save(folder / "train/cat/9.npy", np.zeros(2))
    unknown, shape, nan, missing, lengths = problems_of(tmp_path, folder)
    assert unknown.startswith("train/cat/9.npy: is of no image of the data set")
    assert (
        shape == "train/cat/1.npy: has the shape (1, 2), and not one dimension; save array.ravel()"
    )
    assert nan == "train/cat/2.jpg.npy: holds what is no number (NaN or infinite); replace it"
    assert missing.startswith("has no features of 2 of the 6 pictures of the split train")
    assert lengths == "features have 2 numbers, but of 'train/cat/3.jpg' 3; give all as many"


def test_neighbours_that_are_not_given_or_without_use_are_refused_before_work(
    tmp_path: Path,
) -> None:
    def problems(text: str, **neighbours: Path) -> list[str]:
        said = tmp_path / "answers.csv"
        said.write_text("")
        machine = Machine(predictions={"tiny": said}, neighbours=neighbours)
        return option_problems(parse_study(text, subject="study.toml"), machine)

    [missing] = problems(GIVEN)
    assert missing.startswith("classifier tiny: has no network of ours that neighbours could be fo")
    assert "add --neighbours tiny=PATH" in missing
    assert problems(GIVEN, tiny=tmp_path) == []
    [nowhere] = problems(GIVEN, tiny=tmp_path / "no")
    assert "correct the path" in nowhere
    unused, _ = problems(GIVEN, tiny=tmp_path, tinny=tmp_path) + [""]
    assert unused.startswith(
        "--neighbours tinny: no condition shows neighbours of answers that are"
    )


# The whole build, with answers and features of a network of ours.


@pytest.fixture(scope="module")
def of_network(
    colour_bundle: Bundle,
    colour_study: Study,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Answers, features and lists of the network of the bundle; of pictures left out, any."""
    folder = tmp_path_factory.mktemp("given")
    dataset = open_dataset(colour_study.dataset, colour_folder)
    crops, _ = all_crops(dataset, colour_study, colour_machine)
    classes = answer_classes(colour_study, dataset, colour_machine)
    (ready,) = ready_all(crops, dataset, classes, colour_study, colour_machine)
    cache, settings = colour_machine.cache_of(ready), colour_study.explainers.neighbours
    assert settings
    features = network_features(ready.classifier, settings, cache)
    said = {split: ready.answers(own, cache, what="") for split, own in crops.items()}
    training = crops[Split.TRAIN], said[Split.TRAIN]
    gallery = feature_gallery(features, *training, settings, name="tiny")
    labels = {e.source: e.label for e in dataset.examples}
    answers = {source: [classes.names[label], "1"] for source, label in labels.items()}
    lists, n_numbers = dict[str, list[str]](), len(features(training[0][:1])[0])
    for split, own in crops.items():
        for crop, vector, label, sure in zip(
            own, features(own), said[split].labels, said[split].confidences, strict=True
        ):
            answers[crop.example.source] = [classes.names[label], repr(float(sure))]
            save(folder / "features" / crop.example.source, vector)
            rows = gallery.nearest([crop], int(label), settings.k)[0].rows
            lists[crop.example.source] = [training[0][row].example.source for row in rows]
    for source in labels.keys() - lists.keys():
        save(folder / "features" / source, np.zeros(n_numbers))
        rows = gallery.rows[labels[source]][: settings.k]
        lists[source] = [training[0][row].example.source for row in rows]
    write(folder / "answers.csv", LABELS, [[source, *own] for source, own in answers.items()])
    ranked = [[s, one, str(n)] for s, own in lists.items() for n, one in enumerate(own, start=1)]
    write(folder / "lists.csv", HEAD, ranked)
    return folder


def save(path: Path, vector: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(f"{path}.npy", vector)


def write(path: Path, heading: str, rows: Sequence[Sequence[str]]) -> None:
    path.write_text("\n".join([heading, *(",".join(row) for row in rows)]))


def shown(bundle: Bundle, classifier: str) -> dict[str, list[bytes]]:
    """The neighbours of each test stimulus, as people see them."""
    return {
        e.stimulus_id: [(bundle.path / image).read_bytes() for image in e.images]
        for e in bundle.explanations
        if (e.explainer, e.classifier) == ("neighbours", classifier)
        and bundle.stimulus_by_id[e.stimulus_id].phase == "test"
    }


def test_features_and_lists_of_a_network_give_the_neighbours_of_the_network(
    of_network: Path, colour_bundle: Bundle, colour_folder: Path, tmp_path: Path
) -> None:
    """Of two classifiers with the same answers one has features and the other lists."""
    said = 'weights = "predictions"\n'
    text = GIVEN.replace(said, f'{said}[[classifiers]]\nname = "listed"\n{said}')
    text += '[[conditions]]\nname = "b"\nclassifier = "listed"\npanels = ["neighbours"]\n'
    study = parse_study(text, subject="study.toml")
    answers, features, lists = (of_network / n for n in ("answers.csv", "features", "lists.csv"))
    machine = replace(
        new_machine(tmp_path),
        predictions={"tiny": answers, "listed": answers},
        neighbours={"tiny": features, "listed": lists},
    )
    made = build(study, text, open_dataset(study.dataset, colour_folder), machine, tmp_path / "b")
    assert shown(made, "tiny") == shown(made, "listed") == shown(colour_bundle, "tiny")
    (facts, other), (expected,) = made.manifest.classifiers, colour_bundle.manifest.classifiers
    assert facts.duplicate_distance == pytest.approx(expected.duplicate_distance)
    assert other.duplicate_distance is None
    assert {name for e in made.explanations for name in e.scores if e.classifier == "tiny"} == {
        *("distance_1", "distance_2", "distance_3")
    }
    assert not any(e.scores for e in made.explanations if e.classifier == "listed")
    assert "neighbours (tiny): made elsewhere, of 270 images, digest" in summary(made)
    assert made.manifest.explanations["neighbours (listed)"].n_images < 270  # of val and test
