"""Errors for requests that cannot be met; the command line prints them without a traceback."""

from stimuli.study import ProblemsError


class RefusalError(ProblemsError):
    """What was asked for does not fit the study, the database or the disk as they are."""


class UnavailableError(ProblemsError):
    """The database cannot be reached or written to at the moment. Later the same may succeed."""

    def __str__(self) -> str:
        return f"{self.subject}: {'; '.join(self.problems)}"
