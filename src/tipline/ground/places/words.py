"""The words for places, for what is doubtful about them and for why there is none."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words
from tipline.ground.places.place import NoPlace, Note, Trust

WORDS: Final[dict[str, Promise]] = {
    "place.from_ip": _("{place}, by IP address ({source}; trust: {trust})"),
    "place.from_phone": _("{place}, by phone number ({source}; trust: {trust})"),
    "place.from_zip": _("{place}, by ZIP code ({source}; trust: {trust})"),
    "place.from_address": _("{place}, by postal address ({source}; trust: {trust})"),
    "place.anycast": _("The address answers in many places at once: the country is a hint only"),
    "place.relay": _("People leave through this network from elsewhere (privacy relay or VPN)"),
    "place.tunnel": _("The address is carried inside another one (tunnel)"),
    "place.proxy": _("The ESP says that this may be a proxy"),
    "place.portable": _("People keep their numbers when they move to another state"),
    "place.not_geographic": _("The number is not tied to a place"),
    "place.not_in_plan": _("The number is not in its country's numbering plan"),
    "place.assumed_region": _("No country was given: one was assumed"),
    "place.conflict": _("Parts of it contradict each other"),
    "place.military": _("Military post: the person may be anywhere"),
    "place.retired": _("The ZIP code is no longer in use"),
    "no_place.malformed": _("It cannot be read"),
    "no_place.no_country": _("No country was given"),
    "no_place.unknown": _("The data says nothing about it"),
    "no_place.toll_free": _("Toll-free numbers have no place"),
    "no_place.not_geographic": _("The number belongs to no country"),
    "no_place.private": _("Private network address: used inside a home or company"),
    "no_place.loopback": _("Address of the machine itself"),
    "no_place.link_local": _("Address valid on one cable only"),
    "no_place.carrier": _("Address inside a carrier's network, not on the internet"),
    "no_place.documentation": _("Address reserved for examples"),
    "no_place.multicast": _("Group address: nobody sends from it"),
    "no_place.reserved": _("Reserved address: nobody sends from it"),
    "no_place.unallocated": _("Nobody holds this address"),
}

TRUST_WORDS: Final[dict[Trust, Promise]] = {
    Trust.LOW: _("low"),
    Trust.MEDIUM: _("medium"),
    Trust.HIGH: _("high"),
}

register_words(WORDS)


def words_of_note(note: Note) -> Promise | None:
    """The note in words; None for no note."""
    return WORDS[f"place.{note.value}"] if note else None


def words_of_no_place(problem: NoPlace) -> Promise:
    """Why there is no place, in words."""
    return WORDS[f"no_place.{problem.value}"]
