"""A subject as the scorer takes it: plain values, each with the forms it is compared by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from tipline.insight.entities.forms import rules_screen_name as looser
from tipline.insight.entities.forms.rules_email import mailbox, user_of
from tipline.insight.entities.forms.rules_ip import network
from tipline.insight.entities.forms.rules_phone import national


@dataclass(frozen=True)
class Handle:
    """A screen name at a service. Make it with :func:`handle`."""

    name: str
    scope: str
    skeleton: str
    stem: str
    number: str

    @cached_property
    def words(self) -> frozenset[str]:
        """Made when somebody asks: most comparisons end before."""
        return looser.words(self.name)


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail address. Make it with :func:`mail`."""

    mailbox: str
    user: str
    skeleton: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number. ``national``: its last nine digits, empty for a shorter one."""

    number: str
    national: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An IP address at an event. ``at``: aware, None without a zone.

    ``shared``: known to be many people's at once (a carrier's translation, a VPN, Tor, hosting).
    """

    address: str
    network: str
    at: datetime | None = None
    port: int | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """One person or account, with all values in normal form. What is empty says nothing.

    ``accounts``: pairs of service and id. ``names``: sorted words, parted by blanks.
    ``births``: ISO dates. ``files``: SHA-256 or other digests.
    """

    accounts: frozenset[tuple[str, str]] = frozenset()
    handles: tuple[Handle, ...] = ()
    mails: tuple[Mail, ...] = ()
    phones: tuple[Phone, ...] = ()
    seen: tuple[Seen, ...] = ()
    names: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    payments: frozenset[tuple[str, str]] = frozenset()
    files: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)  # a report is read when it comes, and with every one that it is like
def handle(name: str, scope: str = "") -> Handle:
    """A screen name in normal form, with its looser forms."""
    return Handle(
        name, scope, looser.skeleton(name), looser.stem(name), looser.trailing_number(name)
    )


@lru_cache(maxsize=4096)
def mail(value: str) -> Mail:
    """An e-mail address in normal form, with its looser forms."""
    user = user_of(value)
    return Mail(mailbox(value), user, looser.skeleton(user) if user else "")


def phone(value: str) -> Phone:
    return Phone(value, national(value))


def seen(
    address: str, at: datetime | None = None, port: int | None = None, *, shared: bool = False
) -> Seen:
    return Seen(address, _network(address), at, port, shared)


_network = lru_cache(maxsize=4096)(network)
