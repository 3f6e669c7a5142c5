import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from analysis.export.read import read_export
from analysis.report.command import main, write_report
from analysis.report.page import page, sections_of
from analysis.report.sections import (
    accuracy,
    debatable,
    differences,
    evidence,
    people,
    scores,
    team,
    viewing,
    who,
)
from analysis.statistics.analysed import analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus, someone

TABLES = [
    "acceptance",
    "acceptance_by_confidence",
    "accuracy",
    "adversarial",
    "against_ai",
    "ai_only",
    "bins",
    "bounds",
    "comparisons",
    "completion",
    "confidence",
    "decision_times",
    "differences",
    "flow",
    "inputs",
    "interactions",
    "kinds",
    "knowledge",
    "knowledge_first",
    "mix",
    "natural",
    "participants",
    "pass_rates",
    "pass_tests",
    "rational",
    "rational_losses",
    "regression",
    "reliance",
    "reliance_users",
    "score_reliability",
    "scores",
    "sensitivity",
    "sessions",
    "stimulus_answers",
    "table1",
    "team",
    "team_gains",
    "thresholds",
    "viewers",
    "weights",
]


@pytest.fixture(scope="module")
def crowd():
    """Five people per condition on natural and adversarial stimuli, and three who are left out."""
    participants = [
        someone(condition, k, n=9)
        for condition, scores in {"confidence": [4, 5, 5, 6, 7], "gradcam": [5, 6, 8, 8, 9]}.items()
        for k in scores
    ]
    return [
        *participants,
        someone("gradcam", 9, n=9, simulated=True),
        someone("gradcam", 9, n=9, validation_right=5),
        Participant(condition="confidence", outcome="returned", right=()),
    ]


