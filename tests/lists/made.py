"""Lists and entries for the tests, with digests of nothing."""

from __future__ import annotations

import io
from hashlib import md5, sha1

import numpy as np
from PIL import Image

from tipline.ground.foundation import worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.services import confirm_label, set_label
from tipline.insight.lists import members, services
from tipline.insight.lists.entries import write_entries
from tipline.insight.lists.models import Entry, ListMatch, Member
from tipline.insight.lists.rules_entries import Draft, Print


def foreign(slug="harbour", content="apparent_csam", **policy):
    return services.add_list(SYSTEM, slug, f"List {slug}", content, policy=policy)


def owner(name="Lantern Hotline"):
    known = Member.objects.filter(name=name).first()
    return known or members.add_member(SYSTEM, name)


def draft(number, **changes) -> Draft:
    told = str(number).encode()
    prints = (Print("md5", md5(told).hexdigest()), Print("sha1", sha1(told).hexdigest()))
    return Draft(**{"key": f"e{number}", "media": "image", "prints": prints, **changes})


def put(hash_list, key="one", **prints):
    """An entry with these fingerprints: ``put(list, md5=…)``."""
    made = tuple(Print(kind, value) for kind, value in prints.items())
    write_entries(hash_list.pk, owner().pk, [Draft(key, "image", made)])
    return Entry.objects.get(hash_list=hash_list, key=key)


def entries(hash_list):
    return list(Entry.objects.filter(hash_list=hash_list).order_by("position"))


def matches(report=None):
    """(list, layer, type, distance) of every match that holds."""
    rows = ListMatch.objects.filter(withdrawn_at__isnull=True).order_by("file", "layer", "pk")
    if report is not None:
        rows = rows.filter(file__report=report)
    return [(m.entry.hash_list.slug, m.layer, m.type, m.distance) for m in rows]


def agree(people, file, code):
    first, *others = people
    set_label(first, file, code, present=True)
    for actor in others:
        confirm_label(actor, file, code)


def worked():
    worker.run_ready("tests")


def photo(seed, way="", *, cut=0):
    """Smooth noise with much to tell pictures apart by; turned, or cut on each side by percent."""
    noise = np.random.default_rng(seed).integers(0, 255, (24, 24, 3), np.uint8)
    image = Image.fromarray(noise).resize((512, 512), Image.Resampling.BICUBIC)
    if way:
        image = image.transpose(getattr(Image.Transpose, way))
    if cut:
        side = round(512 * cut / 200)
        image = image.crop((side, side, 512 - side, 512 - side))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
