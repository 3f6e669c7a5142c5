"""Vetoes and marks: one stimulus makes room for another, and nothing else changes."""

import logging
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from stimuli.build.item_overrides import read_items
from stimuli.build.overrides import ByHand, read_by_hand
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, Kind, Prediction, Ruling, Stimulus, Verdict, read_bundle
from stimuli.bundle.verdicts import (
    VetoError,
    add_verdict,
    read_verdicts,
    require_known,
    take_back,
    verdicts_of,
    verdicts_path,
    with_marks,
)
from stimuli.cli import main
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.classifiers import Machine
from stimuli.review.contact_sheet import write_review
from stimuli.study import parse_study
from stimuli.study.online import Phase
from tests.stimuli.conftest import STUDY

# Strong enough to leave a bin with more adversarial pictures than it needs.
ATTACK = "attacked = 90\nn_steps = 10\nepsilon = 0.1\nrelative_step = 0.2\n"
TEXT = f"{STUDY}[adversarial]\nper_bin = 1\n{ATTACK}"


def build_bundle(folder: Path, machine: Machine, out: Path, by_hand: ByHand) -> Bundle:
    study = parse_study(TEXT, subject="study.toml")
    dataset = open_dataset(study.dataset, folder)
    return build(study, TEXT, dataset, machine, out, by_hand=by_hand)


