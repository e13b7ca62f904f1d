"""Making lists and publishing their policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.db.models import Max

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.events import ListChanged
from tipline.insight.lists.models import HashList, ListPolicy, Sweep
from tipline.insight.lists.rules_entries import Content
from tipline.insight.lists.rules_policy import ListRules, starting

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Pages beside those of the lists.
_TAKEN = frozenset({"add", "series", "set-aside"})
_LONGEST_SLUG = 50
_LONGEST_NAME = 200


def add_list(
    actor: Actor, slug: str, name: str, content: str, *, policy: Mapping[str, Any] | None = None
) -> HashList:
    """A foreign list, empty; ``policy``: where it differs from what a list starts with."""
    actor.require(Permission.LISTS_MANAGE)
    _check_names(slug, name)
    if content not in set(Content):
        raise Invalid(f"Say what it holds: one of {', '.join(Content)}.", field="content")
    begin = starting(own=False, content=Content(content)).as_json()
    rules = ListRules.from_json({**begin, **(policy or {})})
    try:
        with write_tx():
            row = HashList.objects.create(
                slug=slug,
                name=" ".join(name.split()),
                kind="foreign",
                content=content,
                created_at=clock.now(),
            )
            _publish(actor, row, rules)
            record(actor, Verb.LIST_ADDED, f"list:{row.pk}", detail={"slug": slug})
    except IntegrityError as error:
        raise Conflict(f"There is a list {slug} already.", field="slug") from error
    return row


def set_policy(actor: Actor, hash_list: HashList, content: Mapping[str, Any]) -> int:
    """Publish a new version of a list's policy; its number. What it matched is looked at again."""
    actor.require(Permission.LISTS_MANAGE)
    rules = ListRules.from_json(content)
    with write_tx():
        HashList.objects.select_for_update().get(pk=hash_list.pk)
        Sweep.objects.filter(hash_list=hash_list).update(**Sweep.BEGINNING)
        version = _publish(actor, hash_list, rules)
        detail = {"version": version}
        record(actor, Verb.LIST_POLICY_CHANGED, f"list:{hash_list.pk}", detail=detail)
        announce(ListChanged(hash_list.pk), lane="lists", dedup_key=str(hash_list.pk))
    return version


def _publish(actor: Actor, row: HashList, rules: ListRules) -> int:
    newest = ListPolicy.objects.filter(hash_list=row).aggregate(newest=Max("version"))["newest"]
    version = (newest or 0) + 1
    ListPolicy.objects.create(
        hash_list=row,
        version=version,
        content=rules.as_json(),
        by_id=actor.person_id,
        at=clock.now(),
    )
    return version


def _check_names(slug: str, name: str) -> None:
    if slug in _TAKEN:
        raise Invalid("This name stands for a page of ours: choose another.", field="slug")
    if len(slug) > _LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise Invalid("Give a short name of small letters, digits and single dashes.", field="slug")
    if not 1 < len(name.strip()) <= _LONGEST_NAME:
        raise Invalid(f"Give a name of 2 to {_LONGEST_NAME} characters.", field="name")
