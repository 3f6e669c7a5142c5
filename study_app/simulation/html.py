"""Reading a page as a browser does: its forms with their fields and buttons, and its pictures."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from study_app.session.questionnaire import field_name


@dataclass(kw_only=True)
class Form:
    """A form.

    Attributes:
        fields: the hidden fields that go along.
        choices: values of its buttons named `answer`, in order.
        radios: values of each group of round buttons, in order, by the group's name.
        blanks: names of the fields to type in.
        marks: names of the hidden fields that a line or a photo fills in.
    """

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)
    radios: dict[str, list[str]] = field(default_factory=dict)
    blanks: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def questions(self) -> tuple[str, ...]:
        """The names of all fields that somebody answers: first those with buttons."""
        return (*self.radios, *self.blanks, *self.marks)


@dataclass(kw_only=True)
class Page:
    """What a visitor can do on a page, and see.

    Attributes:
        links: where its links lead.
    """

    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    @property
    def form(self) -> Form:
        """The one form that every page of a session has."""
        if len(self.forms) != 1:
            raise ValueError(f"expected a page with one form, found {len(self.forms)}")
        return self.forms[0]

    @property
    def screen(self) -> str:
        """The screen that the page's form answers; empty where there is nothing to answer."""
        return next((form.fields["screen"] for form in self.forms if "screen" in form.fields), "")


def read_page(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    """Collects what `Page` holds."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.page.forms.append(Form(action=attributes["action"]))
        elif tag == "a":
            self.page.links.append(attributes.get("href", ""))
        elif tag == "img":
            self.page.pictures.append(attributes["src"])
        elif tag == "input" and attributes.get("type") == "hidden":
            self.page.forms[-1].fields[attributes["name"]] = attributes.get("value", "")
            if attributes["name"].startswith(field_name("")):
                self.page.forms[-1].marks.append(attributes["name"])
        elif tag == "button" and attributes.get("name") == "answer":
            self.page.forms[-1].choices.append(attributes["value"])
        elif tag == "input" and attributes.get("type") == "radio":
            values = self.page.forms[-1].radios.setdefault(attributes["name"], [])
            values.append(attributes["value"])
        elif attributes.get("tabindex") == "-1":
            return  # nobody reaches it
        elif tag == "textarea" or (tag == "input" and attributes.get("type") == "text"):
            self.page.forms[-1].blanks.append(attributes["name"])
