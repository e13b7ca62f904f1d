"""Lists and entries for the tests, with digests of nothing."""

from __future__ import annotations

from hashlib import md5, sha1

from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.lists import services
from tipline.insight.lists.models import Entry
from tipline.insight.lists.rules_entries import Draft, Print


def foreign(slug="harbour", **policy):
    return services.add_list(SYSTEM, slug, f"List {slug}", "apparent_csam", policy=policy)


def draft(number, **changes) -> Draft:
    told = str(number).encode()
    prints = (Print("md5", md5(told).hexdigest()), Print("sha1", sha1(told).hexdigest()))
    return Draft(**{"key": f"e{number}", "media": "image", "prints": prints, **changes})


def entries(hash_list):
    return list(Entry.objects.filter(hash_list=hash_list).order_by("position"))
