"""Kinds of response: what each takes, stores and invents, and what it refuses in a study file."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stimuli.study import RESPONSE_KINDS, Response, When
from stimuli.study.responses import read_response
from stimuli.study.responses.number import NUMBER, Number
from stimuli.study.responses.text import MOST_LETTERS, FreeText

TEMPLATES = Path(__file__).parents[3] / "study_app/templates/responses"
WITH_OPTIONS = ("choice", "scale", "rank")
OPTIONS = ("Never", "Sometimes", "Daily")
WHOLE = st.integers(-1000, 1000)


def response(kind: str, **settings: object) -> Response:
    """A question of a kind; options where the kind offers some."""
    options = {"options": OPTIONS} if kind in WITH_OPTIONS else {}
    table = {"name": "age", "text": "How old?", "kind": kind}
    return read_response(table | options | settings)


@st.composite
def numbers(draw: st.DrawFn) -> Number:
    """A question for a number with whole bounds, or with none; a lone upper one is not negative."""
    low, width = draw(st.none() | WHOLE), draw(st.none() | st.integers(1, 1000))
    start = low if low is not None else 0
    high = None if width is None else start + width
    return Number(name="age", text="How old?", low=low, high=high)


@st.composite
def responses(draw: st.DrawFn) -> Response:
    """A question of any kind."""
    kind = draw(st.sampled_from(sorted(RESPONSE_KINDS)))
    if kind == "number":
        return draw(numbers())
    words = st.text(st.characters(categories=["L"]), min_size=1, max_size=8)
    options = draw(st.lists(words, min_size=2, max_size=5, unique=True))
    return response(kind, **({"options": options} if kind in WITH_OPTIONS else {}))


# What all kinds have in common


@given(responses(), st.integers())
def test_an_invented_answer_is_always_accepted(question: Response, seed: int) -> None:
    answer = question.invented(random.Random(seed))
    assert answer
    assert question.problem(answer) is None


@given(responses(), st.integers())
def test_what_is_stored_is_an_answer_that_is_stored_as_it_is(question: Response, seed: int) -> None:
    stored = question.value(question.invented(random.Random(seed)))
    assert question.problem(stored) is None
    assert question.value(stored) == stored


@given(responses(), st.text(min_size=1))
def test_any_text_is_accepted_or_explained_by_a_sentence_with_its_facts(
    question: Response, text: str
) -> None:
    problem = question.problem(text)
    assert problem is None or problem.english % problem.facts
    if question.offered:
        assert (problem is None) == (text in question.offered)


@pytest.mark.parametrize("kind", RESPONSE_KINDS)
def test_every_kind_has_buttons_or_a_template_and_a_sentence_for_a_missing_answer(
    kind: str,
) -> None:
    assert (TEMPLATES / f"{kind}.html").is_file() or response(kind).buttons
    assert response(kind).MISSING
    assert response(kind).kind == kind


def test_every_template_belongs_to_a_kind() -> None:
    without = {"decision", "continue"}  # which are nothing but buttons
    assert {path.stem for path in TEMPLATES.glob("*.html")} == set(RESPONSE_KINDS) - without


@pytest.mark.parametrize("kind", RESPONSE_KINDS)
def test_a_question_is_optional_and_comes_before_the_instructions(kind: str) -> None:
    question = response(kind)
    assert (question.required, question.when) == (False, When.BEFORE)
    assert response(kind, required=True, when="after").when is When.AFTER


def test_only_free_text_is_exported_apart() -> None:
    assert [kind for kind in RESPONSE_KINDS if response(kind).IS_FREE] == ["text"]


# Choice and scale


@pytest.mark.parametrize("kind", ["choice", "scale"])
def test_an_option_is_taken_as_the_study_file_words_it_and_nothing_else(kind: str) -> None:
    question = response(kind)
    assert question.offered == OPTIONS
    assert question.problem("Daily") is None
    assert question.value("Daily") == "Daily"
    problem = question.problem("daily")
    assert problem is not None
    assert problem.english == "Please choose one of the answers."


@pytest.mark.parametrize("kind", ["choice", "scale"])
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ([], "age.options: there must be two at least; add some"),
        (["Yes"], "age.options: there must be two at least; add some"),
        (["Yes", "No", "Yes"], "age.options: 'Yes' is there more than once"),
    ],
)
def test_options_that_leave_no_choice_are_refused(
    kind: str, options: list[str], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        response(kind, options=options)


def test_every_option_is_invented_by_some_seed() -> None:
    question = response("scale")
    assert {question.invented(random.Random(seed)) for seed in range(50)} == set(OPTIONS)


# Number


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("34", "34"),
        ("34,50", "34.5"),
        ("+7", "7"),
        ("-7.5", "-7.5"),
        ("٣٤", "34"),
        ("0070", "70"),
        ("-0.0", "0"),
    ],
)
def test_a_number_is_stored_with_a_point(text: str, stored: str) -> None:
    question = response("number")
    assert question.problem(text) is None
    assert question.value(text) == stored


@pytest.mark.parametrize("text", ["old", "1e9", "1,2,3", "1.", ".5", "--1", "1 000", "1" * 13, "½"])
def test_what_is_no_number_in_digits_is_refused(text: str) -> None:
    problem = response("number").problem(text)
    assert problem is not None
    assert problem.english == "Please enter a number in digits, such as 34."


@pytest.mark.parametrize(
    ("bounds", "text", "words"),
    [
        ({"low": 18, "high": 99}, "17", "Please enter a number from 18.0 up to 99.0."),
        ({"low": 18, "high": 99}, "99.01", "Please enter a number from 18.0 up to 99.0."),
        ({"low": 18}, "17,9", "Please enter a number from 18.0."),
        ({"high": 99}, "100", "Please enter a number up to 99.0."),
    ],
)
def test_a_number_outside_its_bounds_is_told_which_they_are(
    bounds: dict[str, int], text: str, words: str
) -> None:
    problem = response("number", **bounds).problem(text)
    assert problem is not None
    assert problem.english % problem.facts == words


@given(numbers(), st.from_regex(NUMBER, fullmatch=True))
def test_a_number_is_accepted_exactly_within_its_bounds(question: Number, text: str) -> None:
    number = float(question.value(text))
    is_within = (question.low is None or number >= question.low) and (
        question.high is None or number <= question.high
    )
    assert (question.problem(text) is None) == is_within


@pytest.mark.parametrize("high", [18, 17])
def test_bounds_that_leave_no_room_are_refused(high: int) -> None:
    with pytest.raises(ValueError, match=f"age.low: 18 must be below high, which is {high}"):
        response("number", low=18, high=high)


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ({"low": 18, "high": 99}, "From %(low)s to %(high)s."),
        ({"low": 0}, "%(low)s or more."),
        ({"high": 5}, "%(high)s or less."),
    ],
)
def test_a_number_tells_its_bounds(bounds: dict[str, int], told: str) -> None:
    hint = response("number", **bounds).hint
    assert hint is not None
    assert (hint.english, hint.facts) == (told, bounds)


def test_what_the_page_shows_anyway_is_not_told() -> None:
    assert response("number").hint is None
    assert response("scale", options=["No", "Yes"]).hint is None


# Free text


def test_a_text_tells_how_long_it_may_be() -> None:
    hint = FreeText(name="job", text="What is your work?").hint
    assert (hint.english, hint.facts) == ("At most %(most)s characters.", {"most": 2000})


def test_a_text_is_stored_as_it_was_written_unless_it_is_too_long() -> None:
    question = FreeText(name="job", text="What is your work?")
    assert question.problem("x" * MOST_LETTERS) is None
    assert question.value(" I am\nAda. ") == " I am\nAda. "
    problem = question.problem("x" * (MOST_LETTERS + 1))
    assert problem is not None
    assert problem.facts == {"most": 2000, "now": 2001}


# What a study file may say


@pytest.mark.parametrize(
    ("kind", "settings", "problem"),
    [
        ("choice", {"low": 1}, "age.low, high, ends: a choice has none; remove them"),
        ("scale", {"low": 1, "high": 2}, "age.low, high, ends: a scale has none; remove them"),
        ("text", {"high": 2}, "age.low, high, ends: a text has none; remove them"),
        ("text", {"options": OPTIONS}, "age.options: a text has none; remove them"),
        ("number", {"options": OPTIONS}, "age.options: a number has none; remove them"),
    ],
)
def test_settings_of_another_kind_are_refused_in_its_words(
    kind: str, settings: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError, match="has") as error:
        response(kind, **settings)
    assert str(error.value) == problem


def test_everything_that_is_wrong_with_a_question_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="has none") as error:
        response("scale", options=["Yes"], low=1, colour="red")
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert "colour" in lines[0]


@pytest.mark.parametrize("kind", ["dial", "", None])
def test_an_unknown_kind_is_refused_by_the_names_of_those_that_are_known(kind: object) -> None:
    with pytest.raises(ValidationError, match="kind") as error:
        read_response({"name": "age", "text": "How old?", "kind": kind})
    assert all(repr(name) in str(error.value) for name in RESPONSE_KINDS)


def test_a_table_without_a_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="kind"):
        read_response({"name": "age", "text": "How old?"})


def test_a_question_that_was_read_stays_as_it_is() -> None:
    question = response("number", low=18)
    assert read_response(question) is question


def test_an_order_is_stored_in_words_whether_it_came_in_places_or_in_words() -> None:
    rank = response("rank")
    assert rank.value("3 1 2") == rank.value("Daily | Never | Sometimes")
    assert rank.value("3 1 2") == "Daily | Never | Sometimes"
    assert all(rank.problem(text) for text in ("1 2", "1 1 2", "1 2 4", "Never | Daily"))
    assert rank.hint
    assert rank.hint.facts == {"order": "3 2 1"}
