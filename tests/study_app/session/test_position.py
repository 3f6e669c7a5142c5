"""Where a participant is: a reload returns there."""

import pytest


@pytest.mark.parametrize(
    "screen", ["consent", "check", "instructions", "judge", "feedback", "seen", "card"]
)
def test_a_reload_returns_to_the_screen(visitor, screen):
    visitor.start().walk(until=screen)
    before = visitor.page.form.fields.get("trial")
    visitor.open(visitor.url)
    assert visitor.screen == screen
    assert visitor.page.form.fields.get("trial") == before
