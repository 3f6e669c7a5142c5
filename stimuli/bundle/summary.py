"""What a bundle holds, in a few lines. Imports no torch."""

from collections import Counter

from stimuli.bundle import AdversarialFacts, Bundle, ClassifierFacts, Manifest, Ruling


def summary(bundle: Bundle) -> str:
    """The lines that `build` and `check` print."""
    manifest = bundle.manifest
    cells = [f"{c.bin} {'right' if c.right else 'wrong'} {c.chosen}" for c in manifest.bins]
    return "\n".join(
        [
            f"{bundle.path}: a whole bundle, digest {bundle.digest[:12]}",
            *(line for facts in manifest.classifiers for line in _classifier(facts)),
            f"  pool: {manifest.pool_size} images, {manifest.covered_share:.1%} in the six bins",
            f"  stimuli: {', '.join(cells)}",
            *_adversarial(manifest.adversarial),
            f"  practice and validation items: {manifest.items}",
            *_verdicts(manifest),
        ]
    )


def _classifier(facts: ClassifierFacts) -> list[str]:
    ai, top1 = facts.ai_only, facts.accuracy["test"]
    return [
        f"  {facts.name} ({facts.backbone}): {top1:.1%} top-1 on the test split",
        f"  AI-only: T* = {ai.threshold:.2f}, chosen on {ai.chosen_on}: {ai.accuracy:.1%} right",
        *(
            f"    {basis}: {tally.accuracy:.1%} of {tally.n_images}"
            for basis, tally in ai.tallies.items()
            if tally.n_images
        ),
    ]


def _adversarial(facts: AdversarialFacts | None) -> list[str]:
    if not facts:
        return []
    drawn = ", ".join(f"{c.bin} {c.chosen} of {c.available}" for c in facts.bins)
    line = f"  adversarial: {facts.deceived} of {facts.attacked} deceived as JPEG; {drawn}"
    return [line + (f"; {facts.twins} seen or vetoed as photographs" if facts.twins else "")]


def _verdicts(manifest: Manifest) -> list[str]:
    counts = Counter(verdict.ruling for verdict in manifest.verdicts)
    found = ", ".join(f"{counts[ruling]} {ruling}" for ruling in Ruling if counts[ruling])
    return [f"  verdicts of reviewers: {found}"] if found else []