@pytest.fixture(scope="module")
def before(
    colour_folder: Path, colour_machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    """A bundle that nobody has looked at yet."""
    out = tmp_path_factory.mktemp("vetoes") / "before"
    return build_bundle(colour_folder, colour_machine, out, ByHand())


def call(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def cell(bundle: Bundle, stimulus: Stimulus) -> tuple[object, ...]:
    """Where a stimulus is needed: two of one cell can stand for each other."""
    (prediction,) = [p for p in bundle.predictions if p.stimulus_id == stimulus.stimulus_id]
    difficulty = prediction.bin if stimulus.phase is Phase.TEST else None
    return stimulus.phase, stimulus.kind, difficulty, prediction.right


def victims(bundle: Bundle) -> list[Stimulus]:
    """A natural and an adversarial stimulus with others to replace them, and an item."""
    [facts] = bundle.manifest.adversarial
    plenty = {
        kind: {(c.bin, c.right) for c in counts if c.available > c.chosen}
        for kind, counts in (
            (Kind.NATURAL, bundle.manifest.bins),
            (Kind.ADVERSARIAL, facts.bins),
        )
    }

    def replaceable(p: Prediction) -> bool:
        s = bundle.stimulus_by_id[p.stimulus_id]
        return s.phase is Phase.TEST and (p.bin, p.right) in plenty[s.kind]

    candidates = [
        bundle.stimulus_by_id[p.stimulus_id] for p in bundle.predictions if replaceable(p)
    ]
    tests = [next(s for s in candidates if s.kind is kind) for kind in plenty]
    return [*tests, bundle.of_phase(Phase.PRACTICE)[0]]


@pytest.fixture(scope="module")
def after(
    before: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """The bundle once one of each sort was vetoed and another one marked, by command."""
    folder = tmp_path_factory.mktemp("reviewed")
    reviewed = Path(shutil.copytree(before.path, folder / "mine"))
    who = ["--reviewer", "Ada"]
    for stimulus in victims(before):
        call("review", reviewed, "--veto", stimulus.stimulus_id, "--reason", "blurred", *who)
    doubted = before.of_phase(Phase.VALIDATION)[0].stimulus_id
    output = call("review", reviewed, "--debatable", doubted, "--reason", "or is it green?", *who)
    assert f"build with --vetoes {verdicts_path(reviewed)}" in output
    by_hand = read_by_hand(None, [folder / "mine-vetoes.csv"])
    return build_bundle(colour_folder, colour_machine, folder / "after", by_hand)


def test_each_vetoed_stimulus_makes_room_for_one_of_its_bin_and_nothing_else_changes(
    before: Bundle, after: Bundle
) -> None:
    old, new = before.stimulus_by_id, after.stimulus_by_id
    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    vetoed = {s.stimulus_id for s in victims(before)}
    assert vetoed <= gone
    # The photograph of an adversarial stimulus may be needed as a natural one; then it goes too.
    new_sources = {new[i].source for i in come}
    assert all(
        old[i].kind is Kind.ADVERSARIAL and old[i].source in new_sources for i in gone - vetoed
    )
    assert sorted(map(str, (cell(before, old[i]) for i in gone))) == sorted(
        map(str, (cell(after, new[i]) for i in come))
    )
    marks = {"debatable": False, "debatable_reason": ""}
    for stimulus_id in old.keys() & new.keys():
        assert new[stimulus_id].model_copy(update=marks) == old[stimulus_id]
    same = old.keys() & new.keys()
    for rows in ("predictions", "explanations"):
        one, two = (
            [row for row in getattr(b, rows) if row.stimulus_id in same] for b in (before, after)
        )
        assert one == two
    [attacks], [again] = before.manifest.adversarial, after.manifest.adversarial
    assert (again.attacked, again.deceived) == (attacks.attacked, attacks.deceived)
    assert after.pool == before.pool
    assert [c.available for c in after.manifest.bins] == [c.available for c in before.manifest.bins]


def test_vetoes_travel_with_the_bundle_and_marks_with_their_stimulus(
    before: Bundle, after: Bundle
) -> None:
    vetoes = [v for v in after.manifest.verdicts if v.ruling is Ruling.VETO]
    assert [(v.stimulus_id, v.source) for v in vetoes] == [
        (s.stimulus_id, s.source) for s in victims(before)
    ]
    assert {(v.reason, v.reviewer) for v in vetoes} == {("blurred", "Ada")}
    (mark,) = [s for s in after.stimuli if s.debatable]
    assert mark.stimulus_id == before.of_phase(Phase.VALIDATION)[0].stimulus_id
    assert mark.debatable_reason == "or is it green? (Ada)"


def test_a_review_of_the_next_bundle_adds_to_the_vetoes_that_it_followed(
    after: Bundle, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(after.path, tmp_path / "next"))
    stimulus = after.of_phase(Phase.TEST)[0]
    options = ["--reason", "cut off", "--reviewer", "Bo"]
    call("review", folder, "--veto", stimulus.stimulus_id, *options)
    verdicts = read_verdicts(tmp_path / "next-vetoes.csv")
    assert verdicts[:-1] == after.manifest.verdicts
    assert (verdicts[-1].source, verdicts[-1].reviewer) == (stimulus.source, "Bo")
    call("review", folder, "--veto", stimulus.stimulus_id, *options)
    assert read_verdicts(tmp_path / "next-vetoes.csv") == verdicts
    call("check", folder)
    page = (tmp_path / "next-review.html").read_text("utf-8")
    assert "<strong>Veto for the next build:</strong> cut off (Bo)" in page
    assert "<strong>Debatable:</strong> or is it green? (Ada)" in page
    assert page.count("for the next build:</strong>") == 1


def test_a_verdict_that_says_too_little_is_refused_and_nothing_written(
    before: Bundle, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(before.path, tmp_path / "bundle"))
    known = before.stimuli[0].stimulus_id
    for arguments, expected in (
        (["--veto", "0123456789ab", "--reason", "x", "--reviewer", "y"], "is no stimulus of"),
        (["--veto", known], "2 problems"),
        (["--debatable", known, "--reason", "two\nlines", "--reviewer", "y"], "reason:"),
    ):
        result = CliRunner().invoke(main, ["review", str(folder), *arguments])
        assert result.exit_code == 1
        assert expected in result.output
    assert not verdicts_path(folder).exists()


@pytest.fixture
def copied(before: Bundle, tmp_path: Path) -> Bundle:
    """A bundle with nothing beside it."""
    return read_bundle(Path(shutil.copytree(before.path, tmp_path / "copied")))


def test_one_verdict_is_taken_back_and_those_of_others_stay_in_their_order(copied: Bundle) -> None:
    one, other = (s.stimulus_id for s in copied.stimuli[:2])
    for stimulus_id, reviewer in ((one, "Ada"), (one, "Bo"), (other, "Ada"), (one, "Cy")):
        add_verdict(copied, stimulus_id, Ruling.VETO, reason="odd", reviewer=reviewer)
    rows = verdicts_of(copied)
    take_back(copied, rows[1])
    assert verdicts_of(copied) == (rows[0], rows[2], rows[3])
    with pytest.raises(VetoError, match="no veto of Bo for the reason 'odd'"):
        take_back(copied, rows[1])
    assert verdicts_of(copied) == (rows[0], rows[2], rows[3])


def test_a_mark_that_the_bundle_followed_stays_taken_back(after: Bundle, tmp_path: Path) -> None:
    """An empty file is no missing file, for which the bundle's own verdicts stand."""
    bundle = read_bundle(Path(shutil.copytree(after.path, tmp_path / "next")))
    for verdict in after.manifest.verdicts:
        take_back(bundle, verdict)
    assert verdicts_of(bundle) == ()
    page = write_review(bundle.path).read_text("utf-8")
    assert "or is it green? (Ada). Taken back for the next build." in page


def test_verdicts_that_are_given_at_once_are_all_kept(copied: Bundle) -> None:
    stimuli = [s.stimulus_id for s in copied.stimuli] * 2

    def veto(stimulus_id: str) -> None:
        add_verdict(copied, stimulus_id, Ruling.VETO, reason="odd", reviewer="Ada")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(veto, stimuli))
    assert sorted(v.stimulus_id for v in verdicts_of(copied)) == sorted(set(stimuli))


def verdict(stimulus: Stimulus, ruling: Ruling, reason: str = "odd") -> Verdict:
    return Verdict(
        stimulus_id=stimulus.stimulus_id,
        ruling=ruling,
        reason=reason,
        reviewer="Ada",
        source=stimulus.source,
    )


def test_vetoes_of_another_seed_are_refused_before_anything_is_built(before: Bundle) -> None:
    vetoes = [verdict(s, Ruling.VETO) for s in before.stimuli]
    require_known(vetoes, before.study)
    other = parse_study(TEXT.replace("seed = 5", "seed = 6"), subject="study.toml")
    with pytest.raises(VetoError) as error:
        require_known(vetoes, other)
    assert len(error.value.problems) == len(vetoes)
    assert "with seed 6" in error.value.problems[0]


def test_all_reasons_for_a_mark_are_kept_whatever_their_order(before: Bundle) -> None:
    stimulus, other = before.stimuli[:2]
    marks = [verdict(stimulus, Ruling.DEBATABLE, reason) for reason in ("a", "b")]
    marks.append(verdict(other, Ruling.VETO))
    one, two = (with_marks(before.stimuli, v) for v in (marks, marks[::-1]))
    assert one == two
    assert one[0].debatable_reason == "a (Ada); b (Ada)"
    assert not any(s.debatable for s in one[1:])


def with_own_rationale(rows: Sequence[str]) -> str:
    """The first practice item with a rationale of its own."""
    phase, source, _ = rows[1].split(",", 2)
    return "\n".join([rows[0], f"{phase},{source},Its colour is the colour.", *rows[2:], ""])


def test_items_fixed_by_hand_are_those_of_the_bundle(
    before: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        with_own_rationale((before.path / "items.csv").read_text("utf-8").splitlines()), "utf-8"
    )
    by_hand = read_by_hand(path, [])
    with caplog.at_level(logging.WARNING, "stimuli"):
        bundle = build_bundle(colour_folder, colour_machine, tmp_path / "bundle", by_hand)
    assert read_items(bundle.path / "items.csv") == by_hand.items
    assert bundle.manifest.items == "by hand"
    assert {s.stimulus_id for s in bundle.stimuli} == {s.stimulus_id for s in before.stimuli}
    changed = [s for s in bundle.stimuli if s not in before.stimuli]
    assert [s.rationale for s in changed] == ["Its colour is the colour."]
    page = write_review(bundle.path).read_text("utf-8")
    assert "chosen by hand" in page
    assert ("The number gives it away" in page) == ("so the number tells" in caplog.text)
