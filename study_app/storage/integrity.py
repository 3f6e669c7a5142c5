"""Whether a SQLite database is whole, its log included."""

from sqlalchemy import text

from study_app.database import db, sqlite_files
from study_app.errors import RefusalError

MOST_PROBLEMS = 10


def check_integrity() -> None:
    """Read all of the database, and see that it fits together. PostgreSQL looks after its own.

    Raises:
        RefusalError: with what SQLite finds.
    """
    if db.engine.dialect.name != "sqlite":
        return
    problems = db.session.scalars(text(f"PRAGMA integrity_check({MOST_PROBLEMS})")).all()
    problems = [problem for problem in problems if problem != "ok"]
    if not problems:
        problems = [
            f"{table}: row {row} names one of {parent} that is not there"
            for table, row, parent, _ in db.session.execute(text("PRAGMA foreign_key_check"))
        ][:MOST_PROBLEMS]
    if problems:
        advice = "is damaged: stop the server, and put a backup in its place"
        files = sqlite_files()
        raise RefusalError(str(files.path if files else "the database"), [advice, *problems])
