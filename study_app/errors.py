"""One error for requests that cannot be met; the command line prints it without a traceback."""

from stimuli.study import ProblemsError


class RefusalError(ProblemsError):
    """What was asked for does not fit the study, the database or the disk as they are."""
