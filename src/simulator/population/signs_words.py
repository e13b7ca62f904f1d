"""Signs of the words: what an excerpt, a note or an escalation speaks of. Ours.

A value names a kind of text, never the text: that is chosen afterwards, in the report's
language, and tells nothing more. ``no-`` kinds deny what they name, ``story`` kinds tell of a
film, a game, a school or the past.
"""

from __future__ import annotations

from simulator.population.cases import Case
from simulator.population.signs import Given, Shares, Sign

HINTS = ("meeting", "harm", "live", "deadline", "travel", "home")
KINDS = (
    "neutral",
    "standing",
    *(f"{way}{kind}" for way in ("", "no-", "story-") for kind in HINTS),
)

#: What the words of a case tell of when they tell of the danger.
_DANGER: dict[Case, Shares] = {
    Case.CONTACT: {"home": 70, "live": 10, "meeting": 10, "harm": 5, "travel": 5},
    Case.PRODUCER: {"live": 65, "home": 25, "deadline": 5, "travel": 5},
    Case.ENTICER: {"meeting": 65, "travel": 15, "deadline": 8, "harm": 7, "live": 5},
    Case.EXTORTER: {"deadline": 65, "harm": 30, "live": 5},
    Case.TRAFFICKER: {"travel": 55, "meeting": 30, "deadline": 15},
}
#: How often the words of other cases would have told of one, had there been any.
_HARMLESS: dict[Case, Shares] = {
    Case.ATTEMPT: {"meeting": 60, "deadline": 20, "travel": 15, "harm": 5},
    Case.PEERS: {"meeting": 70, "harm": 20, "deadline": 10},
    Case.TRADER: {"deadline": 40, "live": 25, "travel": 10, "home": 25},
    Case.HOLDER: {"home": 60, "live": 20, "travel": 20},
    Case.MISTAKEN: {"meeting": 35, "travel": 25, "harm": 10, "live": 10, "home": 20},
}
_TRUE_ALARM: dict[Case, float] = {
    Case.ATTEMPT: 0.06, Case.PEERS: 0.05, Case.TRADER: 0.03, Case.HOLDER: 0.03,
    Case.MISTAKEN: 0.02,
}  # fmt: skip


def _about(given: Given, scale: float) -> Shares:
    """What a text speaks of, given that there is one."""
    habits = given.habits
    plain = {"neutral": 1.0}
    if given.endangered:
        told = _scaled(_DANGER[given.case], habits.hinted * scale)
        away = {"story-meeting": 0.02, "no-meeting": 0.02}
        return _filled({**told, **away}, plain)
    alarm = _TRUE_ALARM.get(given.case, 0.01)
    like = _HARMLESS.get(given.case, {"meeting": 40, "travel": 25, "harm": 15, "home": 20})
    misleading = habits.misleading * (2 if given.case is Case.ATTEMPT else 1)
    return _filled(
        {
            **_scaled(like, alarm),
            **_scaled({f"no-{kind}": share for kind, share in like.items()}, misleading / 2),
            **_scaled({f"story-{kind}": share for kind, share in like.items()}, misleading / 2),
        },
        plain,
    )


def _scaled(shares: Shares, total: float) -> dict[str, float]:
    whole = sum(shares.values())
    return {value: total * share / whole for value, share in shares.items()}


def _filled(shares: dict[str, float], rest: Shares) -> dict[str, float]:
    return {**shares, **_scaled(rest, max(0.0, 1 - sum(shares.values())))}


_TALKING: dict[Case, float] = {
    Case.CONTACT: 0.4, Case.PRODUCER: 0.25, Case.ENTICER: 0.8, Case.EXTORTER: 0.8,
    Case.TRAFFICKER: 0.6, Case.ATTEMPT: 0.75, Case.PEERS: 0.5, Case.TRADER: 0.25,
    Case.HOLDER: 0.06, Case.VIRAL: 0.05, Case.GENERATED: 0.02, Case.MISTAKEN: 0.12,
}  # fmt: skip


def _talk(given: Given) -> Shares:
    """The excerpt of a conversation."""
    there = _TALKING[given.case] * given.habits.talk
    return {"": 1 - there, **_scaled(_about(given, 1), there)}


def _note(given: Given) -> Shares:
    """What somebody at the sender wrote beside: mostly nothing or a standing sentence."""
    words = 0.35 if given.endangered else 0.15
    said = _scaled(_about(given, 0.6), words)
    return {"": 0.5 - words / 2, "standing": 0.5 - words / 2, **said}


_ALARMING: dict[Case, float] = {
    Case.EXTORTER: 1.1, Case.PRODUCER: 0.85, Case.TRAFFICKER: 0.9, Case.ATTEMPT: 5,
    Case.PEERS: 2, Case.HOLDER: 1.5, Case.VIRAL: 0.3, Case.GENERATED: 0.2,
}  # fmt: skip


def _escalation(given: Given) -> Shares:
    """Whether the sender asks for priority, and with which words: often none that tell."""
    rate = given.sender.sensitivity if given.endangered else given.sender.false_alarm
    rate = min(0.95, rate * _ALARMING.get(given.case, 1))
    words = {"standing": 0.5, **_scaled(_about(given, 1), 0.5)}
    return {"": 1 - rate, **_scaled(words, rate)}


def _language(given: Given) -> Shares:
    spoken = given.population.languages
    return {"en": spoken.en, "es": spoken.es, "fr": spoken.fr, "pt": spoken.pt}


SIGNS: tuple[Sign, ...] = (
    Sign("language", _language),
    Sign("talk", _talk),
    Sign("note", _note),
    Sign("escalation", _escalation),
)
