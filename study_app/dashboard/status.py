"""What `study status` and `study links` print."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from stimuli.study import Provider
from study_app.dashboard.monitoring import Overview
from study_app.dashboard.passwords import password_hash
from study_app.enrolment.recruiting import Recruiting
from study_app.enums import Wave
from study_app.tokens import sign_in_token, trial_run_token

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HEADINGS = ("condition", "started", "under way", "completed", "passed validation", "others")


def links_text(url: str, provider: Provider) -> str:
    """Where participants enter, what to paste at the provider's, and where to watch."""
    base, hint = _with_slash(url), provider_hint(provider)
    return "\n".join(
        (
            f"Participants  {base}",
            f"{provider.name:<13} {provider_address(url, provider)}",
            *((f"{'':<13} ({hint})",) if hint else ()),
            f"Try it out    {base}?test={trial_run_token()}",
            f"Experimenter  {_experimenter_address(base)}",
        )
    )


def _experimenter_address(base: str) -> str:
    """The page itself, or, before there is a password, a link that signs in on this machine."""
    page = urljoin(base, "experimenter")
    if password_hash() is not None:
        return f"{page} (asks for the password)"
    if urlsplit(base).hostname in LOOPBACK:
        return f"{page}/enter/{sign_in_token()}"
    return f"{page} (first set a password: flask --app study_app study password)"


def provider_address(url: str, provider: Provider) -> str:
    """What to paste at the provider's, who replaces the placeholders by its ids."""
    query = "&".join(f"{name}={gap}" for name, gap in provider.gaps.items())
    return f"{_with_slash(url)}?{query}"


def provider_hint(provider: Provider) -> str:
    """What to do about an address whose placeholders nobody knows; empty where they are known."""
    if provider.is_notation_known:
        return ""
    gaps = " ".join(provider.gaps.values())
    return f"in place of {gaps}, write what {provider.name} replaces by its ids"


def invitation_address(url: str, token: str) -> str:
    """A personal link."""
    return f"{_with_slash(url)}?invitation={token}"


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def wave_text(wave: Wave, recruiting: Recruiting, started: Mapping[Wave, int]) -> str:
    """Which wave is counted, whether it recruits, and which others there are.

    Args:
        started: people who pressed Start in each wave.
    """
    paused = ", paused" if recruiting.paused else ""
    state = f"{paused}; places in each condition: {recruiting.quota or 'no end'}"
    if wave is not recruiting.wave:
        state = f"; recruiting is for the {recruiting.wave} wave{paused}"
    others = ", ".join(f"{other} {n}" for other, n in started.items() if other is not wave)
    return f"The {wave} wave{state}" + (
        f"\nOther waves (--wave): {others} started" if others else ""
    )


def going_on_text(under_way: int) -> str:
    """Who gets on while recruiting is paused.

    Args:
        under_way: people of the wave whose session has not ended.
    """
    return (
        f"{under_way} under way, who go on by the page or the link where they are; personal links, "
        "previews, the experimenter's own link and rehearsals get on as well."
    )


def version_text(number: int, since: datetime) -> str:
    """Which version of the study file whoever starts now meets."""
    return f"Version {number} of the study file, in force since {since:%Y-%m-%d %H:%M} UTC"


def status_text(counts: Overview) -> str:
    """A table of one kind of people, real or simulated."""
    who = "Simulated participants" if counts.simulated else "Participants"
    away = turned_away_text(counts)
    if not counts.started:
        return "\n".join([f"{who}: none yet", *away])
    rows = [
        (
            row.condition,
            str(row.started),
            str(row.under_way),
            str(row.completed),
            f"{row.passed_validation} of {row.judged_validation}",
            ", ".join(f"{n} {outcome}" for outcome, n in row.others.items()) or "-",
        )
        for row in counts.rows
    ]
    lines = [f"{who}: {counts.completed} of {counts.started} completed", *away]
    lines += aligned([HEADINGS, *rows])
    if counts.signalled:
        lines.append(f"Signals of programs: {counts.signalled} of {counts.started}")
    if counts.without_ids:
        lines.append(f"Warning: {without_ids_text(counts)}")
    return "\n".join(lines)


def turned_away_text(counts: Overview) -> list[str]:
    """A line of who pressed Start and got no condition, if there is anybody."""
    ends = ", ".join(f"{n} {outcome}" for outcome, n in counts.turned_away.items())
    n = sum(counts.turned_away.values())
    return [f"Turned away before they started: {n} ({ends})"] if n else []


def without_ids_text(counts: Overview) -> str:
    """What is wrong where people come without ids, and what to do."""
    return (
        f"{counts.without_ids} of {counts.started} came without an id, so nobody knows whom to "
        "pay; see that the address at the provider's is that of `study links`"
    )


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table whose columns are as wide as they need to be."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
