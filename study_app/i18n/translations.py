"""What a study file says in another language: whether all of it is there, and the tables to fill.

`[words]` has the sentences of the pages, `[names]` what the bundle says: names and descriptions of
classes, and rationales of practice items, which may be left out. It may hold more than one bundle
says, since another bundle of the data set may show other classes.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from babel import UnknownLocaleError

from stimuli.bundle import Bundle
from stimuli.study import Phase, Study, Texts
from study_app.i18n.answer_labels import ALTERED
from study_app.i18n.catalogue import catalogue, sentences
from study_app.i18n.sentences import locale_of, translation

FACT = re.compile(r"%\((\w+)\)s")
KEYS = ("Y", "N")
# Answers that nobody could tell apart if they were called the same.
APART = (KEYS, ("Yes", "No"), tuple(ALTERED.values()))


def translation_problems(study: Study, bundle: Bundle) -> list[str]:
    """What keeps the pages of a study from being in its language, and in that alone."""
    known = sentences()
    problems = [
        *_language_problems(study),
        *_unknown_problems(study, known),
        *_fact_problems(study, known),
        *_apart_problems(study),
    ]
    if not study.study.is_english:
        problems += [*_missing("words", study.words, known), *_text_problems(study)]
    if study.study.base_language != bundle.built_from.study.base_language:
        problems += _missing("names", study.names, names_of(bundle))
    return problems


def names_of(bundle: Bundle) -> list[str]:
    """The names and descriptions of classes that a bundle can show, each name before its own."""
    cards = {p.label: p.card.description for p in bundle.predictions}
    labels = cards | {s.true_label: "" for s in bundle.stimuli if s.true_label not in cards}
    return list(
        dict.fromkeys(filter(None, (word for pair in sorted(labels.items()) for word in pair)))
    )


def rationales_of(bundle: Bundle) -> list[str]:
    """The rationales of practice items."""
    given = (stimulus.rationale for stimulus in bundle.of_phase(Phase.PRACTICE))
    return list(dict.fromkeys(filter(None, given)))


def _language_problems(study: Study) -> list[str]:
    try:
        locale_of(study)
    except (ValueError, UnknownLocaleError):
        language = study.study.language
        return [f"study.language: nobody knows {language!r}; give a tag such as de or pt-BR"]
    return []


def _unknown_problems(study: Study, known: Collection[str]) -> Iterator[str]:
    for text in study.words:
        if text not in known:
            near = get_close_matches(text, known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "remove it"
            yield f"words: no page says {text!r}; {advice}"


def _missing(table: str, given: Mapping[str, str], wanted: Iterable[str]) -> list[str]:
    missing = [text for text in wanted if not given.get(text, "").strip()]
    return [f"{table}: {text!r} has no translation; add it" for text in missing]


def _fact_problems(study: Study, known: Collection[str]) -> Iterator[str]:
    """A fact that is left out is not told, and one that is invented cannot be."""
    for english, said in study.words.items():
        if english not in known or not said:
            continue
        wanted, given = set(FACT.findall(english)), set(FACT.findall(said))
        for name in sorted(wanted - given):
            yield f"words: {said!r} leaves out %({name})s of {english!r}; put it in"
        for name in sorted(given - wanted):
            yield f"words: {said!r} has %({name})s, which {english!r} has not; remove it"
        if "%" in FACT.sub("", said).replace("%%", ""):
            yield f"words: {said!r} has a % that stands for no fact; write %%"


def _apart_problems(study: Study) -> Iterator[str]:
    for group in APART:
        said = [translation(study, english).casefold() for english in group]
        for english, own in zip(group, said, strict=True):
            if said.count(own) > 1:
                yield f"words: {english!r} is not told apart from another answer; word it otherwise"
    for english in KEYS:
        if len(key := translation(study, english)) != 1:
            yield f"words: {english!r} is a key to press, one letter, not {key!r}"


def _text_problems(study: Study) -> list[str]:
    """The texts that are English where the file does not give them."""
    missing = [name for name in Texts.model_fields if name not in study.texts.model_fields_set]
    return [f"texts.{name}: is missing; its default is English" for name in missing]


def words_table(study: Study | None) -> str:
    """`[words]` as TOML, by page, with the translations that a study has already."""
    given = study.words if study else {}
    lines = [
        "# What the pages say by themselves: English sentence = translation. Plain text.",
        "# %(name)s stands for a fact, such as a name or a number, and has to stay as it is.",
        "[words]",
    ]
    for page, said in catalogue().items():
        lines += ["", f"# {page}", *(_line(english, given) for english in said)]
    known = sentences()
    title = "# No page says these; `study load` refuses them."
    return "\n".join([*lines, *_left_over(title, given, known)]) + "\n"


def names_table(study: Study | None, bundle: Bundle) -> str:
    """`[names]` as TOML: what a bundle says, with the translations that a study has already."""
    given, names, rationales = study.names if study else {}, names_of(bundle), rationales_of(bundle)
    lines = [
        "# What the bundle says: names and descriptions of classes.",
        "[names]",
        *(_line(name, given) for name in names),
        "",
        "# Why the AI is right or wrong, in practice. One without a translation is not shown.",
        *(_line(rationale, given) for rationale in rationales),
        *_left_over("# This bundle does not say these.", given, [*names, *rationales]),
    ]
    return "\n".join(lines) + "\n"


def _left_over(title: str, given: Mapping[str, str], known: Collection[str]) -> list[str]:
    """What has a translation and is never said, as comments under a title."""
    unknown = [f"# {_line(text, given)}" for text in given if text not in known]
    return ["", title, *unknown] if unknown else []


def _line(text: str, given: Mapping[str, str]) -> str:
    return f"{_quoted(text)} = {_quoted(given.get(text, ''))}"


def _quoted(text: str) -> str:
    """A string of TOML, which writes those of one line as JSON does."""
    return json.dumps(text, ensure_ascii=False)
