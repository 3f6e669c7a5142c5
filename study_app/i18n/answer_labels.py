"""What participants read for the answers that the database keeps as words of its own."""

from stimuli.study import sentence
from study_app.enums import Noticed

ALTERED = {
    Noticed.YES: sentence("At least one looked as if it had been altered"),
    Noticed.NO: sentence("All of them looked like ordinary pictures"),
    Noticed.NOT_SURE: sentence("I am not sure"),
}
