"""Why a file is not handed out without its metadata, in words. Importing this registers them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words

WORDS = {
    "metadata.other_kind": _(
        "Metadata can be taken out of JPEG, PNG and GIF files only, and this is none of them: it "
        "leaves when a warrant, consent or exigency, or a viewing by the ESP, opens its EXIF data."
    ),
    "metadata.too_large": _(
        "Metadata can be taken out of files of at most {most} MB, and this one is larger."
    ),
    "metadata.cut_short": _(
        "The file ends before its picture does, so its metadata cannot be taken out for certain."
    ),
    "metadata.not_as_it_says": _(
        "The file is not built as its first bytes say, so its metadata cannot be taken out for "
        "certain."
    ),
    "metadata.too_many_parts": _(
        "The file has more parts than any picture needs, so its metadata is not taken out."
    ),
}

register_words(WORDS)
