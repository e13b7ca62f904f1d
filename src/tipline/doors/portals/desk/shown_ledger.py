"""The ledger's entries about a report, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.ground.accounts.queries import names_of
from tipline.ground.audit.queries import entries_for
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.entities.judging.queries_seconds import hidden_from

VERBS = {
    Verb.REPORT_OPENED: gettext_lazy("Report opened"),
    Verb.REPORT_FINISHED: gettext_lazy("Report finished"),
    Verb.REPORT_RETRACTED: gettext_lazy("Report retracted"),
    Verb.REPORT_EXPIRED: gettext_lazy("Report expired"),
    Verb.REPORT_READ: gettext_lazy("Report read"),
    Verb.REPORT_DOWNLOADED: gettext_lazy("Report downloaded"),
    Verb.REPORTER_REVEALED: gettext_lazy("Who reported was shown"),
    Verb.REPORTER_RELEASED: gettext_lazy("Who reported was released to an agency"),
    Verb.REPORTER_RELEASE_WITHDRAWN: gettext_lazy("Who reported was withdrawn from an agency"),
    Verb.REPORTER_READ: gettext_lazy("Who reported was read by an agency"),
    Verb.FILE_RECEIVED: gettext_lazy("File received"),
    Verb.FILE_DETAILS_RECEIVED: gettext_lazy("File details received"),
    Verb.FILE_PREVIEWED: gettext_lazy("Preview of a file shown"),
    Verb.FILE_OPENED: gettext_lazy("File opened"),
    Verb.FILE_REVEALED: gettext_lazy("File revealed: larger, in colour, not blurred"),
    Verb.FILE_EXIF_READ: gettext_lazy("EXIF data of a file read"),
    Verb.FILE_SERVED: gettext_lazy("Picture or bytes of a file sent"),
    Verb.FILE_PASS_REFUSED: gettext_lazy("Pass for a file refused"),
    Verb.FILE_BLOCKED: gettext_lazy("File asked for, refused by the gate"),
    Verb.FILE_MISSING: gettext_lazy("Bytes of a file are missing"),
    Verb.FILE_DAMAGED: gettext_lazy("Bytes of a file are damaged"),
    Verb.FILE_FOUND_AGAIN: gettext_lazy("Bytes of a file were found again"),
    Verb.CARE_LIMIT_SET: gettext_lazy("Limit of looking set"),
    Verb.VAULT_CHECKED: gettext_lazy("Vault checked"),
    Verb.MASTER_KEY_PREPARED: gettext_lazy("Master key prepared"),
    Verb.MASTER_KEY_ROTATED: gettext_lazy("Master key taken into use"),
    Verb.MASTER_KEY_RETIRED: gettext_lazy("Master key retired"),
    Verb.DATA_KEYS_REWRAPPED: gettext_lazy("Data keys wrapped anew"),
    Verb.OPENING_RECORDED: gettext_lazy("Warrant, consent or exigency recorded"),
    Verb.OPENING_GRANTED: gettext_lazy("Warrant, consent or exigency granted"),
    Verb.OPENING_DENIED: gettext_lazy("Warrant, consent or exigency denied"),
    Verb.OPENING_REVOKED: gettext_lazy("Warrant, consent or exigency revoked"),
    Verb.OPENING_ENDED: gettext_lazy("Warrant, consent or exigency ended"),
    Verb.LABEL_SET: gettext_lazy("Label set"),
    Verb.LABEL_WITHDRAWN: gettext_lazy("Label withdrawn"),
    Verb.CONTENT_TAKEN: gettext_lazy("Taken for review"),
    Verb.CONTENT_REVIEWED: gettext_lazy("Reviewed in the studio"),
    Verb.CONTENT_REVIEW_TAKEN_BACK: gettext_lazy("Review taken back"),
    Verb.LABEL_CHILD_ADDED: gettext_lazy("Child added to what a file shows"),
    Verb.LABEL_CHILD_REMOVED: gettext_lazy("Child taken out of what a file shows"),
    Verb.LABEL_VALUE_SET: gettext_lazy("Classification value written"),
    Verb.LABELS_TOLD: gettext_lazy("Changed labels told to the agency"),
    Verb.LABELS_SEEN: gettext_lazy("Changed labels seen by the agency"),
    Verb.CASE_TIP_TOLD: gettext_lazy("Told to the agency as a new tip on its open case"),
    Verb.CASE_TIP_SEEN: gettext_lazy("New tip seen by the agency"),
    Verb.LOOK_TAKEN: gettext_lazy("Second look taken"),
    Verb.LOOK_GIVEN_BACK: gettext_lazy("Second look given back"),
    Verb.LOOK_ANSWERED: gettext_lazy("Second look answered"),
    Verb.LOOK_SETTLED: gettext_lazy("Two looks that differed settled"),
    Verb.LIST_ADDED: gettext_lazy("List added"),
    Verb.LIST_POLICY_CHANGED: gettext_lazy("Policy of a list changed"),
    Verb.LIST_AUDITED: gettext_lazy("List checked again"),
    Verb.LIST_IMPORTED: gettext_lazy("Entries imported into a list"),
    Verb.LIST_EXPORTED: gettext_lazy("List exported"),
    Verb.LIST_SERVED: gettext_lazy("Entries of a list served to a member"),
    Verb.LIST_SOURCE_CHANGED: gettext_lazy("Source of a list changed"),
    Verb.LIST_PULLED: gettext_lazy("Entries of a list pulled from its source"),
    Verb.LIST_ENTRY_ADDED: gettext_lazy("Put on a list"),
    Verb.LIST_ENTRY_REMOVED: gettext_lazy("Taken off a list"),
    Verb.LIST_VOTED: gettext_lazy("Voted on an entry of a list"),
    Verb.LIST_VOTE_SENT: gettext_lazy("Vote sent to the server of a list"),
    Verb.LIST_SET_ASIDE: gettext_lazy("Set aside: it matches far more than before"),
    Verb.LIST_RELEASED: gettext_lazy("No longer set aside"),
    Verb.LIST_MATCH_CONFIRMED: gettext_lazy("Match of a list confirmed"),
    Verb.LIST_MATCH_DENIED: gettext_lazy("Match of a list denied"),
    Verb.SERIES_CHANGED: gettext_lazy("Series changed"),
    Verb.SERIES_ALERTED: gettext_lazy("Agency told of a file of its series"),
    Verb.SERIES_ALERT_SEEN: gettext_lazy("Agency has seen the word of its series"),
    Verb.MEMBER_ADDED: gettext_lazy("Member of the hash exchange added"),
    Verb.MEMBER_ACCESS_CHANGED: gettext_lazy("Access to a list changed"),
    Verb.MEMBER_CREDENTIAL_ISSUED: gettext_lazy("Account of a member issued"),
    Verb.MEMBER_CREDENTIAL_SWITCHED: gettext_lazy("Account of a member revoked or restored"),
    Verb.LINK_JUDGED: gettext_lazy("Link judged"),
    Verb.LINK_SECONDED: gettext_lazy("Link looked at by a second person"),
    Verb.LINK_JUDGEMENT_UNDONE: gettext_lazy("Judgement on a link taken back"),
    Verb.LINK_LOOK_TAKEN: gettext_lazy("Second look at a link taken"),
    Verb.LINK_LOOK_GIVEN_BACK: gettext_lazy("Second look at a link given back"),
    Verb.LINK_FREQUENCIES_FROZEN: gettext_lazy("Frequencies for links frozen"),
    Verb.CLUSTER_SPLIT: gettext_lazy("Cluster parted"),
    Verb.ROLE_CONFLICT_ANSWERED: gettext_lazy("Two roles of one value judged"),
    Verb.IDENTIFIER_SEARCHED: gettext_lazy("Searched by an identifier"),
    Verb.QUEUE_CLAIMED: gettext_lazy("Claimed"),
    Verb.QUEUE_RELEASED: gettext_lazy("Released"),
    Verb.QUEUE_DONE: gettext_lazy("Done"),
    Verb.QUEUE_REOPENED: gettext_lazy("Put back into the queue"),
    Verb.NOTE_ADDED: gettext_lazy("Note added"),
    Verb.JUDGEMENT_MADE: gettext_lazy("Judged by a person"),
    Verb.JUDGEMENT_SECONDED: gettext_lazy("Judgement seconded"),
    Verb.JUDGEMENT_WITHDRAWN: gettext_lazy("Judgement withdrawn"),
    Verb.MEMBER_RELEASED: gettext_lazy("Taken out of its bundle"),
    Verb.MEMBER_RETURNED: gettext_lazy("Put back into its bundle"),
    Verb.DRAW_LOOKED_AT: gettext_lazy("Looked at by draw"),
    Verb.DRAW_TAKEN_BACK: gettext_lazy("Finding of a draw taken back"),
    Verb.BATCH_DONE: gettext_lazy("Changed together with others"),
    Verb.BATCH_UNDONE: gettext_lazy("Change with others undone"),
    Verb.SUMMARY_WRITTEN: gettext_lazy("Summary written"),
    Verb.HAND_OVER_WRITTEN: gettext_lazy("Hand-over written"),
    Verb.HAND_OVER_READ: gettext_lazy("Hand-over read"),
    Verb.HAND_OVER_WITHDRAWN: gettext_lazy("Hand-over taken back"),
    Verb.POLICY_PROPOSED: gettext_lazy("Policy proposed"),
    Verb.POLICY_TRIED: gettext_lazy("Policy tried on history"),
    Verb.POLICY_PUBLISHED: gettext_lazy("Policy published"),
    Verb.POLICY_ROLLED_BACK: gettext_lazy("Policy rolled back"),
    Verb.REFERRAL_MADE: gettext_lazy("Made available to an agency"),
    Verb.REFERRAL_RAISED: gettext_lazy("Urgent now: told to the agency"),
    Verb.REFERRAL_ACCEPTED: gettext_lazy("Accepted by the agency"),
    Verb.REFERRAL_REFUSED: gettext_lazy("Handed back by the agency"),
    Verb.OUTCOME_RECORDED: gettext_lazy("Outcome recorded"),
    Verb.OUTCOME_RELEASED: gettext_lazy("Outcome released to the sender"),
}


LONG_ID = 32


@dataclass(frozen=True, slots=True)
class ShownEntry:
    at: datetime
    verb: str
    who: str
    purpose: str
    detail: str


def shown_ledger(actor: Actor, number: int) -> list[ShownEntry]:
    """The newest entries first; nothing for who may not read the ledger."""
    if not actor.may(Permission.LEDGER_READ):
        return []
    held, links = held_by(actor), hidden_from(actor)
    told = entries_for(actor, f"report:{number}")
    entries = [one for one in told if not _hidden(one, held, links)]
    names = names_of(_person_ids(entries))
    return [_shown(entry, names) for entry in entries]


def _hidden(entry: Mapping[str, Any], held: frozenset[str], links: frozenset[int]) -> bool:
    """What others said of content, or of a link, that this person looks at blindly."""
    if entry["verb"].startswith(("label.", "list.")):
        return entry["detail"].get("sha256") in held
    about_links = entry["verb"].startswith(("link.", "cluster."))
    return about_links and entry["detail"].get("link") in links


def _person_ids(entries: Sequence[Mapping[str, Any]]) -> set[int]:
    said = (entry["actor"].partition(":") for entry in entries)
    return {int(key) for kind, _colon, key in said if kind == "person"}


def _shown(entry: Mapping[str, Any], names: Mapping[int, str]) -> ShownEntry:
    kind, _colon, key = entry["actor"].partition(":")
    who = names.get(int(key), entry["actor"]) if kind == "person" else _others(entry["actor"])
    detail = ", ".join(f"{name}: {_short(value)}" for name, value in entry["detail"].items())
    return ShownEntry(
        at=_instant(entry["at"]),
        verb=verb_words(entry["verb"]),
        who=who,
        purpose=entry["purpose"],
        detail=detail,
    )


def _short(value: object) -> str:
    """Digests and ids by their beginning: enough to tell those of one report apart."""
    text = str(value)
    return f"{text[:12]}…" if len(text) >= LONG_ID and text.isalnum() else text


def _instant(at: Any) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _others(reference: str) -> str:
    kind, _colon, key = reference.partition(":")
    known = {"system": _("the system"), "public": _("the public")}
    if kind == "credential":
        return _("machine account %s") % key
    if kind == "member":
        return _("member %s of the hash exchange") % key
    return known.get(kind, reference)


def verb_words(verb: str) -> str:
    """The verb in words; one that this page does not know shows itself."""
    known = VERBS.get(Verb(verb)) if verb in set(Verb) else None
    return str(known or verb)
