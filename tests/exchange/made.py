"""Lists, members and entries for the exchange: digests of counters, names with an ampersand."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import md5, sha1, sha256
from typing import Any

from tests.personas import basic

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.insight.lists import members
from tipline.insight.lists.entries import write_entries
from tipline.insight.lists.models import HashList, Member
from tipline.insight.lists.rules_entries import Draft, Print

SECRET = "a-long-generated-secret"
HOUSE = "Clearing & Sons"


@dataclass
class Ours:
    """One list of ours, who owns its entries, and a member who may pull and vote."""

    hash_list: HashList
    house: Member
    lantern: Member

    def write(self, *drafts: Draft, owner: Member | None = None) -> None:
        held = list(drafts)
        for start in range(0, len(held), 1000):
            write_entries(self.hash_list.pk, (owner or self.house).pk, held[start : start + 1000])


def own_list(slug: str = "apparent", label: str = "") -> HashList:
    return HashList.objects.create(
        slug=slug, name=f"List {slug}", kind="own", content="apparent_csam", label=label,
        created_at=clock.now(),
    )  # fmt: skip


def make_ours() -> Ours:
    """A clearinghouse with a list, and the member ``lantern`` with an account of that name."""
    accounts.add_organisation(SYSTEM, OrganisationKind.CLEARINGHOUSE, HOUSE)
    ours = Ours(own_list(), members.house(), members.add_member(SYSTEM, "Lantern"))
    members.grant(SYSTEM, ours.lantern, ours.hash_list, may_vote=True)
    members.issue_member_credential(SYSTEM, ours.lantern, "lantern", SECRET)
    return ours


def draft(number: int | str, **changes: Any) -> Draft:
    """An image with an MD5, a SHA-1 and a PDQ; of every third, a PhotoDNA too."""
    told = str(number).encode()
    prints = [
        Print("md5", md5(told).hexdigest()),
        Print("sha1", sha1(told).hexdigest()),
        Print("pdq", sha256(told).hexdigest()),
    ]
    if isinstance(number, int) and number % 3 == 0:
        prints.append(Print("pdna", base64.b64encode((sha256(told).digest() * 5)[:144]).decode()))
    made = {"key": f"e{number}", "media": "image", "prints": tuple(prints)}
    return Draft(**{**made, "classification": "A1", **changes})


def video(number: int | str) -> Draft:
    told = str(number).encode()
    prints = (Print("md5", md5(told).hexdigest()),)
    return draft(number, key=f"v{number}", media="video", prints=prints)


LANTERN = basic("lantern", SECRET)
