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
    problems = []
    try:
        locale_of(study)
    except (ValueError, UnknownLocaleError):
        language = study.study.language
        advice = "give a tag such as de or pt-BR"
        problems.append(f"study.language: nobody knows {language!r}; {advice}")
    if study.words:
        problems += _word_problems(study, sentences())
    problems += _apart_problems(study)
    if not study.study.is_english:
        problems += _missing("words", study.words, sentences())
        # Texts that the file does not give are English.
        texts = [name for name in Texts.model_fields if name not in study.texts.model_fields_set]
        problems += [f"texts.{name}: is missing; its default is English" for name in texts]
    if study.study.base_language != bundle.built_from.study.base_language:
        problems += _missing("names", study.names, names_of(bundle))
    return problems


def names_of(bundle: Bundle) -> list[str]:
    """What a bundle can show: names and descriptions of classes, each name before its own.

    Then what is said of explanations that another tool made, and those that are texts.
    """
    cards = {p.label: p.card.description for p in bundle.predictions}
    for p in bundle.predictions:
        if p.true_card:
            label = bundle.stimulus_by_id[p.stimulus_id].true_label
            cards.setdefault(label, p.true_card.description)
    labels = cards | {s.true_label: "" for s in bundle.stimuli if s.true_label not in cards}
    words = [word for pair in sorted(labels.items()) for word in pair]
    explainers = bundle.built_from.explainers
    for settings in filter(None, map(explainers.imported, explainers.own)):
        words += [settings.caption, settings.help]
    return list(dict.fromkeys(filter(None, [*words, *(e.text for e in bundle.explanations)])))


def rationales_of(bundle: Bundle) -> list[str]:
    """The rationales of practice items."""
    rationales = (stimulus.rationale for stimulus in bundle.of_phase(Phase.PRACTICE))
    return list(dict.fromkeys(filter(None, rationales)))


def _missing(table: str, translations: Mapping[str, str], texts: Iterable[str]) -> list[str]:
    missing = [text for text in texts if not translations.get(text, "").strip()]
    return [f"{table}: {text!r} has no translation; add it" for text in missing]


def _word_problems(study: Study, english_sentences: Collection[str]) -> Iterator[str]:
    """Sentences that no page says; facts that are left out and so not told, or are invented."""
    for english in study.words:
        if english not in english_sentences:
            near = get_close_matches(english, english_sentences, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "remove it"
            yield f"words: no page says {english!r}; {advice}"
    for english, text in study.words.items():
        if english not in english_sentences or not text:
            continue
        facts, translated = set(FACT.findall(english)), set(FACT.findall(text))
        for name in sorted(facts - translated):
            yield f"words: {text!r} leaves out %({name})s of {english!r}; put it in"
        for name in sorted(translated - facts):
            yield f"words: {text!r} has %({name})s, which {english!r} has not; remove it"
        if "%" in FACT.sub("", text).replace("%%", ""):
            yield f"words: {text!r} has a % that stands for no fact; write %%"


def _apart_problems(study: Study) -> Iterator[str]:
    for group in APART:
        texts = [translation(study, english).casefold() for english in group]
        for english, text in zip(group, texts, strict=True):
            if texts.count(text) > 1:
                yield f"words: {english!r} is not told apart from another answer; word it otherwise"
    for english in KEYS:
        if len(key := translation(study, english)) != 1:
            yield f"words: {english!r} is a key to press, one letter, not {key!r}"


def words_table(study: Study | None) -> str:
    """`[words]` as TOML, by page, with the translations that a study has already."""
    translations = study.words if study else {}
    lines = [
        "# What the pages say by themselves: English sentence = translation. Plain text.",
        "# %(name)s stands for a fact, such as a name or a number, and has to stay as it is.",
        "[words]",
    ]
    for page, of_page in catalogue().items():
        lines += ["", f"# {page}", *(_line(english, translations) for english in of_page)]
    title = "# No page says these; `study load` refuses them."
    return "\n".join([*lines, *_left_over(title, translations, sentences())]) + "\n"


def names_table(study: Study | None, bundle: Bundle) -> str:
    """`[names]` as TOML: what a bundle says, with the translations that a study has already."""
    translations = study.names if study else {}
    names, rationales = names_of(bundle), rationales_of(bundle)
    title = "# This bundle does not say these."
    lines = [
        "# What the bundle says: names and descriptions of classes, and explanations.",
        "[names]",
        *(_line(name, translations) for name in names),
        "",
        "# Why the AI is right or wrong, in practice. One without a translation is not shown.",
        *(_line(rationale, translations) for rationale in rationales),
        *_left_over(title, translations, [*names, *rationales]),
    ]
    return "\n".join(lines) + "\n"


def _left_over(title: str, translations: Mapping[str, str], texts: Collection[str]) -> list[str]:
    """What has a translation and is never said, as comments under a title."""
    unknown = [f"# {_line(text, translations)}" for text in translations if text not in texts]
    return ["", title, *unknown] if unknown else []


def _line(text: str, translations: Mapping[str, str]) -> str:
    return f"{_quoted(text)} = {_quoted(translations.get(text, ''))}"


def _quoted(text: str) -> str:
    """A string of TOML, which writes those of one line as JSON does."""
    return json.dumps(text, ensure_ascii=False)
