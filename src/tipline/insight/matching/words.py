"""The words of this room's reasons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words

register_words(
    {
        # what a match says
        "match.same_bytes": _("The same bytes: the {digest} digests are equal."),
        "match.weak_digest": _("Two different files can be made to share one {digest} digest."),
        "match.declared": _("The digest was declared; the bytes were not read here."),
        "match.digest_conflict": _(
            "The {same} digests are equal but the {differing} digests differ: one is made up."
        ),
        "match.same_picture": _(
            "Looks like the same picture saved again: {distance} of 256 bits differ."
        ),
        "match.similar": _(
            "Looks similar: {distance} of 256 bits differ, up to {radius} are compared."
        ),
        "match.suggests_only": _("Found by appearance: a suggestion until a person has looked."),
        "match.too_plain": _(
            "Too plain to compare by appearance: quality {quality}, at least {floor} is needed."
        ),
        # how the picture was turned
        "match.rotate_90": _("Alike once turned by a quarter, counter-clockwise."),
        "match.rotate_180": _("Alike once turned upside down."),
        "match.rotate_270": _("Alike once turned by a quarter, clockwise."),
        "match.flip_x": _("Alike once top and bottom are exchanged."),
        "match.flip_y": _("Alike once mirrored."),
        "match.flip_plus": _("Alike once mirrored and turned by a quarter, counter-clockwise."),
        "match.flip_minus": _("Alike once mirrored and turned by a quarter, clockwise."),
        # why a picture gave nothing
        "picture.empty": _("The file is empty."),
        "picture.not_a_picture": _("Not a picture of a kind that is read here."),
        "picture.undecodable": _("The picture is damaged and cannot be decoded."),
        "picture.truncated": _("The picture is cut off."),
        "picture.too_big": _("The file is too large to decode."),
        "picture.too_many_pixels": _("The picture has too many pixels to decode safely."),
        "picture.too_much_memory": _("The picture needs more memory than decoding may use."),
        "picture.timeout": _("Decoding took too long and was stopped."),
        "picture.crashed": _("Decoding failed unexpectedly and was stopped."),
    }
)
