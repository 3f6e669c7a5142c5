"""Folders that hold what the analysis reads of a bundle."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_bundle(
    folder: Path, stimuli: Sequence[str], drawn: Mapping[tuple[str, str], int] | None = None
) -> str:
    """Write a bundle of these stimuli, and return its digest.

    Args:
        folder: to make.
        stimuli: ids.
        drawn: how many pictures a classifier and explainer have for each stimulus.
    """
    files = {f"images/{i}.jpg": f"photo of {i}".encode() for i in stimuli}
    explanations = []
    for (classifier, explainer), n in (drawn or {}).items():
        for i in stimuli:
            images = [f"images/{i}-{explainer}-{k}.jpg" for k in range(n)]
            files |= {image: image.encode() for image in images}
            row = {"stimulus_id": i, "classifier": classifier, "explainer": explainer}
            explanations.append({**row, "images": images, "scores": {}})
    rows = [{"stimulus_id": i, "image": f"images/{i}.jpg", "phase": "test"} for i in stimuli]
    files["stimuli.jsonl"] = _lines(rows)
    files["explanations.jsonl"] = _lines(explanations)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    sums = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def _lines(rows: Sequence[object]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
