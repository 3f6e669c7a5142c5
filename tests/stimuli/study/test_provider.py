"""The provider: where people come from, and how they get back there."""

from stimuli.study import Study
from tests.stimuli.study.conftest import problems_with


def test_a_panel_that_nobody_could_come_from_or_go_back_to_is_reported(colour_study: Study) -> None:
    message = problems_with(
        colour_study,
        provider={
            "person": "id",
            "study": "id",
            "session": "csrf_token",
            "return_url": "http://panel.example/?cc={code}&again={code}&who={name}",
        },
    )
    for problem in (
        "'id' is the name of two parameters",
        "'csrf_token' is a field of the first page",
        "is no https address",
        "must say {code} exactly once",
        "{name} means nothing",
    ):
        assert problem in message
    assert "provider.person" in problems_with(colour_study, provider={"person": "my id"})
