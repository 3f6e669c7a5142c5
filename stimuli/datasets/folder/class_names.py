"""Names of classes that are one name to a reader, though not to a program.

Two classes with such names would be one class in the eyes of participants, while the AI is wrong
whenever it says the one for the other.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from stimuli.problems import some_of

# Scripts with letters that look alike, such as the e of Latin and of Cyrillic; Japanese mixes
# scripts in every sentence, and its letters look like no others.
ALIKE_SCRIPTS = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE"}


def tidy(name: str) -> str:
    """A name in composed letters, each white space, line breaks too, one blank."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def folded(name: str) -> str:
    """What is left of a name without case, white space, invisible and compatible characters.

    Two names with the same form are equal after Unicode's NFKC and case folding (Unicode 15,
    section 3.13, D147) and without white space.
    """
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(c for c in form if not c.isspace() and unicodedata.category(c) != "Cf")


def like_names(names: Mapping[str, int], meant: Collection[str] = ()) -> dict[tuple[str, ...], str]:
    """The groups of names that a reader takes for one, and what to say of each.

    Args:
        names: how many images each has.
        meant: names of which somebody said that they are different.
    """
    forms: dict[str, list[str]] = {}
    for name in names:
        forms.setdefault(folded(name), []).append(name)
    found = {
        tuple(group): f"{_counted(group, names)} differ in case, white space or form alone"
        for group in forms.values()
        if len(group) > 1
    }
    for mixed, other in look_alikes(list(forms)):
        pair = forms[mixed][0], forms[other][0]
        letters = ", ".join(
            f"{unicodedata.name(a)} for {unicodedata.name(b)}"
            for a, b in dict.fromkeys(zip(mixed, other, strict=True))
            if a != b
        )
        found[pair] = f"{_counted(pair, names)} look alike: the first has {letters}"
    return {group: line for group, line in found.items() if not {*group} <= {*meant}}


def _counted(group: Sequence[str], names: Mapping[str, int]) -> str:
    return some_of([f"{name!r} of {names[name]} images" for name in group])


def look_alikes(forms: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs that are equal but for letters of another script, a form that mixes scripts first."""
    scripts = {form: {_script(c) for c in form} - {""} for form in forms}
    lengths = Counter(map(len, forms))
    mixed = [form for form in forms if len(scripts[form]) > 1 and lengths[len(form)] > 1]
    for one, other in combinations(forms, 2) if mixed else ():
        if len(one) == len(other) and (one in mixed or other in mixed) and look_alike(one, other):
            yield (one, other) if one in mixed else (other, one)


def look_alike(one: str, other: str) -> bool:
    """Whether two forms of one length differ only in letters of different scripts."""
    return all(
        a == b or (_script(a) and _script(b) and _script(a) != _script(b))
        for a, b in zip(one, other, strict=True)
    )


def _script(character: str) -> str:
    """The script of a letter, if it is one of those that look alike."""
    script = unicodedata.name(character, "").partition(" ")[0]
    return script if character.isalpha() and script in ALIKE_SCRIPTS else ""
