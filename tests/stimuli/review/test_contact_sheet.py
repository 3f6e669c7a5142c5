"""The page for the experimenter: everything is on it, and what data say is no markup."""

import dataclasses
import re
import shutil
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stimuli.bundle import Bundle, Prediction, Ruling, Stimulus, read_bundle
from stimuli.bundle.verdicts import add_verdict
from stimuli.review.contact_sheet import render, rulings_on, write_review
from stimuli.study.online import Phase


class Page(HTMLParser):
    """The elements of a page, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [found for _, found in self.elements if name in (found.get("class") or "").split()]


@pytest.fixture
def bundle(colour_bundle: Bundle, tmp_path: Path) -> Bundle:
    """A bundle of one's own, with an odd name."""
    return read_bundle(Path(shutil.copytree(colour_bundle.path, tmp_path / "a #1 & 100%")))


def test_beside_a_wrong_answer_stands_the_card_of_what_it_is_33(colour_bundle: Bundle) -> None:
    page, answers = render(colour_bundle), colour_bundle.predictions
    with_card = {p.label for p in answers}
    wrong = [s for s in colour_bundle.stimuli if _answer_to(s, answers) != s.true_label]
    expected = [s.true_label for s in wrong if s.true_label in with_card]
    assert expected
    assert sorted(re.findall("What it is: ([^<]*)</p>", page)) == sorted(expected)


def _answer_to(stimulus: Stimulus, answers: Sequence[Prediction]) -> str:
    [label] = [p.label for p in answers if p.stimulus_id == stimulus.stimulus_id]
    return label


def test_the_threshold_stands_on_the_review_page(colour_bundle: Bundle) -> None:
    page = write_review(colour_bundle.path).read_text("utf-8")
    (facts,) = colour_bundle.manifest.classifiers
    assert f"at {facts.heatmap_thresholds['gradcam']:.2f}" in page


def test_every_fact_of_a_stimulus_is_on_the_page(colour_bundle: Bundle) -> None:
    page = Page(render(colour_bundle))
    for stimulus in colour_bundle.stimuli:
        assert stimulus.source in page.words
        assert stimulus.rationale in page.words
    for prediction in colour_bundle.predictions:
        assert f"{prediction.confidence:.4f}" in page.words
        assert prediction.card.description in page.words
    for explanation in colour_bundle.explanations:
        assert all(f"{score:.3f}" in page.words for score in explanation.scores.values())
    (facts,) = colour_bundle.manifest.classifiers
    for threshold, accuracy in facts.ai_only.sweep.items():
        assert f"{threshold}: {100 * accuracy:.1f} %" in page.words


def test_all_pictures_of_the_bundle_are_on_the_page_and_are_fetched_when_they_are_seen(
    bundle: Bundle,
) -> None:
    images = [found for tag, found in Page(render(bundle)).elements if tag == "img"]
    shown = [found for found in images if not (found["src"] or "").startswith("data:")]
    pictures = {path for path in bundle.checksums if path.startswith("images/")}
    assert {found["src"] for found in shown} == {f"a%20%231%20%26%20100%25/{p}" for p in pictures}
    assert {found["loading"] for found in shown} == {"lazy"}
    assert all(found["alt"] for found in shown)


def test_the_page_fetches_nothing_but_the_pictures_of_the_bundle(colour_bundle: Bundle) -> None:
    text = render(colour_bundle)
    page = Page(text)
    links = [found.get("href") or "" for tag, found in page.elements if tag != "a"]
    assert all(link.startswith("data:") for link in links if link)
    assert not [found for tag, found in page.elements if tag == "script" and "src" in found]
    assert not re.search(r"@import|url\((?!\"data:)", text)


def test_cards_stand_below_their_bin_and_the_surest_answer_comes_first(
    colour_bundle: Bundle,
) -> None:
    page = render(colour_bundle)
    headings = re.findall(r"<h2>(.*?) <small>(\d+)</small>", page)
    expected = {
        f"Natural, {c.bin}, AI {'right' if c.right else 'wrong'}": c.chosen
        for c in colour_bundle.manifest.bins
        if c.chosen
    }
    expected["Validation"] = len(colour_bundle.of_phase(Phase.VALIDATION))
    expected["Practice"] = len(colour_bundle.of_phase(Phase.PRACTICE))
    assert {title: int(count) for title, count in headings} == expected
    confidence = {p.stimulus_id: p.confidence for p in colour_bundle.predictions}
    for section in page.split('<section class="group">')[1:]:
        sure = [confidence[found] for found in re.findall(r'data-id="(\w+)"', section)]
        assert sure == sorted(sure, reverse=True)


def test_what_a_bundle_says_is_no_markup(colour_bundle: Bundle) -> None:
    label = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" '"
    odd = dataclasses.replace(
        colour_bundle,
        stimuli=tuple(s.model_copy(update={"true_label": label}) for s in colour_bundle.stimuli),
        predictions=tuple(p.model_copy(update={"label": label}) for p in colour_bundle.predictions),
    )
    page = Page(render(odd))
    assert label in page.words
    assert sum(tag == "script" for tag, _ in page.elements) == 2
    assert not [found for _, found in page.elements if "onerror" in found]


def test_the_page_says_what_to_type_where_no_server_takes_verdicts(bundle: Bundle) -> None:
    page = Page(render(bundle))
    assert f"python -m stimuli review '{bundle.path}' --veto ID" in page.words
    assert not page.of_class("take-back")
    assert not [found for _, found in page.elements if "data-rule" in found]


def test_what_reviewers_say_is_told_by_stimulus_with_their_reasons(bundle: Bundle) -> None:
    one, other = (s.stimulus_id for s in bundle.stimuli[:2])
    for ruling, reason in ((Ruling.VETO, "<b>odd</b>"), (Ruling.DEBATABLE, "or green?")):
        add_verdict(bundle, one, ruling, reason=reason, reviewer="Ada")
    add_verdict(bundle, other, Ruling.VETO, reason="odd", reviewer="Bo")
    said = rulings_on(bundle)
    assert {stimulus: row["rulings"] for stimulus, row in said.items()} == {
        one: "veto debatable",
        other: "veto",
    }
    assert "&lt;b&gt;odd&lt;/b&gt; (Ada)" in said[one]["html"]
    page = Page(render(bundle))
    counts = re.findall(r'data-count="(\w+)">(\d+)<', render(bundle))
    assert counts == [("veto", "2"), ("debatable", "1")]
    assert [found["data-rulings"] for found in page.of_class("card")].count("veto") == 1
