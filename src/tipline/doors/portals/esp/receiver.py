"""Taking in one file of a form, piece by piece, straight into the vault."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tipline.doors import bodies
from tipline.doors.multipart import MalformedMultipart, MultipartReader
from tipline.ground.foundation.errors import Invalid
from tipline.record.evidence import vault
from tipline.record.intake import services as intake
from tipline.record.intake.services import Incoming

Received = tuple[Incoming, vault.Deposited]


def receive(request: HttpRequest) -> Received:
    """The first part named ``file``, deposited; whatever goes wrong leaves no bytes behind."""
    found: Received | None = None
    try:
        reader = bodies.multipart(request)
        for part in reader.parts():
            if part.name == "file" and found is None:
                found = _deposit(reader, part.filename or "", part.content_type)
    except BaseException as error:
        if found is not None:
            vault.discard(found[1])
        if isinstance(error, MalformedMultipart | bodies.BodyCutOff):
            raise Invalid(
                _("The file did not arrive whole. Send it again."), field="file"
            ) from error
        raise
    if found is None or not (found[1].size or found[0].name):
        if found is not None:
            vault.discard(found[1])
        raise Invalid(_("Choose a file."), field="file")
    return found


def _deposit(reader: MultipartReader, filename: str, content_type: str) -> Received:
    incoming = Incoming(reader.data(), _bare(filename), content_type)
    return incoming, intake.deposit(incoming)


def _bare(filename: str) -> str:
    """The name without the folders that some browsers send."""
    return re.split(r"[\\/]", filename)[-1]
