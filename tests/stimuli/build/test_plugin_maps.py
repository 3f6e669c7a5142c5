"""Heat maps of explainers that a lab brings: drawn, scored, kept and checked as ours are."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from explainers.classifier import new_classifier
from explainers.gradcam import gradcam
from stimuli.build.context import BuildContext
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import HeatMaps, draw, explainer_named
from stimuli.build.heatmaps.map_checks import maps_seen
from stimuli.build.heatmaps.plugin_maps import PluginMapError, map_problem, require_maps
from stimuli.build.pipeline import build
from stimuli.bundle import PluginFacts
from stimuli.bundle.summary import summary
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import ClassInfo, Example, Split
from stimuli.models.class_matching import AnswerClasses
from stimuli.models.classifiers import Machine
from stimuli.models.plugins import found_plugins
from stimuli.models.predictions import images_of, predict
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import decode, encode
from stimuli.pictures.render import heatmap_jpeg
from stimuli.review.contact_sheet import write_review
from stimuli.study import Study, parse_study
from tests.lab import ROOT
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY

EXAMPLE = ROOT / "docs/examples/grid_shap.py"
SIDE = 64
ROWS = [(Split.TEST, row) for row in range(3)]
ANSWERS = AnswerClasses(
    of_dataset=("a", "b"),
    infos=tuple(ClassInfo(name=name, description="") for name in "ab"),
    outputs={"tiny": (0, 1)},
)
BRIGHTNESS = """
def brightness(classifier, images, labels, *, power=1.0):
    return images.mean(1) ** power

