"""Lists, members and entries for the exchange: digests of counters, names with an ampersand."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from hashlib import md5, sha1, sha256
from typing import Any

from tests.personas import basic

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.insight.lists import members
from tipline.insight.lists import services as lists
from tipline.insight.lists.entries import write_entries
from tipline.insight.lists.models import Entry, EntryFingerprint, HashList, Member, Source, Vote
from tipline.insight.lists.positions import horizon
from tipline.insight.lists.pulling.http import Patience
from tipline.insight.lists.pulling.services import Pulled, pull
from tipline.insight.lists.pulling.sources import Login, set_source
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


@dataclass
class Theirs:
    """A foreign list and what it holds, to be compared with what it was pulled from."""

    hash_list: HashList

    @property
    def source(self) -> Source:
        return Source.objects.get(pk=self.hash_list.pk)

    def pull(self, **how: Any) -> Pulled:
        return pull(self.hash_list.pk, patience=HURRY, **how)


#: Nobody waits in a test: neither for a second try nor for a server that says nothing.
HURRY = Patience(pause=5.0, whole=20.0, sleep=lambda _seconds: None)


def make_theirs(root: str, slug: str = "theirs") -> Theirs:
    row = lists.add_list(SYSTEM, slug, "What others found", "apparent_csam")
    set_source(SYSTEM, row, Login(root, "lantern", SECRET))
    return Theirs(row)


def contents(hash_list: HashList) -> dict[str, Any]:
    """What a list holds, key by key, whoever is called how: live rows with all that is said."""
    rows = list(Entry.objects.filter(hash_list=hash_list, removed_at__isnull=True))
    found = {
        row.pk: {
            "media": row.media,
            "classification": row.classification,
            "prints": [],
            "votes": [],
        }
        for row in rows
    }
    prints = EntryFingerprint.objects.filter(entry__hash_list=hash_list).order_by("type", "value")
    for key, kind, value in prints.values_list("entry_id", "type", "value"):
        if key in found:
            found[key]["prints"].append((kind, value))
    votes = Vote.objects.select_related("member").filter(entry__hash_list=hash_list)
    for vote in votes.order_by("type", "member__name"):
        if vote.entry_id in found:
            said = (vote.type, vote.member.name, vote.affirmative, tuple(vote.reasons))
            found[vote.entry_id]["votes"].append(said)
    return {row.key: found[row.pk] for row in rows}


def settle(hash_list: HashList) -> None:
    """Let the instant of the newest change pass, so that a window may end behind it."""
    while horizon(hash_list.pk) < HashList.objects.get(pk=hash_list.pk).changed_at:
        time.sleep(0.05)
