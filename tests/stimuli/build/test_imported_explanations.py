"""Explanations that another tool made: found, checked with one message, shown, and scored."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explainers.classifier import new_classifier
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import filters
from stimuli.build.explanations import EXPLAINERS, HeatMaps, draw
from stimuli.build.heatmaps.map_checks import maps_seen
from stimuli.build.imported.explanation_pictures import shown_picture
from stimuli.build.imported.image_names import images_by_name, parts_by_image
from stimuli.build.imported.intake import ExplanationsError, read_given
from stimuli.datasets.base import Example, Split
from stimuli.models.classifiers import Machine
from stimuli.models.options import option_problems
from stimuli.models.predictions import predict
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import decode, encode
from stimuli.pictures.render import heatmap_jpeg
from stimuli.study import Study, StudyError, parse_study
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY

SIDE = 32  # crop_px of the study
N = 4
ROWS = [(Split.TEST, row) for row in range(N)]
HEATMAPS = '[explainers.mine]\nkind = "imported"\n'
CAPTION = 'caption = "What it saw"\n'


def study_with(table: str = HEATMAPS, panels: str = '["mine"]', more: str = "") -> Study:
    text = STUDY.replace("[explainers.gradcam]", f"[explainers.gradcam]\n{table}")
    text = text.replace('panels = ["gradcam"]', f"panels = {panels}")
    return parse_study(text + more, subject="study.toml")


def shows(what: str) -> str:
    return f'{HEATMAPS}shows = "{what}"\n{CAPTION}'


@pytest.fixture
def context(rng: np.random.Generator, tmp_path: Path) -> BuildContext:
    """Four pictures of noise with boxes, in nested folders, that a network names rightly."""
    pixels = rng.integers(0, 256, (N, SIDE, SIDE, 3), dtype=np.uint8)
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=2).eval()
    crops = [
        Crop(
            example=Example(source=f"test/a/{n}.jpg", label=0, split=Split.TEST),
            jpeg=encode(Image.fromarray(picture)),
            boxes=((4.0, 4.0, 20.0, 24.0),),
        )
        for n, picture in enumerate(pixels)
    ]
    labels = predict(classifier, crops).labels.tolist()
    crops = [
        replace(crop, example=replace(crop.example, label=label))
        for crop, label in zip(crops, labels, strict=True)
    ]
    predictions = {Split.TEST: predict(classifier, crops)}
    evaluated = evaluated_classifier(predictions, classifier=classifier, cache=tmp_path / "kept")
    examples = [crop.example for crop in crops]
    return build_context(study_with(), evaluated, crops={Split.TEST: crops}, examples=examples)


def given_to(context: BuildContext, path: Path, study: Study) -> BuildContext:
    given = read_given(study, context.dataset, {"mine": path})
    return replace(context, study=study, given=given)


def problems_of(context: BuildContext, path: Path, study: Study) -> list[str]:
    with pytest.raises(ExplanationsError) as error:
        read_given(study, context.dataset, {"mine": path})
    return list(error.value.problems)


def save(path: Path, array: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npy":
        np.save(path, array)
    else:
        Image.fromarray(array).save(path)


@pytest.fixture
def maps(context: BuildContext, tmp_path: Path, rng: np.random.Generator) -> Path:
    """A map of each picture, by the picture's name without its ending."""
    for n in range(N):
        save(tmp_path / "maps" / f"test/a/{n}.npy", rng.random((SIDE, SIDE), dtype=np.float32))
    return tmp_path / "maps"


@pytest.fixture
def noise(tmp_path: Path, rng: np.random.Generator) -> Callable[[str], None]:
    """Writes a picture of noise, 48 pixels on a side."""

    def write(name: str) -> None:
        save(tmp_path / "given" / name, rng.integers(0, 256, (48, 48, 3), dtype=np.uint8))

    return write


