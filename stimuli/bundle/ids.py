"""The ids of stimuli: the same in every build from one seed, and telling nothing."""

import hashlib

from stimuli.bundle.records import Kind
from stimuli.study.offline import StudySettings


def opaque_id(source: str, kind: Kind, study: StudySettings, against: str = "") -> str:
    """A digest of the study's name, its seed and the picture's source, 12 hexadecimal digits.

    Args:
        against: the classifier that it was made to deceive, where each has pictures of its own.
    """
    text = f"{study.name} {study.seed} {source}"
    if kind is not Kind.NATURAL:
        text += f" {kind} {against}".rstrip()
    return hashlib.sha256(text.encode()).hexdigest()[:12]
