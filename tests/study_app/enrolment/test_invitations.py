"""Personal links."""

import re

from study_app.enums import Wave


def test_an_invited_person_has_a_link_that_leads_back(another_visitor, study, tools, app):
    first = study("invite", "Ada", "Grace", "--url", "https://study.example.org")
    again = study("invite", "Ada")
    ada, grace = re.findall(r"\?invitation=(\S+)", first)
    assert re.findall(r"\?invitation=(\S+)", again) == [ada]
    visitor = another_visitor().start(f"?invitation={ada}").walk(until="judge")
    assert another_visitor().start(f"?invitation={ada}").url == visitor.url
    another_visitor().start(f"?invitation={grace}")
    assert [participant.wave for participant in tools.participants(app)] == [Wave.INVITED] * 2


def test_an_invitation_that_was_never_made_is_refused(visitor, tools, app):
    assert visitor.start("?invitation=guessed").response.status_code == 404
    assert tools.participants(app) == []