EXPLAINERS = {"brightness": brightness}
"""

Ready = Callable[..., tuple[EvaluatedClassifier, BuildContext]]


def study_of(name: str, table: str = "", scores: str = "") -> Study:
    return parse_study(study_text(name, table, scores), subject="study.toml")


def study_text(name: str, table: str = "", scores: str = "") -> str:
    own = f"{scores}\n[explainers.{name}]\nkind = 'plugin'\n{table}\n[explainers.gradcam]"
    text = STUDY.replace("[explainers.gradcam]", own)
    return text.replace('panels = ["gradcam"]', f'panels = ["{name}"]')


@pytest.fixture
def ready(tmp_path: Path, rng: np.random.Generator) -> Ready:
    """A study that shows a plugin, on three pictures of noise that a network classified."""
    pixels = rng.integers(0, 256, (3, SIDE, SIDE, 3), dtype=np.uint8)
    examples = [Example(source=f"{n}.png", label=0, split=Split.TEST) for n in range(3)]
    crops = {
        Split.TEST: [
            Crop(example=example, jpeg=encode(Image.fromarray(picture)), boxes=((8, 8, 40, 40),))
            for example, picture in zip(examples, pixels, strict=True)
        ]
    }
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=2).eval()
    predictions = predict(classifier, crops[Split.TEST])
    predictions = replace(predictions, labels=predictions.truths)  # all are right, and scored

    def make(code: str | Path, study: Study) -> tuple[EvaluatedClassifier, BuildContext]:
        path = code if isinstance(code, Path) else tmp_path / "maps.py"
        if isinstance(code, str):
            path.write_text(code)
        plugins, problems = found_plugins(study, [path])
        assert problems == []
        evaluated = evaluated_classifier(
            {Split.TEST: predictions}, classifier=classifier, cache=tmp_path / "kept"
        )
        context = build_context(study, evaluated, crops=crops)
        return evaluated, replace(context, machine=Machine(plugins=plugins))

    return make


def maps_of(name: str, evaluated: EvaluatedClassifier, context: BuildContext) -> list[np.ndarray]:
    explainer = explainer_named(name, context)
    assert isinstance(explainer, HeatMaps)
    return list(map(explainer.reader(evaluated, context), ROWS))


def test_the_maps_are_what_the_function_gives_with_the_settings_of_the_study(ready: Ready) -> None:
    evaluated, context = ready(BRIGHTNESS, study_of("brightness", "power = 2.0"))
    maps = maps_of("brightness", evaluated, context)
    images = images_of(context.crops[Split.TEST], torch.device("cpu"))
    np.testing.assert_allclose(np.stack(maps), images.mean(1).numpy() ** 2, atol=1e-6)
    drawings = draw("brightness", evaluated, ROWS, context)
    for heatmap, crop, (jpeg,) in zip(
        maps, context.crops[Split.TEST], drawings.pictures, strict=True
    ):
        np.testing.assert_array_equal(decode(jpeg), decode(heatmap_jpeg(heatmap, crop.jpeg)))


def test_a_plugin_that_calls_ours_has_our_maps(ready: Ready) -> None:
    code = "from explainers.gradcam import gradcam\nEXPLAINERS = {'mine': gradcam}"
    evaluated, context = ready(code, study_of("mine"))
    crop = context.crops[Split.TEST][0]
    (own,) = gradcam(
        evaluated.ready.classifier, images_of([crop], torch.device("cpu")), torch.tensor([0])
    )
    np.testing.assert_allclose(maps_of("mine", evaluated, context)[0], own.numpy(), atol=1e-6)


def test_an_unchanged_file_reads_what_was_kept_and_a_changed_one_draws_anew(
    ready: Ready, tmp_path: Path
) -> None:
    count = tmp_path / "calls"
    noted = f"    with open({str(count)!r}, 'a') as file:\n        file.write('x')\n    return"
    code = BRIGHTNESS.replace("    return", noted)
    study, calls = study_of("brightness"), []
    for text in (code, code, code + "# changed\n", code):
        evaluated, context = ready(text, study)
        maps_of("brightness", evaluated, context)
        calls.append(len(count.read_text()))
    assert calls == [3, 3, 6, 6]
    maps_of("brightness", *ready(code, study_of("brightness", "power = 2.0")))
    assert len(count.read_text()) == 9


def test_what_is_drawn_by_chance_depends_on_the_seed_and_on_no_other_picture(ready: Ready) -> None:
    code = (
        "import torch, numpy as np\n"
        "def dice(classifier, images, labels):\n"
        "    return torch.rand_like(images[:, 0]) * np.random.rand()\n"
        "EXPLAINERS = {'dice': dice}"
    )
    evaluated, context = ready(code, study_of("dice"))
    first, *others = maps_of("dice", evaluated, context)
    assert all(np.array_equal(first, other) for other in others)
    study = context.study.study.model_copy(update={"seed": 6})
    again = replace(context, study=context.study.model_copy(update={"study": study}))
    assert not np.array_equal(maps_of("dice", evaluated, again)[0], first)


def test_a_plugin_cannot_change_the_classifier_of_the_others(ready: Ready) -> None:
    code = (
        "def rude(classifier, images, labels):\n"
        "    classifier.train()\n"
        "    classifier(images.requires_grad_()).sum().backward()\n"
        "    for weights in classifier.parameters():\n"
        "        weights.data.zero_()\n"
        "    return images.detach()[:, 0].clamp_(0, 1)\n"
        "EXPLAINERS = {'rude': rude}"
    )
    evaluated, context = ready(code, study_of("rude"))
    before = {k: v.clone() for k, v in evaluated.ready.classifier.state_dict().items()}
    maps_of("rude", evaluated, context)
    classifier = evaluated.ready.classifier
    assert not classifier.training
    assert all(p.grad is None for p in classifier.parameters())
    assert all(torch.equal(v, before[k]) for k, v in classifier.state_dict().items())


def test_its_maps_have_the_scores_that_ours_have(ready: Ready) -> None:
    scores = "[scores]\nrobustness = ['mine', 'gradcam']\nrandomisation = ['mine', 'gradcam']"
    code = "from explainers.gradcam import gradcam\nEXPLAINERS = {'mine': gradcam}"
    evaluated, context = ready(code, study_of("mine", scores=scores))
    theirs, ours = (draw(name, evaluated, ROWS, context) for name in ("mine", "gradcam"))
    assert {"iou", "deletion", "max_sensitivity", "lipschitz", "randomisation"} <= set(
        theirs.scores[0]
    )
    for own, other in zip(theirs.scores, ours.scores, strict=True):
        assert own == pytest.approx(other, rel=1e-3, abs=1e-5)


def test_empty_maps_of_a_plugin_are_seen(ready: Ready) -> None:
    code = BRIGHTNESS.replace("images.mean(1) ** power", "images[:, 0] * 0")
    evaluated, context = ready(code, study_of("brightness"))
    (seen,) = maps_seen(evaluated, ROWS, context).values()
    assert seen.empty == set(ROWS)


WRONG = [
    ("images", "gave a tensor of shape (1, 3, 64, 64); wanted is a tensor of shape (1, 64, 64)"),
    ("images[:, 0, :20]", "gave a tensor of shape (1, 20, 64)"),
    ("images[:, 0].numpy()", "gave a ndarray; wanted"),
    ("images[:, 0] / 0", "gave values that are no numbers, such as NaN"),
    ("images[:, 0] + 1j", "gave values that are no numbers"),
    ("images[:, 0] * 0 + 3", "gave values from 3 to 3; wanted"),
    ("images[:, 0] * 0 - .5", "from 0 to 1; say signed = true if what is below 0 speaks against"),
    ("images[:, 7]", "ended in IndexError: index 7 is out of bounds"),
    ("None", "gave a NoneType"),
]


@pytest.mark.parametrize(("result", "expected"), WRONG)
def test_what_is_no_heat_map_is_refused_with_its_explainer_and_picture(
    result: str, expected: str, ready: Ready
) -> None:
    code = BRIGHTNESS.replace("images.mean(1) ** power", result)
    evaluated, context = ready(code, study_of("brightness"))
    with pytest.raises(PluginMapError, match=re.escape(expected)) as caught:
        draw("brightness", evaluated, ROWS, context)
    assert caught.value.subject == "explainers.brightness"
    assert caught.value.problems[0].startswith("0.png: maps.py ")
    with pytest.raises(PluginMapError, match=re.escape(expected.replace("64", "32"))) as tried:
        require_maps(context.study, ANSWERS, context.machine)
    assert tried.value.problems[0].startswith(
        "brightness of tiny, tried on a picture of noise: maps.py "
    )
    assert not list(evaluated.cache.folder.rglob("*.npz"))


def test_an_error_of_a_plugin_is_told_with_the_line_of_its_file(ready: Ready) -> None:
    code = BRIGHTNESS.replace("images.mean(1)", "classifier(images.sum)")
    evaluated, context = ready(code, study_of("brightness"))
    with pytest.raises(PluginMapError, match=r"maps\.py, line 3\); correct it"):
        draw("brightness", evaluated, ROWS, context)


def test_a_signed_map_is_one_that_the_table_says_to_be_signed(ready: Ready) -> None:
    code = BRIGHTNESS.replace("images.mean(1) ** power", "images[:, 0] * 2 - 1")
    evaluated, context = ready(code, study_of("brightness", "signed = true"))
    assert context.study.explainers.is_signed("brightness")
    assert min(m.min() for m in maps_of("brightness", evaluated, context)) < -0.5
    drawings = draw("brightness", evaluated, ROWS, context)
    assert len({jpeg for (jpeg,) in drawings.pictures}) == 3
    assert not study_of("brightness").explainers.is_signed("brightness")


def test_rounding_beyond_1_is_cut_off() -> None:
    maps = torch.full((1, 2, 2), 1 + 1e-6)
    assert map_problem(maps, (1, 2, 2), is_signed=False) is None
    assert map_problem(maps + 1e-4, (1, 2, 2), is_signed=False) is not None


class Additive(nn.Module):
    """A classifier whose logit is a weighted sum of the red values."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weights, self.mean = weights, torch.full((1, 3, 1, 1), 0.5)

    def forward(self, images: Tensor) -> Tensor:
        logits = (images[:, 0] * self.weights).sum((1, 2))
        return torch.stack([logits, -logits], dim=1)


