"""Every problem of a bundle, its pictures included."""

import io
from pathlib import Path

from PIL import Image, JpegImagePlugin

from stimuli.bundle import Bundle, BundleError, read_bundle
from stimuli.bundle.classifier_input import input_sha256, seen_pixels

# What a plain JPEG file carries; anything else would be metadata.
PLAIN_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def check_bundle(folder: Path) -> Bundle:
    """Read a bundle and look at its pictures too.

    Raises:
        BundleError: with every problem.
    """
    bundle = read_bundle(folder)
    problems = picture_problems(bundle) + length_problems(bundle)
    if problems := problems or input_problems(bundle):
        raise BundleError(str(folder), problems)
    return bundle


def picture_problems(bundle: Bundle) -> list[str]:
    """Pictures whose size, encoding or metadata differ, so that they could tell something."""
    side = bundle.study.display_px
    expected: object = None
    problems = []
    for path in sorted(p for p in bundle.checksums if p.startswith("images/")):
        content = (bundle.path / path).read_bytes()
        try:
            with Image.open(io.BytesIO(content)) as image:
                image.load()
        except OSError:
            problems.append(f"{path}: cannot be decoded; build again")
            continue
        if image.size != (side, side):
            problems.append(f"{path}: is {image.size}, not {side} x {side} as the study says")
        if extra := sorted(set(image.info) - PLAIN_INFO):
            problems.append(f"{path}: carries {', '.join(map(str, extra))}; remove it")
        encoding: object = image.format
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            subsampling = JpegImagePlugin.get_sampling(image)
            encoding = image.mode, image.quantization, subsampling
        expected = expected or encoding
        if encoding != expected:
            problems.append(f"{path}: was encoded in another way than the other pictures")
    return problems


def length_problems(bundle: Bundle) -> list[str]:
    """Files of stimuli, or of their heat maps, whose lengths differ and could tell the kind."""
    sorts = {"stimuli": [s.image for s in bundle.stimuli]}
    for explanation in bundle.explanations:
        if explanation.explainer != "neighbours":  # these are training pictures
            sorts.setdefault(explanation.explainer, []).extend(explanation.images)
    lengths = {n: {(bundle.path / i).stat().st_size for i in images} for n, images in sorts.items()}
    return [
        f"{name}: pictures have files of {len(sizes)} different lengths; build again"
        for name, sizes in lengths.items()
        if len(sizes) > 1
    ]


def input_problems(bundle: Bundle) -> list[str]:
    """Stimuli from whose picture, all of which can be decoded, another input is made than said."""
    side, is_required = bundle.study.dataset.crop_px, bundle.manifest.schema_version > 1
    problems = []
    for stimulus in bundle.stimuli:
        said, where = stimulus.input_sha256, f"stimuli.jsonl: {stimulus.stimulus_id}"
        if said is None and is_required:
            problems.append(f"{where}: input_sha256 is missing; build again")
        if said is None:
            continue
        pixels = seen_pixels((bundle.path / stimulus.image).read_bytes(), side)
        if input_sha256(pixels) != said:
            problems.append(
                f"{where}: {stimulus.image} resized to {side} px gives another picture than the "
                "classifier saw (input_sha256 differs); build again"
            )
    return problems
