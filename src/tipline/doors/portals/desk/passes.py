"""Passes for previews: who asked with a reason may load the picture for a short while.

A pass names the person, the report and the file, is signed and runs out; it opens nothing
by itself: the gate is asked again when the picture is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from tipline.ground.foundation.actor import Actor

SECONDS = 120
_SALT = "tipline.desk.preview"


def make_pass(actor: Actor, number: int, file_id: str) -> str:
    """A pass for this person and this file."""
    said = [actor.person_key, number, file_id]
    return signing.dumps(said, salt=_SALT)


def file_of_pass(text: str, actor: Actor, number: int) -> str:
    """The id of the file that the pass is for; empty when it is not this person's, or over."""
    try:
        person, report, file_id = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(file_id) if (person, report) == (actor.person_id, number) else ""


def preview_url(number: int, file_id: str, text: str) -> str:
    """Where the picture is loaded with this pass."""
    address = reverse("desk:preview", args=[number, file_id])
    return f"{address}?{urlencode({'pass': text})}"


def previews_asked_for(passes: Iterable[str], actor: Actor, number: int) -> dict[str, str]:
    """Addresses of previews, by file id, for the passes in a page's address that hold."""
    found = {}
    for text in passes:
        file_id = file_of_pass(text, actor, number)
        if file_id:
            found[file_id] = preview_url(number, file_id, text)
    return found
