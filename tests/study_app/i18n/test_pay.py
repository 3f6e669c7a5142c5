"""Pay in words."""

import pytest

from stimuli.study import parse_study
from study_app.i18n.pay import money
from study_app.tokens import sign_in_token


def test_the_experimenter_is_warned_where_the_median_earns_less_than_the_floor(
    empty_app, tools, tmp_path
) -> None:
    text = tools.study_text().replace("reward = 1.8\n", "reward = 1.8\nfloor_per_hour = 1e9\n")
    tools.load(empty_app, tools.build_bundle(tmp_path / "paid", text).path)
    run = empty_app.test_cli_runner().invoke
    assert "an hour" not in run(args=["study", "status"]).output
    tools.visitor(empty_app.test_client()).start().walk()
    assert "pay more" in run(args=["study", "status"]).output
    with empty_app.app_context():
        link = f"/experimenter/enter/{sign_in_token()}"
    page = tools.visitor(empty_app.test_client()).open(link).response.text
    assert '<p class="warning">Of those who completed' in page


@pytest.mark.parametrize(
    ("pay", "language", "written"),
    [
        ("reward = 1.8", "en", "£1.80"),
        ('reward = 2\ncurrency = "CHF"', "en", "2.00 CHF"),
        ("", "en", None),
        ('reward = 1234.5\ncurrency = "EUR"', "de", "1.234,50\u00a0€"),
        ('reward = 1.8\ncurrency = "EUR"', "nl-BE", "€\u00a01,80"),
    ],
)
def test_a_reward_is_written_as_people_write_it(tools, pay, language, written):
    text = tools.study_text().replace("reward = 1.8\n", f"{pay}\n")
    text = text.replace("seed = 7", f'seed = 7\nlanguage = "{language}"')
    assert money(parse_study(text, subject="study.toml")) == written
