"""Two classifiers in one study: who is tested against whom, and what the page says of it."""

import json

import pandas as pd
import pytest

from analysis.export.facts import ExportFacts
from analysis.export.read import read_export
from analysis.report.methods import paragraph
from analysis.report.page import page, sections_of
from analysis.report.phrasing.ais import different_ais, matched_ais, refused_in_words
from analysis.report.sections import accuracy, team
from analysis.statistics.analysed import analysed
from analysis.statistics.pairs import judged_others, pairs_of
from tests.analysis.exports import pool_of, write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus, someone

JUDGED = {"a": "b1", "b": "b1", "c": "sal", "d": "sal"}
ALIKE = [("a", "b"), ("c", "d")]
UNLIKE = [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
REFUSED = (
    "Not tested were “a” against “c”, “a” against “d”, “b” against “c” and “b” against “d”: their "
    "people judged different AIs (b1 and sal), each with its own answers and bins, so that a "
    'difference would be one of AI and explanation together; a study with pairing = "matched" in '
    "[bins] shows only pictures of which all AIs say the same, and can test them."
)
DIFFERENT = (
    "Conditions judged different AIs (b1 and sal), whose answers to a stimulus may be right for "
    "one and wrong for the other: a difference between their people is one of AI and explanation "
    "together."
)
MATCHED = (
    "The AIs b1 and sal gave the same answer to every picture that was shown, in the same bin, "
    "with confidences that differ by 0.05 at most."
)


@pytest.fixture
def study(tmp_path):
    """Three people with each of four conditions, of which two judge another classifier."""

    def write(participants=None, **facts):
        right = {"a": (1, 2, 3), "b": (4, 5, 6), "c": (1, 2, 4), "d": (3, 5, 6)}
        crowd = [someone(name, k) for name, n_right in right.items() for k in n_right]
        stimuli = NATURAL
        defaults = {
            "conditions": list(JUDGED),
            "judged": JUDGED,
            "stimuli": stimuli,
            "others": {"b1": stimuli, "sal": stimuli},
            "pool": [],
        }
        return write_export(
            tmp_path / "e", crowd if participants is None else participants, **defaults | facts
        )

    return write


def facts_of(pairing=None, pairs=(), judged=JUDGED) -> ExportFacts:
    facts = {
        "schema_version": 1,
        "study": "demo",
        "created_at": "2026-03-14T09:26:53.589Z",
        "imported": {"command": "x", "sources": [{"file": "x", "sha256": "x"}]},
        "conditions": [{"name": name, "classifier": ai} for name, ai in judged.items()],
        "gate": {"min_correct": 8, "live": False},
        "analysis": {"outcome": "accuracy", "pairs": pairs, "alternative": "two-sided"},
        "ai_only": [],
        "bins": [],
        "rows": {},
    }
    return ExportFacts.model_validate(facts | ({"pairing": pairing} if pairing else {}))


def read(folder, **options):
    return analysed(read_export(folder), **options)


def tables_of(participants) -> dict[str, pd.DataFrame]:
    return {t.name: t.frame for section in sections_of(participants) for t in section.listings}


def text_of(participants) -> str:
    html = page(participants, sections_of(participants), {})
    return html.replace("&#34;", '"').replace("\N{NO-BREAK SPACE}", " ")


def pairs_in(table) -> list[tuple[str, str]]:
    return list(zip(table["condition_a"], table["condition_b"], strict=True))


def test_the_family_is_what_the_study_file_names_and_else_all_pairs():
    one = dict.fromkeys("abc", "tiny")
    assert pairs_of(facts_of(judged=one)).tested == (("a", "b"), ("a", "c"), ("b", "c"))
    assert pairs_of(facts_of(judged=one, pairs=[("c", "a")])).tested == (("c", "a"),)


def test_people_of_two_ais_are_compared_only_where_the_ais_match():
    apart, together = pairs_of(facts_of("system")), pairs_of(facts_of("matched"))
    assert (list(apart.tested), list(apart.refused)) == (ALIKE, UNLIKE)
    assert sorted(together.tested) == sorted(ALIKE + UNLIKE)
    assert together.refused == ()


def test_a_named_pair_of_two_ais_is_refused_aloud():
    facts = facts_of("system", pairs=[("a", "b"), ("c", "b")])
    assert pairs_of(facts).tested == (("a", "b"),)
    assert refused_in_words(facts) == (
        "Not tested was “c” against “b”: their people judged different AIs (sal and b1), each "
        "with its own answers and bins, so that a difference would be one of AI and explanation "
        'together; a study with pairing = "matched" in [bins] shows only pictures of which all '
        "AIs say the same, and can test them."
    )


def test_the_sentences_of_each_pairing():
    system, matched, one = facts_of("system"), facts_of("matched"), facts_of(judged={"a": "b1"})
    sentences = [refused_in_words, different_ais, matched_ais]
    assert [words(system) for words in sentences] == [REFUSED, DIFFERENT, ""]
    assert [words(matched) for words in sentences] == ["", "", MATCHED]
    assert [words(one) for words in sentences] == ["", "", ""]


def test_every_test_is_over_the_pairs_of_one_ai_and_holm_counts_no_others(study):
    tables = tables_of(read(study(pairing="system"), reproduce_paper=True))
    for name in ("comparisons", "regression", "paper_test"):
        assert pairs_in(tables[name]) == ALIKE, name
    # Of the 20 ways to order three and three, 1 has U = 0 and 2 have U <= 1: p = 2/20 and 4/20.
    # Holm over two: 2 * .1 = .2, and then .2; over all six pairs the first would be 6 * .1.
    assert list(tables["comparisons"]["p"]) == pytest.approx([0.1, 0.2])
    assert list(tables["comparisons"]["p_holm"]) == pytest.approx([0.2, 0.2])
    low, high = sorted(tables["differences"]["people_p"])  # too few people for the regression
    adjusted = sorted(tables["differences"]["p_holm"])
    assert adjusted == pytest.approx([2 * low, max(2 * low, high)])
    assert tables["regression"]["p"].isna().all()


def test_with_matched_ais_every_pair_is_tested(study):
    tables = tables_of(read(study(pairing="matched"), reproduce_paper=True))
    for name in ("differences", "interactions", "comparisons", "regression", "paper_test"):
        assert sorted(pairs_in(tables[name])) == sorted(ALIKE + UNLIKE), name
    comparison = tables["comparisons"].set_index(["condition_a", "condition_b"]).loc["a", "b"]
    assert comparison["p_holm"] == pytest.approx(6 * 0.1)


@pytest.mark.slow
def test_the_page_and_the_paragraph_say_which_pairs_are_not_tested(study):
    participants = read(study(pairing="system"))
    text = text_of(participants)
    assert REFUSED in text
    assert DIFFERENT in text
    assert MATCHED not in text
    assert "all pairs of conditions whose people judged the same AI" in " ".join(text.split())
    assert "adjustment over the 2 pairs" in text
    words = paragraph(participants).replace("\N{NO-BREAK SPACE}", " ")
    assert "p adjusted by Holm’s method over 2 pairs" in words
    assert REFUSED in words
    assert "Accuracy with “a” (M = 33.3 %, n = 3) was 50.0 points below that with “b”" in words
    assert words.count("Accuracy with") == 2


@pytest.mark.slow
def test_the_page_and_the_paragraph_say_that_the_ais_matched(study):
    participants = read(study(pairing="matched"))
    for text in (text_of(participants), paragraph(participants)):
        assert MATCHED in text
        assert "Not tested" not in text
        assert "judged different AIs" not in text


def test_the_page_says_that_a_pair_of_the_study_file_is_refused(study):
    text = text_of(read(study(pairing="system", pairs=[("a", "b"), ("c", "b")])))
    sort = "the pairs that the study file names and whose people judged the same AI"
    assert sort in " ".join(text.split())
    assert "Not tested was “c” against “b”" in text
    assert "adjustment over the 1 pair that" in text


@pytest.mark.slow
def test_where_no_pair_is_left_the_page_has_no_table_of_tests(study):
    participants = [someone(name, k) for name in ("a", "c") for k in (2, 3)]
    only = {"conditions": ["a", "c"], "judged": {"a": "b1", "c": "sal"}, "pairing": "system"}
    sample = read(study(participants, **only), reproduce_paper=True)
    assert not {"differences", "comparisons", "regression", "paper_test"} & set(tables_of(sample))
    assert "There is no pair to compare." in text_of(sample)
    assert "Not tested was “a” against “c”" in paragraph(sample)
    assert "compared between" not in paragraph(sample)


def test_an_export_that_does_not_say_its_pairing_is_one_of_systems(study):
    sample = read(study())
    assert sample.export.facts.pairing == "system"
    assert REFUSED in paragraph(sample)


def test_each_condition_has_the_weights_and_the_threshold_of_its_own_ai(study):
    pool = pool_of({("easy", True): 10}, classifier="b1")
    pool += pool_of({("easy", True): 5, ("hard", False): 5}, classifier="sal")
    participants = [Participant(condition=name, right=[True] + [False] * 5) for name in JUDGED]
    folder = study(participants, pool=pool, pairing="system")
    facts = json.loads((folder / "export.json").read_text())
    for ai in facts["ai_only"]:
        ai["threshold"] = {"sal": 0.87}.get(ai["classifier"], 0.95)
    (folder / "export.json").write_text(json.dumps(facts))
    tables = {table.name: table.frame for table in team.section(read(folder)).listings}
    # Only the easy right one is judged well: all of b1's pool, half of sal's.
    assert tables["team"]["accuracy_percent"].tolist() == [100, 100, 50, 50]
    # Confidences .9 (right) and .85 (wrong): .95 rejects all, .87 tells them apart.
    alone = tables["ai_only"].query("basis == 'six bins'").set_index("classifier")
    assert alone["accuracy_percent"].to_dict() == {"b1": 0, "sal": 100}


def test_another_mix_of_answers_is_warned_of_only_between_conditions_of_one_ai(study):
    easy = [Stimulus(bin="easy", ai_right=True)] * 6
    others = {"b1": NATURAL, "sal": easy}
    cautions = accuracy.section(read(study(pairing="system", others=others))).warnings
    assert not [words for words in cautions if "the same mix of stimuli" in words]


def test_the_mix_of_stimuli_is_compared_within_each_ai(study):
    participants = [Participant(condition=name) for name in "abc"]
    participants.append(Participant(condition="d", shown=(0, 1, 2), right=(True,) * 3))
    cautions = accuracy.section(read(study(participants, pairing="system"))).warnings
    (unequal,) = [words for words in cautions if "the same mix of stimuli" in words]
    # Each sort that both met makes up 1/3 of d's trials and 1/6 of c's, each other one 1/6 of c's.
    assert "16.7 points more" in unequal.replace("\N{NO-BREAK SPACE}", " ")
    assert "“c”" in unequal
    assert "“d”" in unequal


STIMULI = pd.DataFrame(
    {"stimulus_id": ["n", "x", "y", "z"], "attacked": [None, "b1", "sal", "b1 sal"]}
)


def judged(*rows):
    columns = ["condition", "classifier", "stimulus_id", "kind"]
    return pd.DataFrame(rows, columns=columns)


def test_pictures_that_deceive_one_ai_alone_set_its_people_apart():
    trials = judged(
        ("a", "b1", "n", "natural"),
        ("a", "b1", "x", "adversarial"),
        ("b", "b1", "x", "adversarial"),
        ("c", "sal", "y", "adversarial"),
        ("d", "sal", "z", "adversarial"),
    )
    pairs = [("a", "b"), ("a", "c"), ("b", "d")]
    assert judged_others(trials, STIMULI, pairs) == (("a", "c"), ("b", "d"))
    assert judged_others(trials, STIMULI.drop(columns="attacked"), pairs) == ()


def test_pictures_that_deceive_all_set_nobody_apart():
    both = judged(("a", "b1", "z", "adversarial"), ("c", "sal", "z", "adversarial"))
    assert judged_others(both, STIMULI, [("a", "c")]) == ()
