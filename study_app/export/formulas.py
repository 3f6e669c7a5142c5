"""Text that a spreadsheet would compute: written so that it shows it instead.

What begins with one of these signs is a formula to Excel, LibreOffice and Google Sheets, and may
send away what stands beside it (OWASP, "CSV Injection"). An apostrophe before it makes it text.
Numbers stay numbers; what has apostrophes of its own gets one more, so that a reader that takes one
off has every text as it was, as `analysis.export.formulas` does.
"""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"'*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def quoted(text: str) -> str:
    """The text of a cell, with an apostrophe before what a spreadsheet would compute."""
    is_formula = FORMULA.match(text) and not NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text
