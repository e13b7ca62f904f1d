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
        # what was cut off or changed
        "match.trimmed": _("Alike once its flat borders are cut off."),
        "match.other_trimmed": _("Alike once the flat borders of the other are cut off."),
        "match.enlarged": _("Alike once it is enlarged to twice its size."),
        "match.inverted": _("Alike once its light and dark are exchanged: a negative."),
        "match.frame": _("Like the frame shown after {seconds} seconds of a video."),
        "match.film": _("Like the other video in {share} percent of its frames."),
        "match.cut_centre": _(
            "Like the middle of the other, {percent} percent cut off all around."
        ),
        "match.cut_left": _("Like the other with {percent} percent cut off on the left."),
        "match.cut_right": _("Like the other with {percent} percent cut off on the right."),
        "match.cut_top": _("Like the other with {percent} percent cut off at the top."),
        "match.cut_bottom": _("Like the other with {percent} percent cut off at the bottom."),
        "match.cut_top_left": _("Like the other with {percent} percent cut off top and left."),
        "match.cut_top_right": _("Like the other with {percent} percent cut off top and right."),
        "match.cut_bottom_left": _(
            "Like the other with {percent} percent cut off bottom and left."
        ),
        "match.cut_bottom_right": _(
            "Like the other with {percent} percent cut off bottom and right."
        ),
        # why a declared fingerprint is none
        "declared.empty": _("Nothing was written."),
        "declared.unknown_kind": _("A kind of fingerprint that is not read here."),
        "declared.too_long": _("Too long for any fingerprint."),
        "declared.not_written_so": _("Not written as a fingerprint of this kind."),
        "declared.wrong_length": _("Too long or too short for this kind."),
        "declared.filler": _("One value repeated: a filler, no fingerprint."),
        "declared.of_nothing": _("The fingerprint of an empty file."),
        # why a picture gave nothing
        "picture.empty": _("The file is empty."),
        "picture.not_a_picture": _("Not a picture of a kind that is read here."),
        "picture.undecodable": _("The picture is damaged and cannot be decoded."),
        "picture.truncated": _("The picture is cut off."),
        "picture.too_big": _("The file is too large to decode."),
        "picture.too_many_pixels": _("The picture has too many pixels to decode safely."),
        "picture.too_much_memory": _("The picture needs more memory than decoding may use."),
        "picture.timeout": _("Decoding took too long and was stopped."),
        "picture.video": _("A video: videos are not read here."),
        "picture.frames": _("A video: one frame of each second is compared."),
        "picture.crashed": _("Decoding failed unexpectedly and was stopped."),
    }
)
