"""Every benchmark does its work in small, so that what breaks one is seen at once.

Here are their sizes of QUICK=1, no peers, no photographs of `../shared/data` and no GPU: inputs are
made up, and what is compared with a peer is computed by ours alone. `make bench` compares.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser

from explainers.classifier import Classifier, new_classifier
from explainers.gradcam import gradcam
from stimuli.sal.experiment import Experiment
from stimuli.sal.experiment_file import read_experiment
from stimuli.sal.results.curves import read_runs
from tests.lab import ROOT, Lab
from tests.study_app.invented import build_bundle, study_text

N_PHOTOS = 3
MADE_UP_CURVE = {"accuracy": 0.5, "balanced_accuracy": 0.5, "dice_by_chance": 0.1}


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Callable[[str], ModuleType]]:
    """Imports a benchmark with its small sizes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUICK", "1")
        yield lambda name: import_module(f"tests.benchmarks.test_{name}")


@pytest.fixture
def kept_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Masks that benchmarks keep stay in the test's folder."""
    monkeypatch.setattr(import_module("tests.benchmarks.kept_masks"), "KEPT", tmp_path / "kept")


@pytest.fixture(scope="module")
def network() -> Classifier:
    """A small one that takes everything for the first of ImageNet's classes."""
    names = tuple(map(str, range(1000)))
    classifier = new_classifier("tiny", weights="none", classes=names, seed=1).eval()
    classifier.last_layer.bias.data[0] += 9
    return classifier


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder as `../shared/data/imagenet_val`: noise, of the first class."""
    (tmp_path / "images").mkdir()
    rng, names = np.random.default_rng(1), [f"{number}.JPEG" for number in range(N_PHOTOS)]
    for name in names:
        noise = rng.integers(0, 256, (227, 227, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / "images" / name)
    table = pd.DataFrame({"image": names, "class_index": 0, "boxes": "[[20, 20, 60, 60]]"})
    table.to_csv(tmp_path / "labels.csv", index=False)
    return tmp_path


@pytest.fixture
def small_lab(new_lab: Callable[[Path], Lab], tmp_path: Path) -> Lab:
    """A short study on an invented bundle."""
    text = study_text(practice=1, validation=1, test=3)
    return new_lab(build_bundle(tmp_path / "bundle", text).path)


Benchmark = Callable[[str], ModuleType]


def test_every_benchmark_is_done_in_small_here() -> None:
    files = {path.stem for path in (ROOT / "tests/benchmarks").glob("test_*.py")}
    text = Path(__file__).read_text("utf-8")
    assert {f"test_{name}" for name in re.findall(r'benchmark\("(\w+)"\)', text)} == files


def test_a_peer_that_is_absent_fails_the_benchmark_and_says_how_to_install_it() -> None:
    peers = import_module("tests.benchmarks.peers")
    with pytest.raises(pytest.fail.Exception, match="`make bench` installs requirements-bench"):
        peers.peer("a_peer_that_nobody_has")


def test_against_ai(benchmark: Benchmark) -> None:
    against_ai = benchmark("against_ai")
    for share in against_ai.held((0.3, 1.0, 25), seed=1).values():
        assert 0 <= share <= 100


def test_bounds(benchmark: Benchmark) -> None:
    bounds = benchmark("bounds")
    for selection in bounds.ASSUMED:
        assert 0 <= bounds.held((1.2, 1.0, 25), selection, seed=1) <= 100


def test_looks(benchmark: Benchmark) -> None:
    found = benchmark("looks").false_findings(
        np.random.default_rng(1), shares=(0.5, 1.0), n_studies=1, n_people=20
    )
    assert set(found) <= {0, 1}


def test_ceiling(benchmark: Benchmark) -> None:
    ceiling = benchmark("ceiling")
    shares = ceiling.held(ceiling.CORNERS[-1])
    assert all(0 <= share <= 100 for share in shares.values())


def test_completion(benchmark: Benchmark) -> None:
    share, pearson = benchmark("completion").rejected(3, 25, 0.05, seed=1)
    assert 0 <= share <= 100
    assert pearson < 100


def test_criteria(benchmark: Benchmark) -> None:
    criteria = benchmark("criteria")
    trained = criteria.candidates_of_a_trained_model()
    collapsed = criteria.candidates_of_a_collapsed_model(trained)
    for candidates in (trained, collapsed):
        for name in criteria.CRITERIA:
            criteria.told(name, *criteria.figures(name, candidates))


def test_cuda_on_a_processor(
    benchmark: Benchmark, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cuda, rates = benchmark("cuda"), import_module("tests.benchmarks.cuda_rates")
    rates.main(["--batch=2", "--loops=bare,ours", f"--meet={tmp_path}", "--of=1"])
    table = cuda.read_rates(capsys.readouterr().out)
    assert set(cuda.beside(table, table).index) == {"bare", "ours"}


def test_extremal(benchmark: Benchmark, network: Classifier) -> None:
    extremal = benchmark("extremal")
    image, label = extremal.noise_and_label(network)
    own_s = extremal.cpu_seconds(lambda: extremal.ours(network, image, label))
    assert extremal.times_faster([(own_s, own_s)]) > 0


@pytest.mark.usefixtures("kept_here")
def test_extremal_quality(benchmark: Benchmark, network: Classifier) -> None:
    quality = benchmark("extremal_quality")
    scores = quality.read_peer_scores()
    noise = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    masks = quality.masks_of(quality.labels_of(scores), network, lambda name: noise)
    pairs = quality.score_pairs(scores, masks, network, lambda name: noise)
    assert len(quality.highest_differences(pairs, "logit")) == len(quality.template_errors(pairs))
    # After so few steps a mask of this network is the same everywhere, and correlates with nothing.
    masks = {name: replace(own, masks=torch.rand_like(own.masks)) for name, own in masks.items()}
    assert all(-1 <= correlation <= 1 for correlation in quality.rank_correlations(masks))


@pytest.mark.slow
def test_torchrays_reference(photos: Path) -> None:
    reference = import_module("tests.benchmarks.reference.torchray_masks")
    assert len(reference.chosen(photos)) == N_PHOTOS
    for name in ("torchray_mirrored", "torchray_tables"):
        assert import_module(f"tests.benchmarks.reference.{name}").BUDGETS == reference.BUDGETS


def test_frozen(benchmark: Benchmark) -> None:
    assert benchmark("frozen").times_as_fast() > 0


def test_gradcam(benchmark: Benchmark, photos: Path, network: Classifier) -> None:
    cam = benchmark("gradcam")
    images = torch.cat([cam.whole(one.name, photos) for one in cam.photographs(photos)])
    labels = network(images).argmax(1)
    own_s = cam.cpu_seconds(lambda: gradcam(network, images, labels))
    cam.print_times([(own_s, own_s or 1)])


@pytest.mark.slow
def test_load(benchmark: Benchmark, tmp_path: Path) -> None:
    load = benchmark("load")
    (tmp_path / "otree").mkdir()
    load.write_otree_app(tmp_path / "otree")
    compile((tmp_path / "otree/judge/__init__.py").read_text(), "app", "exec")
    with load.our_server(tmp_path / "ours") as side:
        result = load.measure(side, clients=load.CLIENTS, seconds=load.ROUND_S)
        waiting = load.measure(side, clients=2, come_s=0.5, seconds=1, think_s=load.THINK_S)
        crowd = load.measure(side, clients=load.CROWD, come_s=load.CROWD_S, seconds=0)
    load.print_table({"ours": result}, {"ours": [waiting]})
    assert crowd.start_ms > 0
    assert 0 < result.decisions_per_s < result.answers_per_s
    assert "answers/s" in str(waiting)


def test_scores(benchmark: Benchmark) -> None:
    scores = benchmark("scores")
    result = scores.summary(scores.CORNERS[-1])
    assert all(0 <= value <= 100 for value in result.values())
    percent = scores.percent_held(scores.CORNERS[-1], scores.IMAGES, 2)
    assert ((percent >= 0) & (percent <= 100)).all()


@pytest.mark.slow
def test_score_cost(
    benchmark: Benchmark, photos: Path, network: Classifier, tmp_path: Path
) -> None:
    times = benchmark("score_cost").times(network, tmp_path, photos)
    assert {"losses", "faithfulness", "robustness", "randomisation"} < set(times)
    assert min(times.values()) > 0


@pytest.mark.slow
def test_score_cost_in_memory(benchmark: Benchmark, tmp_path: Path) -> None:
    benchmark("score_cost").test_scores_of_more_maps_than_fit_take_less_than_two_gigabytes(tmp_path)


@pytest.mark.slow
def test_start(benchmark: Benchmark, tmp_path: Path) -> None:
    few, many = benchmark("start").compared(tmp_path)
    assert 0 < few < 10 * many


def test_neighbours(benchmark: Benchmark) -> None:
    neighbours = benchmark("neighbours")
    for n_asked in (neighbours.CLASSES // 4, neighbours.CLASSES):
        ours, brute_force = neighbours.searches(n_asked)
        assert ours() == brute_force()


def test_newcombe(benchmark: Benchmark) -> None:
    newcombe = benchmark("newcombe")
    truth, share = newcombe.covered(np.random.default_rng(1), (20, 20), (0.5, 0.5), 0.4)
    assert 0.5 < truth < 1
    assert 50 < share <= 100


def test_coverage(benchmark: Benchmark) -> None:
    coverage = benchmark("coverage")
    population = coverage.Population(sd_person=0.3, sd_stimulus=1.0, n_people=20, effect=0.4)
    facts = coverage.measured(np.random.default_rng(1), population)
    assert set(facts.values()) <= {0.0, 0.5, 1.0}
    assert population.share(0.4) > population.share(0.0) > 0.5


def test_advice(benchmark: Benchmark) -> None:
    advice = benchmark("advice")
    population = advice.Advice(sd_person=0.3, sd_stimulus=1.0, n_people=20)
    held = advice.measured(np.random.default_rng(1), population, 1)
    assert set(held.stack().dropna()) <= {0.0, 1.0}
    left = advice.left_ai(np.random.default_rng(1), population, 2)
    assert left.shape == (2, 2)
    equal = advice.Advice(sd_person=0.3, sd_stimulus=1.0, alone=advice.equal_alone(0.3, 1.0))
    assert equal.truths()["before"] == pytest.approx(equal.truths()["ai"])


def test_step_coverage(benchmark: Benchmark) -> None:
    coverage, rng = benchmark("step_coverage"), np.random.default_rng(1)
    people = coverage.People(sd_person=0.3, sd_stimulus=1.0, n_people=20)
    true = coverage.truths(rng, people, 2_000)
    held = coverage.held(coverage.study(rng, people), true)
    assert set(held) == set(true)
    assert set(held.values()) <= {True, False}


def made_up_run(folder: Path, scenario: str, seed: int, rng: np.random.Generator) -> None:
    """A finished run as `stimuli.sal grid` leaves it."""
    folder.mkdir()
    tables = {"dataset": {"adaptor": "species"}, "run": {"scenario": scenario, "seed": seed}}
    experiment = Experiment.model_validate(tables).model_dump(mode="json")
    (folder / "run.json").write_text(json.dumps({"experiment": experiment}))
    curve = pd.DataFrame({"labelled_share": [0.2, 0.6, 1.0], "dice": rng.random(3)})
    curve.assign(**MADE_UP_CURVE).to_csv(folder / "curve.csv", index=False)


def test_orderings(benchmark: Benchmark, tmp_path: Path, rng: np.random.Generator) -> None:
    orderings = benchmark("orderings")
    for seed in range(2):
        for scenario in ("b1", "sal"):
            made_up_run(tmp_path / f"{scenario}{seed}", scenario, seed, rng)
    rounds = read_runs(tmp_path)
    orderings.print_values(rounds)
    dice = orderings.by_seed(rounds, orderings.VALUES[orderings.DICE[0]])
    mean, low, high = orderings.difference(dice, "sal", "b1")
    assert low < mean < high
    for name in ("last_layer", "species", "from_scratch"):
        for file in (name, f"{name}_uncorrelated"):
            read_experiment(orderings.experiment_file(file, tmp_path))


def test_orderings_of_drawn_masks(benchmark: Benchmark) -> None:
    orderings, noise = benchmark("orderings"), import_module("tests.benchmarks.noise")
    images = noise.noise(2, n_classes=2)
    assert 0 < orderings.dice_of_a_bump_in_the_middle(images) < 1
    for resolution in ("image", "map"):
        assert len(orderings.generations(images, resolution)) == 4


@pytest.mark.slow
def test_outage(benchmark: Benchmark, small_lab: Lab, chromium: Browser) -> None:
    phases = benchmark("outage").judge_through_an_outage(small_lab, chromium, at=1)
    assert phases == ["practice", "validation", "test", "test", "test"]


def test_pgd(benchmark: Benchmark, photos: Path, network: Classifier) -> None:
    pgd = benchmark("pgd")
    images, labels = pgd.rightly_classified(network, photos)
    assert len(labels) == pgd.SOURCES
    attacked = pgd.stored(pgd.ours(network, seed=1), images, labels)
    counts, wrong = pgd.counted(network, attacked, labels)
    assert counts["deceived"] == len(wrong)


def test_planted(benchmark: Benchmark, tmp_path: Path) -> None:
    planted = benchmark("planted")
    study = '[[conditions]]\nname = "confidence"\n[[conditions]]\nname = "neighbours"\n'
    (tmp_path / "study.toml").write_text(study)
    (tmp_path / "stimuli.jsonl").write_text('{"stimulus_id": "a", "phase": "test"}\n')
    row = '{"stimulus_id": "a", "bin": "easy", "right": true}\n'
    (tmp_path / "predictions.jsonl").write_text(row)
    bins = pd.DataFrame({"condition": ["confidence", "neighbours"], "bin": "easy", "ai_right": 1})
    bins = bins.assign(n_trials=4, n_right=[3, 4], accuracy_percent=[75.0, 100.0])
    (tmp_path / "tables").mkdir()
    bins.to_csv(tmp_path / "tables/bins.csv", index=False)
    cells = planted.compared(tmp_path, tmp_path)
    assert cells["error_points"].tolist() == [0, 0]
    planted.check(cells)


def test_power(benchmark: Benchmark) -> None:
    power = benchmark("power")
    for name in power.CORNERS:
        for predicted, seen in power.compared(name).values():
            assert 0 < predicted <= 100
            assert 0 <= seen <= 100


@pytest.mark.usefixtures("kept_here")
def test_pointing(benchmark: Benchmark, photos: Path, network: Classifier) -> None:
    pointing = benchmark("pointing")
    chosen = pointing.with_small_objects(network, photos)
    assert len(chosen) == N_PHOTOS
    for explainer, n in ((gradcam, N_PHOTOS), (pointing.kept_extremal, pointing.EXTREMAL)):
        scores = pointing.hits(explainer, network, chosen[:n], photos)
        pointing.least_gain_over_centre("x", scores, pointing.centre_hits(chosen[:n], photos))
        assert set(scores) <= {0, 1}


def test_randomisation(benchmark: Benchmark, photos: Path, network: Classifier) -> None:
    randomisation = benchmark("randomisation")
    random = randomisation.with_random_weights(network, seed=1)
    for name in ("gradient", "gradient_shap"):
        correlations, seconds = randomisation.compared(name, network, random, photos)
        assert len(correlations) == len(seconds) == randomisation.IMAGES
        assert max(map(abs, correlations)) <= 1


@pytest.mark.slow
def test_report_speed(benchmark: Benchmark, tmp_path: Path) -> None:
    speed = benchmark("report_speed")
    export = speed.write_study(tmp_path / "export", 10)
    elapsed_s, gib = speed.report_cost(export, tmp_path / "report")
    assert elapsed_s > 0
    assert 0 < gib < 2
    assert (tmp_path / "report/report.html").is_file()


def test_scales(benchmark: Benchmark) -> None:
    scales = benchmark("scales")
    for shape in scales.THRESHOLDS:
        scales.test_alphas_interval_and_a_scales_mean_hold_the_truth(shape)
    scales.test_odds_ratios_hold_the_truth_and_reject_few_null_studies(25, "even", 0.0)
    change, slope, *_ = scales.halves(np.random.default_rng(1), 25, 0.3, 1.0, 0.02)
    assert change[0] < change[1]
    assert slope[0] < slope[1]


def test_statistics(benchmark: Benchmark) -> None:
    statistics = benchmark("statistics")
    shares = statistics.summary("in small", seed=1, n_images=30, sd_leaning=0.5)
    assert shares.between(0, 100).all()


@pytest.mark.slow
def test_timing_lag(benchmark: Benchmark, small_lab: Lab, chromium: Browser) -> None:
    timing_lag = benchmark("timing_lag")
    lags, spreads = timing_lag.recorded_lags(small_lab, chromium)
    assert len(lags) == len(spreads) == timing_lag.REPEATS


def test_training_loop(benchmark: Benchmark) -> None:
    assert benchmark("training_loop").share_of_a_bare_loop("tiny") > 0
