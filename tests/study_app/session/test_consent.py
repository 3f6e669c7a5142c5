"""What is agreed to, and the digest that stands for it."""

import hashlib
import re

from stimuli.study import parse_study
from study_app.session.consent import consent_digest, consent_paragraphs
from tests.study_app.asking import visible_words
from tests.study_app.visiting import read_csv


def test_the_digest_stands_for_exactly_what_the_consent_page_shows(
    visitor, app, tools, tmp_path
) -> None:
    page = visitor.start().response.text
    match = re.search(r"(<h1.*?)<form", page, re.DOTALL)
    visitor.press("agree").press("continue")
    app.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    consent = (tmp_path / "out/consent.txt").read_bytes()
    assert consent.decode().split() == visible_words(match[1])
    [row] = read_csv(tmp_path / "out/participants.csv")
    assert row["consent_digest"] == hashlib.sha256(consent).hexdigest()
    study = parse_study((tmp_path / "out/study.toml").read_text("utf-8"), subject="export")
    assert row["consent_digest"] == consent_digest(study)


def test_every_replaced_word_changes_the_digest_and_pay_is_part_of_it(tools):
    texts = {
        "as it is": "",
        "pay": "partial = { failed_validation = 0.5 }\n",
        "sharing": '[texts]\nsharing = "Nobody else gets them."\n',
        "law": '[texts]\nlegal_basis = "The law of our country."\n',
        "lab": '[texts]\nlab = "the perception lab"\n',
    }
    base = tools.study_text(live=True)
    digests = {
        consent_digest(
            parse_study(base.replace("[prolific.codes]", f"{more}[prolific.codes]"), subject=name)
        )
        for name, more in texts.items()
    }
    assert len(digests) == len(texts)


OWN = "You may stop whenever you wish. Until May you can have your answers deleted."


def test_a_lab_that_wrote_of_withdrawal_alone_shows_its_words_and_no_others(tools):
    written = f'{tools.study_text()}\n[texts]\nwithdrawal = "{OWN}"\n'
    assert OWN in consent_paragraphs(parse_study(written, subject="of before"))
    both = parse_study(f'{written}deletion = "Until May."\n', subject="of now")
    assert f"{OWN} Until May." in consent_paragraphs(both)


def test_the_default_words_are_those_that_people_agreed_to_before(tools):
    said = consent_paragraphs(parse_study(tools.study_text(), subject="defaults"))
    assert (
        "You can stop at any time. Until your answers are published you can have them deleted, by "
        "the link at the bottom of each page or with a message to us." in said
    )


def test_who_declines_has_agreed_to_nothing(visitor, app, tools):
    visitor.start().press("decline")
    assert tools.participants(app)[0].consent_digest is None