def test_arrays_give_the_pictures_and_the_scores_of_the_explainer_that_drew_them(
    context: BuildContext, tmp_path: Path
) -> None:
    """The law: nothing but the array decides, to the last digit."""
    (evaluated,) = context.evaluations
    gradcam = EXPLAINERS["gradcam"]
    assert isinstance(gradcam, HeatMaps)
    heatmap_of = gradcam.reader(evaluated, context)
    for row in ROWS:
        name = f"{context.crops[Split.TEST][row[1]].example.source}.npy"
        save(tmp_path / "given" / name, heatmap_of(row))
    ours = draw("gradcam", evaluated, ROWS, context)
    theirs = draw("mine", evaluated, ROWS, given_to(context, tmp_path / "given", study_with()))
    assert theirs.pictures == ours.pictures
    assert theirs.scores == ours.scores
    assert theirs.threshold == ours.threshold
    assert {"iou", "wsl", "deletion", "monotonicity"} <= set(theirs.scores[0])


def test_a_signed_array_is_drawn_with_its_sign(
    context: BuildContext, tmp_path: Path, rng: np.random.Generator
) -> None:
    heatmaps = rng.uniform(-1, 1, (N, SIDE, SIDE)).astype(np.float32)
    for n, heatmap in enumerate(heatmaps):
        save(tmp_path / "given" / f"test/a/{n}.npy", heatmap)
    (evaluated,) = context.evaluations
    signed = given_to(context, tmp_path / "given", study_with(f"{HEATMAPS}signed = true\n"))
    drawn = draw("mine", evaluated, ROWS, signed).pictures[0][0]
    photo = context.crops[Split.TEST][0].jpeg
    assert bytes(drawn).rstrip(b"\0") == heatmap_jpeg(heatmaps[0], photo, is_signed=True)


def test_images_without_an_explanation_are_left_out_and_counted(
    context: BuildContext, maps: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (maps / "test/a/2.npy").unlink()
    partly = given_to(context, maps, study_with())
    assert filters(Split.TEST, partly)["no explanation of mine (tiny)"].tolist() == [
        *(True, True, False, True)
    ]
    assert "mine: 3 of 4 images of val and test are explained with tiny" in caplog.text


def test_the_digest_says_which_explanations_they_are(context: BuildContext, maps: Path) -> None:
    study = study_with()
    first = read_given(study, context.dataset, {"mine": maps})["mine"]
    again = read_given(study, context.dataset, {"mine": maps})["mine"]
    assert first.digest == again.digest
    one, other = maps / "test/a/0.npy", maps / "test/a/1.npy"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    assert read_given(study, context.dataset, {"mine": maps})["mine"].digest != first.digest


def test_pictures_are_shown_as_they_are_in_files_of_one_length(
    context: BuildContext, noise: Callable[[str], None], tmp_path: Path
) -> None:
    """Of any size, what is transparent on white, and nothing of the file but its pixels."""
    for n in range(N):
        noise(f"test/a/{n}.png")
    half = np.zeros((64, 64, 4), dtype=np.uint8)
    half[:32] = (200, 0, 0, 255)
    exif = Image.Exif()
    exif[0x010E] = "right"
    Image.fromarray(half).save(tmp_path / "given" / "test/a/3.png", exif=exif)
    given = given_to(context, tmp_path / "given", study_with(shows("pictures")))
    (evaluated,) = context.evaluations
    drawings = draw("mine", evaluated, ROWS, given)
    assert len({len(jpeg) for (jpeg,) in drawings.pictures}) == 1
    assert drawings.scores == [{}] * N
    last = drawings.pictures[3][0]
    assert b"right" not in bytes(last)
    assert decode(last).shape == (SIDE, SIDE, 3)
    assert np.abs(decode(last)[4, 16].astype(int) - (200, 0, 0)).max() < 12
    assert decode(last)[-4, 16].min() > 243


def test_several_photos_of_an_image_are_shown_in_their_order(
    context: BuildContext, noise: Callable[[str], None], tmp_path: Path
) -> None:
    names = [f"test/a/{n}/{place}.png" for n in range(N) for place in (2, 10, 1)]
    for name in names:
        noise(name)
    given = given_to(context, tmp_path / "given", study_with(shows("photos")))
    (evaluated,) = context.evaluations
    pictures = draw("mine", evaluated, ROWS[1:2], given).pictures[0]
    for place, jpeg in zip((1, 2, 10), pictures, strict=True):
        path = tmp_path / "given" / f"test/a/1/{place}.png"
        assert bytes(jpeg).rstrip(b"\0") == shown_picture(path, SIDE)
    (tmp_path / "given" / names[0]).unlink()
    (problem,) = problems_of(context, tmp_path / "given", study_with(shows("photos")))
    assert "1 of 4 images, such as test/a/0.jpg, have another number of photos than 3" in problem


# Every wrong thing has its message, before any work


def test_maps_that_are_all_alike_are_refused_unless_they_are_a_placebo(
    context: BuildContext, maps: Path
) -> None:
    for n in range(1, N):
        shutil.copy(maps / "test/a/0.npy", maps / f"test/a/{n}.npy")
    (problem,) = problems_of(context, maps, study_with())
    assert "the explanations of all 4 images are the same" in problem
    assert "placebo = true" in problem
    assert given_to(context, maps, study_with(f"{HEATMAPS}placebo = true\n")).given["mine"]


def test_an_empty_map_makes_room_for_another_image(context: BuildContext, maps: Path) -> None:
    save(maps / "test/a/1.npy", np.zeros((SIDE, SIDE)))
    (evaluated,) = context.evaluations
    seen = maps_seen(evaluated, ROWS, given_to(context, maps, study_with()))
    assert seen["mine (tiny)"].empty == {(Split.TEST, 1)}


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((SIDE, SIDE + 1)), "has the shape (32, 33), not (32, 32)"),
        (np.zeros((1, SIDE, SIDE)), "has the shape (1, 32, 32), not (32, 32)"),
        (np.full((SIDE, SIDE), np.nan), "holds what is no number"),
        (np.full((SIDE, SIDE), 255, dtype=np.uint8), "lies from 255 to 255; maps lie in [0, 1]"),
        (np.linspace(-3, 1, SIDE**2).reshape(SIDE, SIDE), "lies from -3 to 1; maps lie in [0, 1]"),
        (np.full((SIDE, SIDE), "a"), "holds no real numbers"),
        (np.full((SIDE, SIDE), None), "cannot be read as an array"),
    ],
)
def test_an_array_that_is_no_heat_map_is_named_with_what_to_do(
    array: np.ndarray, message: str, context: BuildContext, maps: Path
) -> None:
    save(maps / "test/a/3.npy", array)
    (problem,) = problems_of(context, maps, study_with())
    assert problem.startswith("mine: test/a/3.npy: ")
    assert message in problem


