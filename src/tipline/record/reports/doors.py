"""The doors by which a report can come in."""

from __future__ import annotations

from enum import StrEnum


class Door(StrEnum):
    ISPWS = "ispws"
    ESP_DESK = "esp-desk"
    PUBLIC = "public"
    PHONE = "phone"
    IMPORT = "import"


#: Doors at which members of the public report: who they are is sealed.
PUBLIC_DOORS = frozenset({Door.PUBLIC, Door.PHONE})
