"""What responses carry: headers, cookies, pictures, and words that depend on facts."""

import pytest

from stimuli.study import parse_study
from study_app.i18n.pay import money
from study_app.i18n.wording import article, percent


def test_pages_have_the_security_headers(visitor):
    headers = visitor.open("/").response.headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_no_page_has_inline_scripts_or_styles(visitor):
    visitor.start().walk()
    for text in visitor.texts:
        assert "<style" not in text
        assert "style=" not in text
        assert "<script>" not in text
        assert "onclick" not in text


def test_pictures_tell_nothing_but_their_content(visitor, bundle):
    visitor.start().walk(until="judge")
    [name] = {p for p in visitor.page.pictures if p.startswith("/media/")} & {
        "/media/" + stimulus.image.split("/")[1] for stimulus in bundle.stimuli
    }
    reply = visitor.client.get(name)
    assert reply.mimetype == "image/jpeg"
    assert "immutable" in reply.headers["Cache-Control"]
    assert "Last-Modified" not in reply.headers
    assert "Content-Disposition" not in reply.headers
    again = visitor.client.get(name, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["bundle.json", "..%2fstudy.toml", "0123456789abcdef.jpg"])
def test_only_pictures_of_the_bundle_are_sent(visitor, name):
    assert visitor.open(f"/media/{name}").response.status_code == 404


@pytest.mark.parametrize(
    ("confidence", "shown"),
    [(0.565, 57), (0.575, 58), (0.285, 29), (0.994, 99), (0.004, 0), (1, 100)],
)
def test_a_confidence_is_shown_in_whole_per_cent_half_up(confidence, shown):
    assert percent(confidence) == shown


@pytest.mark.parametrize(("label", "word"), [("Admiral", "an"), ("orange tip", "an"), ("hen", "a")])
def test_the_article_follows_the_first_letter(label, word):
    assert article(label) == word


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
