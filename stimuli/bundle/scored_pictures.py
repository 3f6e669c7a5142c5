"""Which pictures scores were computed of: a picture that is swapped by hand has other scores."""

import hashlib
from collections.abc import Mapping, Sequence

from stimuli.bundle.records import Explanation


def scores_sha256(images: Sequence[str], scores: Mapping[str, float]) -> str:
    """SHA-256 of the names of pictures, which are digests of their content, and of their scores.

    Args:
        images: as `image_path` names them, in order.
    """
    lines = (*images, *(f"{name} {score!r}" for name, score in sorted(scores.items())))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def score_problems(explanations: Sequence[Explanation]) -> list[str]:
    """Scores of other pictures than those that they stand beside.

    Bundles of before have no digest at all.
    """
    scored = [e for e in explanations if e.scores]
    if not any(e.scores_sha256 for e in scored):
        return []
    return [
        f"explanations.jsonl: {e.stimulus_id}, {e.classifier}, {e.explainer}: the scores are not "
        "those of its pictures, which were exchanged by hand; give others to `build` with "
        "--explanations, which computes their scores"
        for e in scored
        if e.scores_sha256 != scores_sha256(e.images, e.scores)
    ]
