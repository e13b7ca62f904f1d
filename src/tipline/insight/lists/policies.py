"""The policies of lists that speak now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from tipline.insight.lists.models import HashList, ListPolicy, Quarantine
from tipline.insight.lists.rules_policy import ListRules


@dataclass(frozen=True, slots=True)
class InForce:
    """A list with the policy under which it speaks."""

    hash_list: HashList
    version: int
    rules: ListRules


def in_force() -> dict[int, InForce]:
    """Lists that match files now, by key: active ones that are not set aside as a whole."""
    aside = Quarantine.objects.filter(
        hash_list=OuterRef("pk"), entry__isnull=True, ended_at__isnull=True
    )
    rows = HashList.objects.filter(~Exists(aside), active=True)
    return _with_policies(rows)


def policies_of(hash_lists: Iterable[HashList]) -> dict[int, InForce]:
    """The policies of these lists, whether they match now or not."""
    return _with_policies(hash_lists)


def policy_of(hash_list: HashList) -> tuple[int, ListRules]:
    """The version and the policy in force."""
    one = _with_policies([hash_list])[hash_list.pk]
    return one.version, one.rules


def _with_policies(hash_lists: Iterable[HashList]) -> dict[int, InForce]:
    lists = list(hash_lists)
    later = ListPolicy.objects.filter(
        hash_list=OuterRef("hash_list"), version__gt=OuterRef("version")
    )
    newest = ListPolicy.objects.filter(~Exists(later), hash_list__in=[row.pk for row in lists])
    content = {row.hash_list_id: (row.version, row.content) for row in newest}
    return {row.pk: _one(row, *content.get(row.pk, (0, {}))) for row in lists}


def _one(row: HashList, version: int, content: dict[str, object]) -> InForce:
    return InForce(row, version, ListRules.from_json(content))
