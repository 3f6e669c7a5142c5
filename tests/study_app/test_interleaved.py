"""Validation trials that stand among those of the test, where nobody can tell them apart."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise

import pytest

from analysis.export.read import read_export
from analysis.report.methods import paragraph
from analysis.report.page import page, sections_of
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.accuracy import test_trials as trials_that_count
from stimuli.study import Outcome, Phase
from study_app.active_study import active_study
from study_app.answer_models import Trial
from study_app.dashboard.coverage import coverage
from study_app.dashboard.monitoring import overview
from study_app.database import db, writing
from study_app.enrolment.allocation import replay
from study_app.enums import Wave
from study_app.tokens import sign_in_token

TEST, VALIDATION = 12, 10
MAIN = TEST + VALIDATION
CHECK = """
[[attention]]
name = "{name}"
kind = "instructed"
text = "This shows whether you read on. Please choose Pink."
options = ["Blue", "Pink"]
expected = "Pink"
after_trial = {after}
"""


@pytest.fixture
def mixed_text(tools) -> str:
    """The study file of the invented bundle, with its validation among twelve test trials."""
    text = tools.study_text().replace("trials = 6", f"trials = {TEST}")
    return text.replace("live = false", "interleaved = true")


@pytest.fixture
def load_mixed(empty_app, bundle_path, mixed_text, tools, tmp_path):
    """Puts the mixed study in force on the bundle that was built without; changes its text."""

    def load(extra: str = ""):
        path = tmp_path / "mixed.toml"
        path.write_text(mixed_text + extra, "utf-8")
        tools.load(empty_app, bundle_path, "--study", path)
        return empty_app

    return load


@pytest.fixture
def mixed_app(load_mixed):
    """A server with the mixed study."""
    return load_mixed()


@pytest.fixture
def come(empty_app, tools) -> Callable:
    """Somebody new who pressed Start."""
    return lambda: tools.visitor(empty_app.test_client()).start()


def of(participant, trials):
    """The trials of a person after the practice, in the order of the session."""
    return [t for t in trials if t.participant == participant.id and t.phase is not Phase.PRACTICE]


def judge(app, tools, bundle, *, validation: bool):
    """Chooses right in the test, and right or wrong in the validation."""
    right = {p.stimulus_id: p.right for p in bundle.predictions}

    def choose(page):
        if page.form.fields["screen"] != "judge":
            return page.form.choices[0]
        [trial] = [t for t in tools.trials(app) if t.key == page.form.fields["trial"]]
        rightly = validation or trial.phase is not Phase.VALIDATION
        return "yes" if right[trial.stimulus_id] == rightly else "no"

    return choose


def run(app, *arguments) -> str:
    """Run a study command."""
    result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


# The order of trials


def test_validation_trials_stand_apart_between_test_trials(mixed_app, come, tools):
    for _ in range(6):
        come()
    trials = tools.trials(mixed_app)
    sequences = [of(participant, trials) for participant in tools.participants(mixed_app)]
    for sequence in sequences:
        assert [t.trial_index for t in sequence] == list(range(MAIN))
        phases = [t.phase for t in sequence]
        assert phases.count(Phase.VALIDATION) == VALIDATION
        assert phases[0] is phases[-1] is Phase.TEST
        assert (Phase.VALIDATION, Phase.VALIDATION) not in pairwise(phases)
    items = [
        [t.stimulus_id for t in sequence if t.phase is Phase.VALIDATION] for sequence in sequences
    ]
    assert len(set(map(frozenset, items))) == 1
    assert len(set(map(tuple, items))) == 6


def test_loading_says_that_trials_are_mixed(mixed_app, bundle_path, tmp_path):
    output = run(mixed_app, "load", bundle_path, "--study", tmp_path / "mixed.toml")
    assert "5 practice, 10 validation, 12 test, mixed" in output


def test_where_validation_trials_stand_is_drawn_again_by_replay(mixed_app, come, tools):
    for _ in range(4):
        come()
    with mixed_app.app_context():
        assert replay(active_study()) == (4, [])
        with writing():
            first, second = of(tools.participants(mixed_app)[2], db.session.query(Trial).all())[:2]
            first.trial_index, second.trial_index = -1, first.trial_index
            db.session.flush()
            first.trial_index = 1
        assert replay(active_study()) == (4, [tools.participants(mixed_app)[2].participant_id])


# What the browser gets


CHANGING = (
    (r'/p/[\w-]+|/media/[\w.]+|value="[\w.-]{16,}"', "#"),  # link, pictures, trial, form token
    (r'\d+ of \d+|class="bar" value="\d+"', "#"),
    (r"\d+&nbsp;%|A butterfly, number \d\.|\ban? (?=<strong)", "#"),
    (r"Amber Fritillary|Blue Morpho|Orange Tip|Peacock", "#"),
)


def without_facts(page: str) -> str:
    """A page without ids, pictures and numbers."""
    for pattern, sign in CHANGING:
        page = re.sub(pattern, sign, page)
    return page


def conditions_of(app, tools) -> list[str]:
    """Of everybody who came."""
    return [participant.condition for participant in tools.participants(app)]


@pytest.mark.slow
def test_no_page_tells_a_validation_trial_from_a_test_trial(mixed_app, come, tools):
    """In each condition and on each screen, all pages are the same but for what is judged."""
    kinds = defaultdict(lambda: defaultdict(set))
    visitors = [come() for _ in range(3)]
    order = {t.key: t for t in tools.trials(mixed_app)}
    for visitor, condition in zip(visitors, conditions_of(mixed_app, tools), strict=True):
        while visitor.screen != "debrief":
            trial = order.get(visitor.page.form.fields.get("trial", ""))
            # The first trial follows the practice, and no pictures follow the last.
            if trial and trial.phase is not Phase.PRACTICE and 0 < trial.trial_index < MAIN - 1:
                page, headers = visitor.response.text, dict(visitor.response.headers)
                assert "validation" not in page.lower() + repr(headers).lower()
                assert trial.stimulus_id not in page
                assert "<strong>Main questions</strong>" in page
                assert f"{trial.trial_index + 1} of {MAIN}" in page
                assert f'value="{5 + trial.trial_index}" max="{5 + MAIN}"' in page
                headers.pop("Content-Length")
                seen = (without_facts(page), visitor.url == f"/p/{visitor.token}", str(headers))
                kinds[condition, visitor.screen][trial.phase].add(seen)
            visitor.answer(visitor.page.form.choices[0])
    assert len(kinds) == 9
    for pages in kinds.values():
        assert pages[Phase.TEST] == pages[Phase.VALIDATION]
        assert len(pages[Phase.TEST]) == 1


def test_pictures_of_the_next_trial_are_announced_whatever_its_phase(mixed_app, come, tools):
    visitor, followed = come(), set()
    pairs = {t.key: (t, after) for t, after in pairwise(tools.trials(mixed_app))}
    while visitor.screen != "debrief":
        key = visitor.page.form.fields.get("trial", "")
        if visitor.screen == "judge" and key in pairs:
            trial, after = pairs[key]
            [coming] = re.findall(r'data-coming="([^"]*)"', visitor.response.text)
            assert f"/media/{after.image_sha256[:16]}.jpg" in coming.split()
            followed.add((trial.phase, after.phase))
        visitor.answer(visitor.page.form.choices[0])
    assert {(Phase.TEST, Phase.VALIDATION), (Phase.VALIDATION, Phase.TEST)} <= followed


def test_a_reload_returns_to_the_validation_trial_in_the_middle(mixed_app, come, tools):
    visitor = come()
    keys = {t.key for t in tools.trials(mixed_app) if t.phase is Phase.VALIDATION}
    while visitor.page.form.fields.get("trial") not in keys or visitor.screen != "judge":
        visitor.answer(visitor.page.form.choices[0])
    before = visitor.page.form.fields["trial"]
    assert visitor.open(visitor.url).page.form.fields["trial"] == before


def test_the_instructions_count_both_kinds_together(mixed_app, come):
    assert f"<strong>{MAIN}</strong> questions" in come().walk(until="instructions").response.text


# The gate


@pytest.mark.slow
def test_the_gate_is_looked_at_in_the_end_and_completing_pays(mixed_app, come, tools, bundle):
    good, bad = come(), come()
    for visitor, validation in ((good, True), (bad, False)):
        visitor.walk(choose=judge(mixed_app, tools, bundle, validation=validation))
        assert "CDONE123" in visitor.response.text
    participants = tools.participants(mixed_app)
    assert [participant.outcome for participant in participants] == [Outcome.COMPLETED] * 2
    assert [participant.qualified for participant in participants] == [True, False]
    with mixed_app.app_context():
        counts = coverage(active_study(), Wave.MAIN, simulated=False)
        assert sorted((c.qualified, c.stimuli) for c in counts) == [
            (0, (TEST, 0, 0, 0)),
            (0, (TEST, 0, 0, 0)),
            (1, (0, TEST, 0, 0)),
        ]
    assert "0 of 1" in run(mixed_app, "status")
    assert "1 of 1" in run(mixed_app, "status")


@pytest.mark.slow
def test_nobody_who_is_part_way_counts_as_failed(mixed_app, come, tools, bundle):
    """Not even who answered the last validation trial, and all of them wrongly."""
    visitor, choose = come(), judge(mixed_app, tools, bundle, validation=False)
    keys = [t.key for t in tools.trials(mixed_app)]
    while visitor.page.form.fields.get("trial") != keys[-1]:
        visitor.answer(choose(visitor.page))
        assert pass_rates(mixed_app) == [(0, 0)] * 3
    assert sum(t.decision is not None for t in tools.trials(mixed_app)) == 5 + MAIN - 1
    visitor.walk(choose=choose)
    assert sorted(pass_rates(mixed_app)) == [(0, 0), (0, 0), (1, 0)]


def pass_rates(app):
    """Who was measured and who passed, by condition."""
    with app.app_context():
        rows = overview(active_study(), Wave.MAIN, simulated=False).rows
    return [(row.judged_validation, row.passed_validation) for row in rows]


def test_the_experimenter_sees_the_pass_rate_after_the_end(mixed_app, come, tools, bundle):
    come().walk(choose=judge(mixed_app, tools, bundle, validation=True))
    with mixed_app.app_context():
        address = f"/experimenter/enter/{sign_in_token()}"
    console = tools.visitor(mixed_app.test_client()).open(address)
    text = " ".join(re.sub(r"<[^>]+>", " ", console.response.text).split())
    assert "Completed 1 Passed the validation 1" in text
    assert "Validation: 1 of 1 passed (100&nbsp;%)" in text
    assert "8 of 10 trials must be right; they stand among those of the test" in text


# Attention checks


def test_attention_checks_count_the_trials_as_the_page_does(load_mixed, come):
    """Before trials of either kind; and one after the last, whose number is that of both kinds."""
    places = {f"after-{n}": n for n in (2, 3, 4, 5, MAIN)}
    load_mixed("".join(CHECK.format(name=name, after=n) for name, n in places.items()))
    visitor, numbers, before = come(), {}, 0
    while visitor.screen != "debrief":
        if visitor.screen == "attention":
            numbers[visitor.page.form.fields["trial"]] = int(before)
        else:
            [before] = re.findall(rf"(\d+) of {MAIN}</span>", visitor.response.text) or [0]
        visitor.answer(visitor.page.form.choices[0])
    assert numbers == places


# The export, and a rehearsal


def test_the_export_tells_both_kinds_and_their_true_places(
    mixed_app, come, tools, bundle, tmp_path
):
    come().walk(choose=judge(mixed_app, tools, bundle, validation=True))
    run(mixed_app, "export", tmp_path / "out")
    with (tmp_path / "out/responses.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["phase"] != "practice"]
    trials = of(tools.participants(mixed_app)[0], tools.trials(mixed_app))
    assert [(row["phase"], row["stimulus_id"]) for row in rows] == [
        (trial.phase, trial.stimulus_id) for trial in trials
    ]
    assert [int(row["trial_index"]) for row in rows] == list(range(MAIN))
    assert [row["shown_at"] for row in rows] == sorted(row["shown_at"] for row in rows)
    export = read_export(tmp_path / "out")
    [participant] = export.participants.to_dict("records")
    told = (participant["n_validation"], participant["validation_right"], participant["n_test"])
    assert told == (VALIDATION, VALIDATION, TEST)
    assert export.facts.gate.interleaved
    participants = analysed(export).participants
    counted = trials_that_count(export.responses, participants)
    assert set(counted["phase"]) == {"test"}
    assert len(counted) == TEST


@pytest.mark.slow
def test_a_rehearsal_fails_those_who_judge_validation_badly(mixed_app, tools, tmp_path):
    mix = "--mix=calibrated=0.5,failing=0.25,quitting=0.25"
    sure = [f"--behaviour={name}=1,0" for name in ("confidence", "heatmap", "neighbours")]
    run(mixed_app, "simulate", "-n", 12, "--seed", 3, mix, *sure, "--person-sd=0", "--image-sd=0")
    run(mixed_app, "export", "--simulated", tmp_path / "out")
    sample = analysed(read_export(tmp_path / "out"))
    steps = sample.participants["step"].value_counts().to_dict()
    assert steps == {"analysed": 6, "below_gate": 3, "not_completed": 3}
    assert set(sample.users["n_trials"]) == {TEST}
    assert set(sample.users["accuracy_percent"]) == {100.0}
    assert "8 validation trials, mixed among the test trials, had to be right" in paragraph(sample)
    report = page(sample, sections_of(sample), {})
    assert "applied here, after the session; these trials stood among those of the test" in report
    assert "8 validation trials right, mixed among the test trials" in report
    participants = tools.participants(mixed_app)
    assert [p.qualified for p in participants].count(True) == 6
    with mixed_app.app_context():
        assert replay(active_study()) == (12, [])


@pytest.mark.slow
def test_places_of_those_below_the_gate_go_to_others_until_the_quota_is_full(load_mixed, tools):
    app = load_mixed("[assignment]\nquota = 2\n")
    mix = "--mix=calibrated=0.6,failing=0.4"
    run(app, "simulate", "-n", 18, "--seed", 2, "--at-once", 3, mix)
    participants = tools.participants(app)
    passed = Counter(participant.condition for participant in participants if participant.qualified)
    assert passed == {"confidence": 2, "heatmap": 2, "neighbours": 2}
    ends = Counter((participant.outcome, participant.qualified) for participant in participants)
    assert ends[Outcome.COMPLETED, False] >= 3
    assert ends[Outcome.QUOTA_FULL, False] >= 1
    assert len(ends) == 3
    with app.app_context():
        counts = coverage(active_study(), Wave.MAIN, simulated=True)
        assert {one.stimuli for one in counts} == {(0, 0, TEST, 0)}
        assert replay(active_study()) == (6 + ends[Outcome.COMPLETED, False], [])
