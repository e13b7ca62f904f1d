"""The words of this room's reasons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words

register_words(
    {
        "lists.same_bytes": _("The same bytes: the list has the {type} digest."),
        "lists.declared_digest": _(
            "The list has the {type} digest that the sender declared; the bytes were not read here."
        ),
        "lists.declared_equal": _(
            "The list has the {type} fingerprint that the sender declared: nobody can check it."
        ),
        "lists.declared_near": _(
            "Near a PDQ hash that the sender declared: {distance} of 256 bits differ."
        ),
        "lists.same_picture": _(
            "Looks like the same picture saved again: {distance} of 256 bits differ."
        ),
        "lists.similar": _("Looks similar: {distance} of 256 bits differ."),
        "lists.film": _(
            "Like the listed video in {share} percent of its frames: of a middling pair "
            "{distance} of 256 bits differ."
        ),
        "lists.frame": _("Like a frame of the listed video."),
        "lists.variant": _("Like an edit of the listed picture: {variant}."),
        "lists.known": _("This list is trusted to know material by its bytes."),
        "lists.suggests": _("A suggestion until a person has looked: it labels nothing."),
        "lists.votes": _("Members say of it: {yes} agree, {no} disagree."),
        "lists.confirmed": _("{who} confirmed this match."),
        "lists.denied": _("{who} says that this match is wrong."),
        "lists.harmless": _("On a list of harmless content: what looks like it is not shown."),
        "lists.series": _("Series {series}: the child is {status}."),
    }
)
