"""Text that a spreadsheet would compute has an apostrophe before it in CSV files.

What begins with one of these signs is a formula to Excel, LibreOffice and Google Sheets, and may
send away what stands beside it (OWASP, "CSV Injection"). Numbers stay numbers. What has apostrophes
of its own gets one more, so that taking one off gives every text as it was.
"""

import re

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
QUOTED = re.compile(rf"'{FORMULA.pattern}")
NUMBER = re.compile(r"'*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def quoted(text: str) -> str:
    """The text of a cell, with an apostrophe before what a spreadsheet would compute."""
    is_formula = FORMULA.match(text) and not NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def unquoted(text: str) -> str:
    """What `quoted` was given."""
    is_quoted = QUOTED.match(text) and not NUMBER.fullmatch(text)
    return text[1:] if is_quoted else text


def unquoted_texts(texts: pd.Series) -> pd.Series:
    """A column of texts as it was before it was quoted."""
    is_some = any(text.startswith("'") for text in texts.tolist())
    return texts.map(unquoted) if is_some else texts


def quoted_frame(table: pd.DataFrame) -> pd.DataFrame:
    """A table to write, with the texts in its cells quoted."""
    cells = {}
    for name, dtype in table.dtypes.items():
        if is_numeric_dtype(dtype) or is_datetime64_any_dtype(dtype):
            continue
        texts = table[name].astype(object)
        if any(isinstance(text, str) and FORMULA.match(text) for text in texts.tolist()):
            cells[str(name)] = texts.map(lambda v: quoted(v) if isinstance(v, str) else v)
    return table.assign(**cells) if cells else table
