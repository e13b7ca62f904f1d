"""The gate's reasons in words. Importing this module registers them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words

WORDS = {
    "gate.viewed": _("The ESP says that a person viewed this upload and its EXIF data."),
    "gate.viewed_without_exif": _("The ESP says that a person viewed this upload."),
    "gate.warrant": _("A granted warrant of your organisation names this file."),
    "gate.consent": _("The owner's consent, held by your organisation, names this file."),
    "gate.exigency": _("An approved exigency of your organisation names this file."),
    "gate.public": _("The file was open to the public, and your counsel lets that open it."),
    "gate.hash_confirm": _("It matches a known file, and your counsel lets you confirm the match."),
    "gate.receives_and_assesses": _(
        "Your organisation is on record as the one that receives reports and assesses them."
    ),
    "gate.exif_closed": _("Its EXIF data stays closed: nobody is known to have viewed it."),
    "gate.viewed_unknown": _("The ESP does not say whether a person viewed it."),
    "gate.not_viewed": _("The ESP says that no person viewed it."),
    "gate.viewed_meaning_unknown": _(
        "The ESP says viewed, but it is not on record what this ESP means by it."
    ),
    "gate.viewed_means_other": _(
        "The ESP says viewed, but not that a person viewed this upload before reporting it."
    ),
    "gate.viewed_never_opens": _(
        "The ESP says that a person viewed this upload, but the table lets that open nothing."
    ),
    "gate.public_unknown": _("The ESP does not say whether it was open to the public."),
    "gate.not_public": _("The ESP says that it was not open to the public."),
    "gate.public_not_enabled": _(
        "It was open to the public, but your counsel has not let that open files."
    ),
    "gate.public_never_opens": _(
        "It was open to the public, but the policy lets that open nothing."
    ),
    "gate.match_is_no_viewing": _("It matches a known file; a match is not a viewing of this one."),
    "gate.opening_does_not_hold": _(
        "No warrant, consent or exigency on record opens this file to your organisation now."
    ),
    "gate.paper_applied": _("Your organisation's paper is applied for and not granted."),
    "gate.paper_denied": _("Your organisation's paper was denied."),
    "gate.paper_revoked": _("Your organisation's paper was revoked."),
    "gate.paper_ended": _("Your organisation's paper was ended."),
    "gate.paper_begins_later": _("Your organisation's paper does not hold yet."),
    "gate.paper_expired": _("Your organisation's paper has run out."),
}

register_words(WORDS)