def test_advice_on_scaling_depends_on_whether_maps_have_a_sign(
    context: BuildContext, maps: Path
) -> None:
    save(maps / "test/a/3.npy", np.linspace(-3, 1, SIDE**2).reshape(SIDE, SIDE))
    (problem,) = problems_of(context, maps, study_with())
    assert "say signed = true" in problem
    (problem,) = problems_of(context, maps, study_with(f"{HEATMAPS}signed = true\n"))
    assert problem.endswith("divide each by its greatest absolute value")


def test_all_problems_of_a_folder_come_at_once(context: BuildContext, maps: Path) -> None:
    save(maps / "test/b/9.npy", np.zeros((SIDE, SIDE)))
    save(maps / "test/a/1.jpg.npy", np.zeros((SIDE, SIDE)))
    save(maps / "test/a/2.png", np.zeros((SIDE, SIDE), dtype=np.uint8))
    (maps / "notes.txt").write_text("notes")
    (maps / ".DS_Store").write_text("hidden")
    said = "\n".join(problems_of(context, maps, study_with()))
    for message in (
        "test/b/9.npy: is of no image of the data set, which has names like 'test/a/0.jpg'",
        "test/a/1.npy: is of test/a/1.jpg, as test/a/1.jpg.npy is; keep one",
        "test/a/2.png: heatmaps are files of .npy; say shows = 'pictures', or remove it",
        "notes.txt: heatmaps are files of .npy; remove it",
    ):
        assert message in said
    assert "DS_Store" not in said


