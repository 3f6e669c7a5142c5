"""What a bundle holds, in a few lines. Imports no torch."""

from collections import Counter
from collections.abc import Iterable

from stimuli.bundle import AdversarialFacts, BinCount, Bundle, ClassifierFacts, Ruling
from stimuli.bundle.mask_facts import mask_line

# Of an adversarial and a natural picture, this AUC picks the right one three times in four,
# the usual threshold of what observers are said to see.
TELLING_AUC = 0.75
UNASKED = "no answers to training pictures, so that a card may show any of its class"


def summary(bundle: Bundle) -> str:
    """The lines that `build` and `check` print."""
    manifest = bundle.manifest
    cells = [f"{c.bin} {'right' if c.right else 'wrong'} {c.chosen}" for c in manifest.bins]
    lines = [
        f"{bundle.path}: a whole bundle, digest {bundle.digest[:12]}",
        *(line for facts in manifest.classifiers for line in _classifier_lines(facts)),
        f"  pool: {manifest.pool_size} images, {manifest.covered_share:.1%} in the six bins",
        f"  stimuli: {', '.join(cells)}",
    ]
    if left_out := ", ".join(f"{n} {why}" for why, n in manifest.excluded.items() if n):
        lines.append(f"  left out of the test split: {left_out}")
    if manifest.masks:
        lines.append(f"  masks: {mask_line(manifest.masks)}")
    lines += [
        f"  {name}: drawn by {facts.source}, SHA-256 {facts.sha256[:12]}"
        for name, facts in manifest.plugins.items()
    ]
    lines += [line for facts in manifest.adversarial for line in _attack_lines(facts)]
    if empty := ", ".join(f"{n} of {name}" for name, n in manifest.empty_maps.items() if n):
        lines.append(f"  left out because of empty heat maps: {empty}")
    lines += [f"  every heat map of {name} is the same" for name in manifest.one_map]
    lines += [
        f"  {name}: made elsewhere, of {facts.n_images} images, digest {facts.digest[:12]}"
        for name, facts in manifest.explanations.items()
    ]
    lines.append(f"  practice and validation items: {manifest.items}")
    counts = Counter(verdict.ruling for verdict in manifest.verdicts)
    if verdicts := ", ".join(f"{counts[ruling]} {ruling}" for ruling in Ruling if counts[ruling]):
        lines.append(f"  verdicts of reviewers: {verdicts}")
    return "\n".join(lines)


def _attack_lines(facts: AdversarialFacts) -> list[str]:
    twins = f"; {facts.twins} seen or vetoed as photographs" if facts.twins else ""
    deceived = " ".join(["deceived", *" and ".join(facts.against).split()])
    drawn = f"{_chosen(facts.bins)}{twins}"
    lines = [f"  adversarial: {facts.deceived} of {facts.attacked} {deceived} as JPEG; {drawn}"]
    if facts.flipped:
        lines.append(
            f"  flipped: {facts.flipped.right} of {facts.attacked} named rightly; "
            f"{_chosen(facts.flipped.bins)}"
        )
    if facts.detector_auc is not None:
        lines.append(f"  {detector_sentence(facts.detector_auc)}")
    return lines


def _chosen(bins: Iterable[BinCount]) -> str:
    return ", ".join(f"{c.bin} {c.chosen} of {c.available}" for c in bins)


def detector_sentence(auc: float) -> str:
    """How well attacked stimuli can be told from natural ones, and what it means if well."""
    said = (
        "a small detector of sharpness and noise tells adversarial from natural stimuli with an "
        f"AUC of {auc:.2f} (0.50 is chance)"
    )
    if auc < TELLING_AUC:
        return said
    return (
        f"{said}: people could learn to tell which pictures were altered, whatever the AI says; a "
        "lower adversarial.epsilon makes it harder"
    )


def _classifier_lines(facts: ClassifierFacts) -> list[str]:
    ai, top1 = facts.ai_only, facts.accuracy["test"]
    return [
        f"  {facts.name} ({facts.backbone}): {top1:.1%} top-1 on the test split",
        *([f"  {UNASKED}"] if facts.is_unasked else []),
        f"  AI-only: T* = {ai.threshold:.2f}, chosen on {ai.chosen_on}: {ai.accuracy:.1%} right",
        *(
            f"    {basis}: {tally.accuracy:.1%} of {tally.n_images}"
            for basis, tally in ai.tallies.items()
            if tally.n_images
        ),
    ]
