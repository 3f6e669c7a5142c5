"""What tests of other languages need: studies in them, and what people can read of a page."""

import json
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser

from study_app.i18n.catalogue import sentences
from tests.lab import ROOT

GERMAN = (ROOT / "stimuli/studies/demo_de.toml").read_text("utf-8")
READ_ALOUD = ("alt", "title", "aria-label", "aria-valuetext", "placeholder", "label")
SAID_LATER = (
    "data-loading",
    "data-sending",
    "data-no-connection",
    "data-unavailable",
    "data-no-picture",
    "data-left",
    "data-over",
)
WITHOUT_END = ("img", "input", "link", "meta")
INLINE = ("strong", "em", "kbd", "span", "a")
FACT = re.compile(r"%\(\w+\)s")


class _Reader(HTMLParser):
    """Collects what is read: text by block, and what scripts and screen readers say."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.block: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [given[name] or "" for name in READ_ALOUD + SAID_LATER if name in given]
        if tag not in INLINE:
            self._end_block()
        self.is_code = given.get("class") == "code-letters"

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._end_block()
        self.is_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.block.append(data)

    def _end_block(self) -> None:
        self.said.append("".join(self.block))
        self.block = []


class _Translatable(HTMLParser):
    """Collects the text that a browser's translator changes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in WITHOUT_END:
            self.open.append(("translate", "no") in attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass  # without text

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.text.append(data)


def translatable(html: str) -> str:
    """What of a page's text a browser may translate."""
    reader = _Translatable()
    reader.feed(html)
    reader.close()
    return "\n".join(reader.text)


def read(html: str) -> list[str]:
    """What a page says to eyes and ears, without the completion code."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [text for text in (" ".join(said.split()) for said in reader.said) if text]


def english_of(said: Iterable[str]) -> list[str]:
    """The English sentences that are among what a page of a German study says."""
    page = "\n".join(said)  # no pattern goes over the end of a line
    return [english for english, pattern in _translated().items() if pattern.search(page)]


@cache
def _translated() -> dict[str, re.Pattern[str]]:
    """What finds them, of those that German says otherwise."""
    words = german_words()
    return {english: _pattern(english) for english in sentences() if words[english] != english}


def _pattern(english: str) -> re.Pattern[str]:
    pieces = [re.escape(piece) for piece in FACT.split(english)]
    return re.compile(r"(?<!\w)" + ".+?".join(pieces) + r"(?!\w)")


def german_words() -> dict[str, str]:
    """`[words]` of the German demo."""
    words: dict[str, str] = tomllib.loads(GERMAN)["words"]
    return words


def german_tables(names: Iterable[str]) -> str:
    """`[texts]`, `[words]` and `[names]` for a bundle with other names than the demo's."""
    return GERMAN[GERMAN.index("[texts]") : GERMAN.index("[names]")] + table(
        "names", {name: f"»{masked(name)}«" for name in names}
    )


def masked(text: str) -> str:
    """A text with letters that no language writes: whatever is left in ASCII was not said so."""
    facts = FACT.findall(text)
    pieces = ["".join(map(_wide, piece)) for piece in FACT.split(text)]
    return pieces[0] + "".join(a + b for a, b in zip(facts, pieces[1:], strict=True))


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalpha() else letter


def table(name: str, given: dict[str, str]) -> str:
    """A table of TOML."""
    lines = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in given.items()]
    return "\n".join([f"[{name}]", *lines, ""])