@pytest.fixture(scope="module")
def report(crowd, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    export = write_export(folder / "export", crowd)
    return write_report(export, folder / "report").parent


def page_of(report: Path) -> str:
    return (report / "report.html").read_text("utf-8")


def prose_of(folder: Path, *modules: ModuleType) -> str:
    """The page of an export without its figures, of the sections of these modules or of all."""
    participants = analysed(read_export(folder))
    some = [section for module in modules if (section := module.section(participants))]
    return page(participants, some if modules else sections_of(participants), {})


class Loads(HTMLParser):
    """Everything that a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            loads = name in ("src", "srcset", "data", "poster") or (
                "href" in name and tag != "a" and not (value or "").startswith("#")
            )
            if loads:
                self.found.append(value)


def test_the_page_loads_nothing_from_anywhere(report):
    loads = Loads()
    loads.feed(page_of(report))
    assert [link for link in loads.found if not link.startswith("data:")] == []
    assert not re.search(r"@import|url\((?!#|\"data:)", page_of(report))


def test_the_page_links_every_table_and_figure_and_they_are_there(report):
    html = page_of(report)
    for name in TABLES:
        assert f'href="tables/{name}.csv"' in html
    linked = re.findall(r'<a [^>]*href="((?:tables|figures)/[^"]+)"', html)
    assert sorted(linked) == sorted(
        str(path.relative_to(report)) for path in report.glob("*/*") if path.is_file()
    )
    assert html.count("<svg role=") == 8  # the scores of this export do not vary


def test_ids_on_the_page_are_unique(report):
    ids = re.findall(r'\bid="([^"]+)"', page_of(report))
    assert len(ids) == len(set(ids))


def test_the_tables_hold_the_numbers_of_the_people_who_are_in(report):
    accuracy = pd.read_csv(report / "tables" / "accuracy.csv").set_index("condition")
    assert accuracy["n_participants"].to_dict() == {"confidence": 5, "gradcam": 5}
    assert accuracy.loc["confidence", "mean_percent"] == pytest.approx(100 * 27 / 45)
    (pair,) = pd.read_csv(report / "tables" / "comparisons.csv").to_dict("records")
    assert pair["u"] == 2 * 0.5 + 1.5 + 2  # 5 ties 5, twice; 6 beats 5 and ties 6; 7 beats 5 and 6
    assert "12 analysed" not in page_of(report)
    assert "10 analysed of 13 who started" in page_of(report)


@pytest.mark.slow
def test_the_same_export_gives_the_same_files_byte_for_byte(crowd, report, tmp_path):
    again = write_report(write_export(tmp_path / "export", crowd), tmp_path / "report").parent
    for path in sorted(report.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(report)).read_bytes(), path.name


def test_a_rehearsal_says_so_in_large_letters(tmp_path, report):
    export = write_export(tmp_path / "e", [someone("confidence", 4, simulated=True)] * 3)
    assert "Rehearsal: these are simulated participants" in prose_of(export, who)
    assert "Rehearsal" not in page_of(report)


@pytest.mark.parametrize("n_people", [0, 1])
def test_a_report_can_be_made_before_anybody_or_after_one_person(tmp_path, n_people):
    participants = [someone("gradcam", 3, n=2)] * n_people
    html = page_of(write_report(write_export(tmp_path / "e", participants), tmp_path / "r").parent)
    assert f"{n_people} analysed of {n_people} who started" in html


def test_a_study_of_natural_stimuli_has_no_tables_of_adversarial_ones(tmp_path):
    html = prose_of(write_export(tmp_path / "e", [someone("confidence", 4)]))
    assert "adversarial.csv" not in html
    assert "kinds.csv" not in html


def test_a_bin_without_trials_is_admitted_on_the_page(tmp_path):
    participant = Participant(shown=(0, 1, 2, 3, 4), right=(True,) * 5)
    html = prose_of(write_export(tmp_path / "e", [participant]), team)
    assert "has no trials in hard wrong" in html
    assert "which hold 83.3&nbsp;% of the weight" in html


def test_an_export_without_a_pool_still_gives_a_report(tmp_path):
    export = write_export(tmp_path / "e", [someone("confidence", 4)] * 2, pool=[])
    html = prose_of(export, team)
    assert "The export has no pool for it" in html


def test_an_export_without_scores_says_why_nothing_is_set_against_people(tmp_path):
    export = write_export(tmp_path / "e", [someone("gradcam", 4)] * 2, explanations=[])
    html = prose_of(export, scores)
    assert "Nothing can be computed here: the export has no scores of explanations." in html
    assert "scores.csv" not in html


def test_text_from_the_export_cannot_become_markup(tmp_path):
    export = write_export(tmp_path / "e", [someone("confidence", 4)])
    study = export / "study.toml"
    study.write_text(study.read_text().replace("Which butterfly?", "<script>alert(1)</script>"))
    html = prose_of(export, who)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_unequal_pass_rates_are_warned_of_and_equal_ones_are_not(tmp_path):
    def text(failing):
        participants = [
            someone(condition, 4, validation_right=5 if number < fails else 9)
            for condition, fails in {"confidence": failing, "gradcam": 0}.items()
            for number in range(8)
        ]
        return prose_of(write_export(tmp_path / f"e{failing}", participants), who)

    # 2 of 8 against 8 of 8: p = 2 * 28 / 8008 = .007
    unequal = text(6).replace("\N{NO-BREAK SPACE}", " ")
    assert "let different shares of people pass the gate (Fisher’s exact p = .007)" in unequal
    assert "let different shares of people pass" not in text(1)


def test_small_groups_are_warned_of_and_large_ones_are_not(tmp_path):
    def text(n):
        participants = [someone(name, 4) for name in ("confidence", "gradcam") for _ in range(n)]
        export = write_export(tmp_path / f"e{n}", participants[:-1])
        return prose_of(export, accuracy).replace("\xa0", " ")

    small = text(20)  # one fewer with gradcam
    assert "Fewer than 20 people are analysed with “gradcam” (n = 19). With so few" in small
    assert "Fewer than 20 people" not in text(21)


def test_a_rehearsal_with_few_people_is_warned_of_in_one_sentence(tmp_path):
    participants = [someone("confidence", 4, simulated=True)] * 2
    html = prose_of(write_export(tmp_path / "e", participants)).replace("\xa0", " ")
    assert html.count("Fewer than 20 people") == 2  # in its section, and under the answer
    assert "“confidence” (n = 2) and “gradcam” (n = 0)" in html


@pytest.mark.slow
def test_stimuli_that_fewer_than_two_people_judged_are_warned_of(tmp_path):
    full = [someone(name, 9, n=9) for name in ("confidence", "gradcam")] * 2
    assert "fewer than two people:" not in prose_of(write_export(tmp_path / "full", full), viewing)
    export = write_export(tmp_path / "thin", [*full[:3], someone("gradcam", 5)])
    thin = prose_of(export, viewing)
    assert "fewer than two people: 3 of 9 with “gradcam”." in thin


def test_prior_knowledge_is_put_into_words_and_unanswered_trials_are_counted(tmp_path):
    yes, no = [True] * 3, [False] * 3
    participants = [
        someone("confidence", 4, seen=yes + no),  # 3 of 3 and 1 of 3
        someone("gradcam", 3, seen=[None, *no, *yes[:2]]),  # 0 of 2 and 2 of 3
    ]
    html = prose_of(write_export(tmp_path / "e", participants), viewing).replace("\xa0", " ")
    assert "right in 50.0 % of the trials in which they said yes, and in 50.0 %" in html
    assert "said no: no difference." in html
    assert "1 of 12 test trials have no answer" in html


@pytest.mark.slow
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"seen": [None] * 6}, "The export has no answers to that question"),
        ({"seen": [True] * 6}, "No condition has trials with both answers"),
        ({"minutes": None}, "The export has no times of whole sessions."),
        ({"decision_rt_ms": None}, "The export has no times of decisions."),
    ],
)
def test_what_an_export_lacks_is_said(tmp_path, facts, sentence):
    html = prose_of(write_export(tmp_path / "e", [someone("confidence", 4, **facts)]), viewing)
    assert sentence in html
    whole = [someone("confidence", 4, seen=[True, False] * 3)]
    assert sentence not in prose_of(write_export(tmp_path / "whole", whole), viewing)


@pytest.mark.slow
def test_no_number_of_the_page_is_nan(tmp_path):
    for n in (0, 1):
        participants = [someone("gradcam", 3, n=3, seen=[None] * 3, minutes=None)] * n
        html = prose_of(write_export(tmp_path / f"e{n}", participants, pool=[]))
        assert not re.search(r"\b(nan|NaN|None|&lt;NA&gt;)\b", html)


@pytest.mark.slow
def test_the_papers_test_is_there_only_where_it_is_asked_for(crowd, report, tmp_path):
    assert "paper_test" not in page_of(report)
    assert not (report / "tables" / "paper_test.csv").exists()
    export = write_export(tmp_path / "e", crowd)
    result = CliRunner().invoke(main, [str(export), "--out", str(tmp_path), "--reproduce-paper"])
    assert result.exit_code == 0, result.output
    assert "<b>It is optimistic</b>" in page_of(tmp_path)
    (pair,) = pd.read_csv(tmp_path / "tables" / "paper_test.csv").to_dict("records")
    assert (pair["n_trials_a"], pair["n_trials_b"]) == (45, 45)
    assert pair["accuracy_a_percent"] == pytest.approx(100 * 27 / 45)
    # 27 against 36 of 45: U = 27 * 9 + (27 * 36 + 18 * 9) / 2, tie-corrected sd 98.4, z = 2.05
    assert pair["u"] == 810
    assert pair["half_p"] == pytest.approx(0.0201, abs=5e-4)


def test_the_page_says_whom_each_test_speaks_of_and_why_the_wider_claim_is_missing(tmp_path):
    participants = [someone("confidence", k) for k in (3, 4, 5)]
    participants += [someone("gradcam", k) for k in (4, 4, 2)]
    html = prose_of(write_export(tmp_path / "e", participants), differences)
    assert "for other people who judge these stimuli" in html
    assert "hold for these stimuli only: fewer than 20 people in a condition" in html


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_report_and_it_fits_a_phone(report, chromium, scheme):
    page = chromium.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    page.goto((report / "report.html").as_uri())
    page.get_by_text("Contents").click()
    page.get_by_role("button", name="Open all").click()
    for summary in page.locator("main summary").all():
        summary.click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.close()


VIEW = {
    "photo_seen": 1.0,
    "photo_seen_ms": 2000,
    "panels_seen": "1.0 0.5",
    "panels_seen_ms": "2000 1500",
    "window_w": 1280,
    "window_h": 700,
    "zoom": 1.0,
}


def rewritten(folder: Path, **cells: object) -> Path:
    """An export whose trials have other cells."""
    path = folder / "responses.csv"
    rows = pd.read_csv(path, dtype=str)
    rows.assign(**{name: str(value) for name, value in cells.items()}).to_csv(path, index=False)
    return folder


def test_what_was_in_view_is_told_by_condition_and_little_is_warned_of_28(crowd, tmp_path):
    html = prose_of(rewritten(write_export(tmp_path / "e", crowd), **VIEW), evidence, viewing)
    assert "Not everything was in view" in html
    assert 'href="tables/evidence.csv"' in html
    whole = rewritten(tmp_path / "e", **VIEW | {"panels_seen": "1.0"})
    assert "Not everything was in view" not in prose_of(whole, evidence, viewing)


def test_an_export_of_before_says_that_nobody_knows_what_was_in_view_28(crowd, tmp_path):
    html = prose_of(write_export(tmp_path / "e", crowd), evidence)
    assert "does not tell what was in view" in html
    assert "evidence.csv" not in html


def test_answers_that_are_carried_are_counted_by_person_and_class_28(crowd, tmp_path):
    html = prose_of(rewritten(write_export(tmp_path / "e", crowd), seen_asked=0), viewing)
    assert "carry the answer" in html
    assert 'href="tables/knowledge_classes.csv"' in html


def test_debatable_stimuli_have_a_section_only_where_people_judged_some_29(tmp_path):
    doubtful = (*NATURAL[:5], Stimulus(bin="hard", ai_right=False, debatable=True))
    crowd = [someone(name, k) for name in ("confidence", "gradcam") for k in (3, 4, 5)]
    export = write_export(tmp_path / "some", crowd, stimuli=doubtful)
    html = prose_of(export, debatable).replace("\xa0", " ")
    assert "true label of 1 stimulus debatable\n(6 of the 36 trials analysed)" in html
    # Each of 3, 4 and 5 of 6 is now out of 5: means of 66.7 and 80 %.
    assert "changes by 13.3 points at most (“confidence”: 66.7 % with them, 80.0 % without)" in html
    assert "debatable" not in prose_of(write_export(tmp_path / "none", crowd))


def test_what_people_told_is_in_the_table_of_participants_where_the_export_has_it_29(tmp_path):
    told = [Participant(altered="yes"), Participant(altered="not_sure")]
    html = prose_of(write_export(tmp_path / "told", told), people)
    assert "Who the people are" in html
    assert "not sure" in html
    none = prose_of(write_export(tmp_path / "none", [Participant()]), people)
    assert "Who the people are" in none  # by their device
    assert "Did any picture look altered?" not in none
    assert "Who the people are" not in prose_of(write_export(tmp_path / "nobody", []), people)
