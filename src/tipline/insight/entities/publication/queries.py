"""Which link model is in force, and by which model a link was made."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from tipline.ground.foundation.actor import Permission
from tipline.ground.foundation.policy import Policy
from tipline.ground.publication import rules as shared
from tipline.ground.publication.queries import Reading, Room
from tipline.insight.entities.models import LinkModelAct, LinkModelVersion
from tipline.insight.entities.scoring.rules_model import LinkModel, shipped, validate

_SHIPPED_FILE = files("tipline.insight.entities").joinpath("link_models/link-2026.toml")


def read(data: bytes, file: str) -> Policy[LinkModel]:
    """A model whose name and version can stand in a stamp. Raises PolicyError."""
    return shared.read(data, file, validate)


def shipped_text() -> str:
    """The file of the program itself."""
    return _SHIPPED_FILE.read_text(encoding="utf-8")


def _announce(_act: int) -> None:
    """Nothing follows by itself: history is linked again when somebody asks for it."""


READING = Reading(
    Room(
        versions=LinkModelVersion.objects,
        acts=LinkModelAct.objects,
        read=read,
        shipped=shipped,
        shipped_text=shipped_text,
        subject="link-model",
        announce=_announce,
        propose=Permission.LINK_MODEL_PROPOSE,
        publish=Permission.LINK_MODEL_PUBLISH,
    )
)


def ever_changed() -> bool:
    """Whether another model than the shipped one was ever in force here."""
    return LinkModelAct.objects.exists()


def made_by(version: str) -> Policy[LinkModel] | None:
    """The model that a link's version names; None where it is not here (of an older program)."""
    stamp = version.partition(" ")[0]
    if stamp == shipped().stamp:
        return shipped()
    try:
        return READING.parsed(_digest_of(stamp))
    except LookupError:
        return None


@lru_cache(maxsize=64)
def _digest_of(stamp: str) -> str:
    """Of the version with this stamp, which never changes; LookupError, not kept, when none has."""
    name, _at, version = stamp.partition("@")
    rows = LinkModelVersion.objects.filter(name=name, version=version)
    digest = rows.values_list("digest", flat=True).first()
    if digest is None:
        raise LookupError(stamp)
    return digest
