"""E-mail addresses. Pure."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from tipline.insight.entities.forms.rules_form import Form, Problem, folded, form, none

_GMAIL: Final = frozenset({"gmail.com", "googlemail.com"})
#: Parts of a domain that are looked at; the longest one there is has 127.
_MOST_PARTS: Final = 127
#: Mailboxes of a task, not of a person.
ROLES: Final = frozenset(
    {
        "abuse", "admin", "administrator", "contact", "help", "hello", "hostmaster", "info",
        "legal", "mail", "no-reply", "noreply", "office", "postmaster", "privacy", "root", "safety",
        "sales", "security", "support", "trust", "webmaster",
    }
)  # fmt: skip


def email(raw: str) -> Form:
    """The address with its case folded; nothing that a provider may read otherwise is dropped."""
    local, at, domain = folded(raw).rpartition("@")
    if not at or not local or " " in local or " " in domain or "." not in domain.strip("."):
        return none(Problem.MALFORMED)
    return form(f"{local}@{domain}")


def mailbox(value: str) -> str:
    """The mailbox that an address in normal form most likely names, for comparing only.

    What follows a plus sign is dropped, and dots where the provider is known to ignore them
    (Gmail's two domains, which are one).
    """
    local, _at, domain = value.rpartition("@")
    user = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{user.replace('.', '') or user}@gmail.com"
    return f"{user}@{domain}"


def user_of(value: str) -> str:
    """The mailbox without its provider; empty for one of a task (``info@``)."""
    user = mailbox(value).rpartition("@")[0]
    return "" if user in ROLES else user


def says_nothing(value: str) -> bool:
    """Whether an address in normal form is no one person's: a task's, or a throwaway provider's."""
    user, _at, domain = mailbox(value).rpartition("@")
    return user in ROLES or is_disposable(domain)


@lru_cache(maxsize=4096)
def is_disposable(domain: str) -> bool:
    """Whether anybody may open any mailbox of this provider, by a published list (``data``)."""
    parts = domain.split(".")[:_MOST_PARTS]
    return any(".".join(parts[start:]) in _disposable() for start in range(len(parts) - 1))


@cache
def _disposable() -> frozenset[str]:
    text = files("tipline.insight.entities.forms").joinpath("data/disposable_mail.txt")
    return frozenset(text.read_text("ascii").split())
