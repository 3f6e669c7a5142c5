"""The pictures of the bundle of an export: photos, and what was drawn for them.

A bundle is sealed by its list of checksums, and the export names the digest of that list. So what
is read here is, byte for byte, what was on people's screens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from analysis.export.digest import sha256_of
from analysis.export.facts import ExportFacts
from analysis.problems import ExportError

CHECKSUMS = "SHA256SUMS"
DIGEST_SHOWN = 12  # characters


class BundleRow(BaseModel):
    """A row of a bundle, of which the pictures are needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StimulusRow(BundleRow):
    """A row of stimuli.jsonl: the photo."""

    stimulus_id: str
    image: str


class ExplanationRow(BundleRow):
    """A row of explanations.jsonl: what an explainer drew for what a classifier said."""

    stimulus_id: str
    classifier: str
    explainer: str
    images: tuple[str, ...]
    text: str = ""


Row = TypeVar("Row", bound=BundleRow)


@dataclass(frozen=True, kw_only=True)
class BundlePictures:
    """Where the pictures are, by path within the bundle.

    Attributes:
        folder: of the bundle.
        checksums: SHA-256 of every file.
        photos: by stimulus.
        explanations, texts: by stimulus, classifier and explainer.
    """

    folder: Path
    checksums: Mapping[str, str]
    photos: Mapping[str, str]
    explanations: Mapping[tuple[str, str, str], tuple[str, ...]]
    texts: Mapping[tuple[str, str, str], str]

    def read(self, path: str) -> bytes:
        """The file of a picture.

        Raises:
            ExportError: if it is not what the bundle was sealed with.
        """
        return _sealed(self.folder, path, self.checksums)


def read_pictures(folder: Path, facts: ExportFacts) -> BundlePictures:
    """Find the pictures of an export.

    Args:
        folder: of the bundle that the study was built from.
        facts: of the export.

    Raises:
        ExportError: if that is no bundle or another one, or if its files were changed.
    """
    if not facts.bundle_digest:
        raise ExportError(str(folder), ["the export was imported and names no bundle"])
    try:
        digest = sha256_of(folder / CHECKSUMS)
    except OSError:
        problem = f"has no {CHECKSUMS}; give the folder of the bundle that was loaded"
        raise ExportError(str(folder), [problem]) from None
    if digest != facts.bundle_digest:
        problem = (
            f"is another bundle ({digest[:DIGEST_SHOWN]}) than that of the export "
            f"({facts.bundle_digest[:DIGEST_SHOWN]}); give the one that was loaded"
        )
        raise ExportError(str(folder), [problem])
    lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    checksums = {path: checksum for checksum, path in (line.split("  ", 1) for line in lines)}
    stimuli = _rows(folder, "stimuli.jsonl", checksums, StimulusRow)
    explanations = _rows(folder, "explanations.jsonl", checksums, ExplanationRow)
    return BundlePictures(
        folder=folder,
        checksums=checksums,
        photos={row.stimulus_id: row.image for row in stimuli},
        explanations={(r.stimulus_id, r.classifier, r.explainer): r.images for r in explanations},
        texts={(r.stimulus_id, r.classifier, r.explainer): r.text for r in explanations if r.text},
    )


def _rows(folder: Path, path: str, checksums: Mapping[str, str], model: type[Row]) -> list[Row]:
    lines = _sealed(folder, path, checksums).splitlines()
    return [model.model_validate_json(line) for line in lines]


def _sealed(folder: Path, path: str, checksums: Mapping[str, str]) -> bytes:
    try:
        content = (folder / path).read_bytes()
    except OSError:
        content = b""
    if sha256(content).hexdigest() != checksums.get(path):
        problem = f"{path}: is missing or was changed after the build; fetch the bundle again"
        raise ExportError(str(folder), [problem])
    return content
