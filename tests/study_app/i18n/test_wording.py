"""Words that depend on facts."""

import pytest

from study_app.i18n.wording import article, percent


@pytest.mark.parametrize(
    ("confidence", "shown"),
    [(0.565, 57), (0.575, 58), (0.285, 29), (0.994, 99), (0.004, 0), (1, 100)],
)
def test_a_confidence_is_shown_in_whole_per_cent_half_up(confidence, shown):
    assert percent(confidence) == shown


@pytest.mark.parametrize(
    ("label", "word"),
    [
        *(("Admiral", "an"), ("orange tip", "an"), ("hen", "a"), ("onesie", "an")),
        *(("one", "a"), ("European robin", "a"), ("unicorn", "a"), ("Uninhabited place", "an")),
    ],
)
def test_the_article_follows_the_first_sound(label, word):
    assert article(label) == word
