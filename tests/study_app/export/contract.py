"""What docs/export.md says of the files."""

import re
from pathlib import Path

CONTRACT = Path(__file__).parents[3] / "docs" / "export.md"


def columns_of_the_contract():
    """Every table of docs/export.md with its columns."""
    rows = re.findall(r"^\| `(\w+)\.csv` \|.*\| `(.*)` \|$", CONTRACT.read_text("utf-8"), re.M)
    return {name: columns.split(", ") for name, columns in rows}