def test_the_example_finds_the_shapley_values_of_a_sum(ready: Ready) -> None:
    """What a square adds to a sum is its weights times how far its red is from grey."""
    study = study_of("grid_shap", "signed = true\ncells = 2\nn_samples = 60")
    _, context = ready(EXAMPLE, study)
    weights = torch.zeros(4, 4)
    weights[0, 0], weights[0, 3], weights[3, 3] = 4.0, -2.0, 1.0
    images = torch.ones(1, 3, 4, 4)
    function = context.machine.plugins["grid_shap"].function
    torch.manual_seed(0)
    maps = function(Additive(weights), images, torch.tensor([0]), cells=2, n_samples=60)
    expected = torch.tensor([[1.0, -0.5], [0.0, 0.25]])  # over the strongest, 4 * 0.5
    expected = expected.repeat_interleave(2, 0).repeat_interleave(2, 1)
    torch.testing.assert_close(maps[0], expected, atol=1e-3, rtol=0)


def test_the_document_shows_the_example_as_it_is() -> None:
    assert EXAMPLE.read_text("utf-8") in (ROOT / "docs/own_explainer.md").read_text("utf-8")


def test_the_example_of_the_docs_is_built_into_a_bundle_as_it_is_written(
    colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    table = "signed = true\ncells = 2\nn_samples = 6"
    text = study_text("grid_shap", table)
    study = parse_study(text, subject="study.toml")
    plugins, problems = found_plugins(study, [EXAMPLE])
    assert problems == []
    dataset = open_dataset(study.dataset, colour_folder)
    machine = replace(colour_machine, plugins=plugins)
    built = build(study, text, dataset, machine, tmp_path / "bundle")
    facts = PluginFacts(source="grid_shap.py", sha256=plugins["grid_shap"].digest)
    assert built.manifest.plugins == {"grid_shap": facts}
    assert f"  grid_shap: drawn by grid_shap.py, SHA-256 {facts.sha256[:12]}" in summary(built)
    assert {e.explainer for e in built.explanations} == {"grid_shap", "neighbours"}
    page = write_review(built.path).read_text("utf-8")
    assert "grid_shap is drawn by grid_shap.py" in page
