"""A look through free texts for what may tell who wrote them, before anybody shares them.

It finds what has a form: addresses, numbers of telephones, ids, and how people introduce
themselves. It finds no name that just stands there, so whoever shares texts has to read them.
"""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from study_app.database import db
from study_app.export.columns import Row
from study_app.identity_models import Identity
from study_app.models import Invitation

FORMS = {
    "an e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.\w"),
    "a web address": re.compile(r"https?://|\bwww\.", re.IGNORECASE),
    "a telephone number": re.compile(r"\+?(\d[\s()/.-]{0,2}){7,}"),
    "an id": re.compile(r"\b[0-9a-f]{24}\b", re.IGNORECASE),
    "a name": re.compile(
        r"\b(my name|mein name|i am called|ich hei(ß|ss)e|(?-i:I(['’]m| am) [A-Z]\w+))",
        re.IGNORECASE,
    ),
    "an address": re.compile(
        r"\b\d+\w? (\w+ ){1,3}(street|st|road|rd|avenue|ave|lane|drive)\b"
        r"|stra(ß|ss)e \d|\bstr\. ?\d",
        re.IGNORECASE,
    ),
}
WORD = re.compile(r"\w[\w@.+-]*\w")
SHORTEST = 3  # signs of a name or an id that says something


def telling(texts: Iterable[Row]) -> Iterator[str]:
    """A line for each text that may tell who wrote it: whose it is, and what it seems to have.

    Args:
        texts: as `question_rows.comments` gives them.
    """
    names = [*db.session.scalars(select(Identity.prolific_pid))]
    names += db.session.scalars(select(Invitation.label).where(Invitation.label.is_not(None)))
    known = {word for name in names for word in WORD.findall(name.casefold())}
    for row in texts:
        text = str(row["value"])
        found = [what for what, form in FORMS.items() if form.search(text)]
        words = known.intersection(WORD.findall(text.casefold()))
        if any(len(word) >= SHORTEST and not word.isdecimal() for word in words):
            found.append("a name or an id that is known here")
        if found:
            yield f"{row['participant_id']}, {row['name']}: {', '.join(found)}"
