"""How many requests an account may send: a bucket that fills steadily. Pure: time is given."""

from __future__ import annotations

from dataclasses import dataclass, field

#: A client that probes for full windows sent 69 requests in a row for 2,500 entries.
PER_SECOND = 20.0
AT_ONCE = 300.0
MOST_ACCOUNTS = 10_000


@dataclass
class Pace:
    """Tokens per account; not for several threads."""

    per_second: float = PER_SECOND
    at_once: float = AT_ONCE
    _held: dict[int, tuple[float, float]] = field(default_factory=dict)

    def wait(self, account: int, now: float) -> float:
        """0 when the account may go on, which takes a token; else seconds until it may."""
        held, seen = self._held.get(account, (self.at_once, now))
        held = min(self.at_once, held + max(0.0, now - seen) * self.per_second)
        free = held >= 1
        if len(self._held) >= MOST_ACCOUNTS and account not in self._held:
            self._held.clear()
        self._held[account] = (held - 1 if free else held, now)
        return 0.0 if free else (1 - held) / self.per_second