def test_an_empty_folder_a_file_and_nothing_are_refused(
    context: BuildContext, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (problem,) = problems_of(context, tmp_path / "empty", study_with())
    assert "there is no explanation of any image" in problem
    (problem,) = problems_of(context, tmp_path / "nowhere", study_with())
    assert "is no folder" in problem
    with pytest.raises(ExplanationsError, match="add --explanations mine=DIR"):
        read_given(study_with(), context.dataset, {})


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ((48, 40), "has 48 x 40 pixels and is no square"),
        ((16, 16), "has 16 pixels on a side, fewer than 32"),
        ((0, 0), "cannot be read (it is no picture)"),
        ((48, 48), "has one colour and nothing else, which explains nothing"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_with_what_to_do(
    size: tuple[int, int],
    message: str,
    context: BuildContext,
    noise: Callable[[str], None],
    tmp_path: Path,
) -> None:
    for n in range(N):
        noise(f"test/a/{n}.png")
    bad = tmp_path / "given" / "test/a/2.png"
    if size == (0, 0):
        bad.write_text("no picture")
    else:
        picture = Image.new("RGB", size, "white")
        if size != (48, 48):
            picture.putpixel((0, 0), (0, 0, 0))
        picture.save(bad)
    (problem,) = problems_of(context, tmp_path / "given", study_with(shows("pictures")))
    assert problem.startswith(f"mine: test/a/2.png: {message}")


def test_names_that_mean_two_images_are_refused() -> None:
    images = images_by_name(["a/1.jpg", "a/1.png", "a/1/2.jpg", "b/3.jpg"])
    _, (problem,) = parts_by_image(["a/1.npy"], images, several=False)
    assert problem == "a/1.npy: may be of a/1.jpg, a/1.png; give the image's whole name"
    _, problems = parts_by_image(["b/3.png", "b/3/x.png"], images, several=True)
    assert problems == ["b/3/x.png: is of b/3.jpg, as b/3.png is; keep one, or all in a folder"]
    found, _ = parts_by_image(["a/1.jpg.png", "a/1/2.png"], images, several=True)
    assert found == {"a/1.jpg": ["a/1.jpg.png"], "a/1/2.jpg": ["a/1/2.png"]}


def test_several_of_an_image_lie_in_a_folder_of_its_name_in_the_order_of_their_numbers() -> None:
    images = images_by_name(["test/a/1.jpg"])
    names = [f"test/a/1/{n}.png" for n in (10, 9, 1)]
    found, problems = parts_by_image(names, images, several=True)
    assert (found["test/a/1.jpg"], problems) == ([*reversed(names)], [])
    _, problems = parts_by_image(names[:1], images, several=False)
    assert "is of no image" in problems[0]


def test_with_several_classifiers_each_has_its_folder(context: BuildContext, maps: Path) -> None:
    classifiers = STUDY[STUDY.index("[[classifiers]]") : STUDY.index("[bins]")]
    two = classifiers + classifiers.replace('"tiny"\nbackbone', '"other"\nbackbone')
    text = STUDY.replace(classifiers, two).replace("[explainers.gradcam]", HEATMAPS)
    text = text.replace('panels = ["gradcam"]', 'classifier = "other"\npanels = ["mine"]')
    study = parse_study(text, subject="study.toml")
    missing, stranger = problems_of(context, maps, study)
    assert "the study has several classifiers" in missing
    assert "test: is none of the classifiers ['other'] that show it" in stranger
    maps.rename(maps.with_name("of each"))
    (maps.with_name("of each")).rename(maps.parent / "whole")
    (maps / "other").parent.mkdir()
    (maps.parent / "whole").rename(maps / "other")
    given = read_given(study, context.dataset, {"mine": maps})["mine"]
    assert given.explains("other", "test/a/0.jpg")
    assert not given.explains("tiny", "test/a/0.jpg")


def test_options_name_what_a_study_does_not_know(tmp_path: Path) -> None:
    paths = {"yours": tmp_path, "gradcam": tmp_path, "mine": tmp_path / "nowhere"}
    unknown, own, nowhere = option_problems(study_with(), Machine(explanations=paths))
    assert "the study has no [explainers.yours]" in unknown
    assert "the study makes its own explanations" in own
    assert "there is no " in nowhere


def test_attacks_scores_that_draw_again_and_missing_captions_are_refused_in_the_study() -> None:
    with pytest.raises(StudyError, match="attacked pictures are made by the build"):
        study_with(more="[adversarial]\nper_bin = 1\n")
    with pytest.raises(StudyError, match="nothing draws it again"):
        study_with(more='[scores]\nrobustness = ["mine"]\n')
    with pytest.raises(StudyError, match="say what people read below the pictures"):
        study_with(f'{HEATMAPS}shows = "pictures"\n')
    with pytest.raises(StudyError, match="has no sign; remove signed"):
        study_with(f"{shows('photos')}signed = true\n")
