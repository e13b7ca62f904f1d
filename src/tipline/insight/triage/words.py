"""Triage in words: its reasons and the one-line summary. Importing registers the reasons."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_codes, register_words
from tipline.insight.triage.summary import Summary

LONGEST = 160
"""Characters of a summary: one line of the queue at 1,280 px."""

WORDS = {
    # what the reporter, the system or an analyst says
    "triage.escalated": _("The reporter escalated the report: immediate risk."),
    "triage.child_in_danger_now": _("The reporter says that a child is in danger now."),
    "triage.level_1": _("An analyst set level 1."),
    "triage.urgent_confirmed": _("A person confirmed that this is urgent."),
    "triage.imminent_danger": _("An analyst sees imminent danger."),
    "triage.suicidal_victim": _("An analyst sees a risk of suicide."),
    "triage.planned_meeting": _("An analyst sees a planned meeting."),
    # the reporter's own words stand between isolates: their direction ends with them
    "triage.cue_planned_meeting": _("The text speaks of a meeting: “\u2068{words}\u2069”."),
    "triage.cue_self_harm": _("The text speaks of self-harm or suicide: “\u2068{words}\u2069”."),
    "triage.cue_live_abuse": _("The text speaks of abuse as it happens: “\u2068{words}\u2069”."),
    "triage.cue_extortion_deadline": _(
        "The text speaks of a threat with a deadline: “\u2068{words}\u2069”."
    ),
    "triage.cue_travel": _("The text speaks of travelling to a child: “\u2068{words}\u2069”."),
    "triage.type_enticement": _("Reported as online enticement."),
    "triage.type_trafficking": _("Reported as child sex trafficking."),
    "triage.type_molestation": _("Reported as child sexual molestation."),
    "triage.type_tourism": _("Reported as child sex tourism."),
    "triage.type_unsolicited_obscene": _("Reported as obscene material sent to a child."),
    "triage.sextortion": _("The ESP says sextortion."),
    "triage.sadistic": _("The ESP says sadistic online exploitation."),
    "triage.csam_solicitation": _("The ESP says that material was asked for."),
    "triage.minor_to_minor": _("The ESP says that minors were among themselves."),
    "triage.grooming": _("An analyst sees grooming or sexual talk with a child."),
    "triage.production": _("An analyst sees signs of production."),
    "triage.live_streaming": _("Live streaming."),
    "triage.self_production": _("Possibly self-produced under pressure."),
    "triage.novel_viewed": _("A file that matches nothing known was viewed by the ESP."),
    "triage.unidentified_series": _(
        "A file is of a series on our lists; the child in it has not been identified."
    ),
    "triage.infant": _("A file is labelled infant or toddler."),
    "triage.violence": _("A file is labelled physical harm or violence."),
    "triage.bestiality": _("A file is labelled bestiality."),
    "triage.industry_a1": _("Gravest industry class among the files: {class}."),
    "triage.industry_b1": _("Gravest industry class among the files: {class}."),
    "triage.industry_a2": _("Gravest industry class among the files: {class}."),
    "triage.industry_b2": _("Gravest industry class among the files: {class}."),
    "triage.victim": _("A victim is named."),
    "triage.young_victim": _("The victim is {age} years old."),
    "triage.several_children": _("Several children are concerned."),
    "triage.access_to_children": _("The reported person has access to children."),
    "triage.convicted": _("The reported person has a prior sexual conviction or allegation."),
    "triage.other_convictions": _("Other convictions, domestic abuse or substance misuse."),
    "triage.linked_reports": _("Accepted links to other, independent reports."),
    "triage.several_esps": _("Several organisations reported the same."),
    "triage.prior_reports": _("The ESP names earlier reports of this user."),
    # what somebody could act on
    "triage.user_id": _("A user id is given."),
    "triage.contact": _("An e-mail address or phone number is given."),
    "triage.verified_contact": _("An e-mail address or phone number is verified."),
    "triage.screen_name": _("A screen name or profile address is given."),
    "triage.person_named": _("A name or date of birth is given."),
    "triage.ip": _("An IP address is given."),
    "triage.ip_zoned": _("An IP address has a time with its zone."),
    "triage.ip_port": _("An IP address has its port too."),
    "triage.file": _("A file is there."),
    "triage.file_openable": _("A file may be opened now."),
    "triage.chat": _("The conversation is there."),
    "triage.url": _("An address of the content is given."),
    "triage.location": _("A location may be found."),
    "triage.place_resolved": _("A country or state was found."),
    "triage.incident_time": _("The time of the incident is given."),
    "triage.incident_time_zoned": _("The time of the incident has a zone."),
    "triage.only_hash": _("Only a digest, no file and no conversation."),
    "triage.no_location": _("No location can be found from what is given."),
    "triage.no_incident_time": _("The time of the incident is not known."),
    "triage.stale": _("The incident was {days} days ago."),
    "triage.unviewed_meme": _("A file that nobody viewed is a known meme: costly to close."),
    "triage.third_party": _("The ESP holds nothing further: another party hosts it."),
    "triage.compromised_account": _("The account may have been taken over."),
    "triage.own_viral": _("Every file is on our own list of viral material."),
    "triage.esp_viral": _("The ESP flags every file as viral or a meme."),
    "triage.batched": _("The ESP sent it as a batch of viral material."),
    "triage.spam": _("The ESP says spam."),
    "triage.esp_informational": _("The ESP itself calls the report informational."),
    "triage.sender_useful": _("Agencies mostly call this sender's reports useful."),
    "triage.sender_rarely_useful": _("Agencies rarely call this sender's reports useful."),
    # caps and bounds
    "triage.cap.urgency": _("Urgent signals count for at most {limit}."),
    "triage.cap.cues": _("Words in free text count for at most {limit}."),
    "triage.cap.record": _("The sender's record counts for at most {limit}."),
    "triage.cap.incident": _("The kind of incident counts for at most {limit}."),
    "triage.cap.conduct": _("Conduct counts for at most {limit}."),
    "triage.cap.content": _("What files show counts for at most {limit}."),
    "triage.cap.people": _("Facts about people count for at most {limit}."),
    "triage.cap.pattern": _("Links to other reports count for at most {limit}."),
    "triage.cap.who": _("Identifiers count for at most {limit}."),
    "triage.cap.what": _("Content counts for at most {limit}."),
    "triage.cap.where": _("Places count for at most {limit}."),
    "triage.cap.when": _("Times count for at most {limit}."),
    "triage.bound.urgent": _("Urgent reports stand at {limit} or above."),
    "triage.bound.not_urgent": _("Without an urgent signal a report stands at {limit} or below."),
    "triage.bound.lowest": _("The score ends at {limit}."),
    "triage.bound.highest": _("The score ends at {limit}."),
    # the three tests of the disposition
    "triage.passed.nexus": _("Nothing speaks against an exploitation incident."),
    "triage.passed.location": _("A location is not ruled out."),
    "triage.passed.not_viral": _("Not widely seen material shared without malice."),
    "triage.test.judged_referral": _("An analyst made it a referral."),
    "triage.test.judged_informational": _("An analyst made it informational."),
    "triage.test.nexus_judged": _("An analyst found an exploitation incident."),
    "triage.test.no_nexus_judged": _("An analyst found no exploitation incident."),
    "triage.test.spam": _("No apparent exploitation incident: the ESP says spam."),
    "triage.test.esp_informational": _(
        "No apparent exploitation incident: the ESP itself calls the report informational."
    ),
    "triage.test.type_without_nexus": _(
        "No apparent exploitation incident: this type, with no file."
    ),
    "triage.test.no_location": _("Too little to find any location."),
    "triage.test.own_viral": _("Widely seen material: every file is on our own viral list."),
    "triage.test.esp_viral": _("Widely seen material: the ESP flags every file."),
    "triage.test.batched": _("Widely seen material: sent as a batch by the ESP."),
    "triage.minor_suspect": _("The reported person is a child: a lane of its own."),
    "triage.with_police": _("The ESP says that police already know."),
    # why a report is not folded
    "triage.bundle.people": _("Another person or account."),
    "triage.bundle.text": _("Another text."),
    "triage.bundle.files": _("Other files, or other words about them."),
    "triage.bundle.names": _("Files of another name."),
    "triage.bundle.places": _("Another place."),
    "triage.bundle.time": _("Another time of the incident."),
    "triage.bundle.signs": _("Another sign of danger."),
    "triage.bundle.other": _("Other facts about the incident."),
    "triage.bundle.urgent": _("An urgent signal, judged or not."),
    "triage.bundle.high": _("High danger."),
    "triage.bundle.cue": _("Its words hint at danger."),
    "triage.bundle.recipient": _("Somebody was to receive it."),
    "triage.bundle.unread": _("A file of text, which nobody has read."),
    "triage.bundle.minor_suspect": _("The reported person is a child."),
    "triage.bundle.judged": _("A person has judged this very report."),
    "triage.bundle.linked": _("Linked to {count} reports outside the bundle."),
    "triage.bundle.released": _("A person took it out of the bundle."),
    "triage.judged.urgency.confirmed": _("It is urgent"),
    "triage.judged.urgency.refuted": _("It is not urgent"),
    "triage.judged.disposition.referral": _("Referral"),
    "triage.judged.disposition.informational": _("Informational"),
    "triage.judged.level.E": _("Level E"),
    "triage.judged.level.1": _("Level 1: a child is in imminent danger"),
    "triage.judged.level.2": _("Level 2"),
    "triage.judged.level.3": _("Level 3"),
    # clocks
    "triage.clock.first": _("First to end: {kind}, on {day}."),
    "triage.clock.later": _("Ends later: {kind}, on {day}."),
    "triage.clock.ended": _("Has ended: {kind}, on {day}."),
    "triage.clock.alarm": _(
        "{left} days left, usually {turnaround} to get an answer: {kind}. Act now."
    ),
    # what would help
    "triage.help.zone_of_ip_time": _("The time zone of the IP address's time."),
    "triage.help.port_of_ip": _("The port that goes with the IP address."),
    "triage.help.zone_of_incident_time": _("The time zone of the incident."),
    "triage.help.verified_contact": _("Whether an e-mail address or phone number is verified."),
    "triage.help.viewed_flag": _("Whether a person viewed the file before reporting it."),
    "triage.help.user_id": _("The user's id."),
    "triage.help.incident_time": _("When it happened, with the time zone."),
    "triage.help.ip_with_time": _("An IP address with its time and time zone."),
    "triage.help.contact": _("An e-mail address or phone number."),
    "triage.help.chat": _("The conversation."),
    "triage.help.file": _("The file itself."),
    # why it cannot be closed as a meme with one key, beside the signs above
    "triage.meme.list_unknown": _("The files were not compared with our own viral list."),
    "triage.meme.not_on_list": _("Not every file is on our own viral list."),
    "triage.meme.type_unknown": _("The type of incident is not given."),
    "triage.meme.recipients": _("Somebody was meant to receive it."),
    "triage.meme.minor_suspect": _("The reported person is a child."),
    "triage.meme.urgent": _("It is urgent."),
    "triage.nexus_judged": _("An analyst sees that a child is exploited."),
    # why a batch act leaves a report alone
    "triage.batch.gone": _("There is no such report in the queue."),
    "triage.batch.folded": _("It has moved under the head of its bundle."),
    "triage.batch.done": _("It is done already."),
    "triage.batch.urgent": _("It is urgent: urgent reports are looked at one by one."),
    "triage.batch.claimed": _("Somebody else has claimed it."),
    "triage.batch.not_yours": _("You have not claimed it."),
    "triage.batch.stopped": _("Whoever began this may no longer work the queue."),
    "triage.batch.changed_since": _("Somebody has changed it since."),
    # what would move danger over the next line
    "triage.line.escalated": _("The reporter's word that a child is at risk now"),
    "triage.line.imminent_danger": _("The label “imminent danger”, by an analyst who sees it"),
    "triage.line.suicidal_victim": _("The label “suicidal victim”, by an analyst who sees it"),
    "triage.line.planned_meeting": _("The label “planned meeting”, by an analyst who sees it"),
    "triage.line.grooming": _("A label for grooming or sexual talk with a child"),
    "triage.line.production": _("A label for signs of production"),
    "triage.line.live_streaming": _("A label for live streaming"),
    "triage.line.infant": _("A label for an infant or toddler"),
    "triage.line.violence": _("A label for physical harm or violence"),
    "triage.line.victim": _("A victim who is named"),
    "triage.line.young_victim": _("A victim below {years} years"),
    "triage.line.several_children": _("A second child who is concerned"),
    "triage.line.access_to_children": _("Word that the reported person has access to children"),
    "triage.line.convicted": _("A prior sexual conviction or allegation"),
    "triage.line.linked_reports": _("An accepted link to an independent report"),
    "triage.line.several_esps": _("An accepted link to a report of another organisation"),
    "triage.line.prior_reports": _("Earlier reports of this user, named by the ESP"),
}

CLOCKS = {
    "report_content": _("preservation of what was reported"),
    "account": _("account data at the ESP"),
    "access_logs": _("access logs at the ESP"),
    "messages": _("messages at the ESP"),
    "access_provider": _("logs of the access provider"),
}
register_codes(CLOCKS)
register_words(WORDS)

_INCIDENTS = {
    "csam": _("Abuse material"),
    "trafficking": _("Child sex trafficking"),
    "tourism": _("Child sex tourism"),
    "molestation": _("Child sexual molestation"),
    "misleading_domain": _("Misleading domain name"),
    "misleading_words": _("Misleading words or images"),
    "enticement": _("Online enticement of a child"),
    "unsolicited_obscene": _("Obscene material sent to a child"),
}

_WHY = {
    "escalated": _("escalated by the reporter"),
    "child_in_danger_now": _("reporter: child in danger now"),
    "level_1": _("set to level 1"),
    "urgent_confirmed": _("confirmed by a person"),
    "imminent_danger": _("imminent danger"),
    "suicidal_victim": _("risk of suicide"),
    "planned_meeting": _("planned meeting"),
    "sadistic": _("sadistic exploitation"),
    "sextortion": _("sextortion"),
    "live_streaming": _("live streaming"),
}


def sentence(summary: Summary) -> str:
    """The summary in the active language, at most :data:`LONGEST` characters.

    When it would be longer, the place goes first, then the files: why it is urgent stays.
    """
    parts = [_urgent(summary), _incident(summary), _files(summary), str(summary.params["place"])]
    parts = [part for part in parts if part]
    while len(parts) > 1 and len(_joined(parts)) > LONGEST:
        parts.pop()
    text = _joined(parts)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _joined(parts: list[str]) -> str:
    return "; ".join(parts) + "."


def _urgent(summary: Summary) -> str:
    why = str(_WHY.get(summary.params["why"], ""))
    match summary.params["urgency"]:
        case "confirmed":
            return gettext("Urgent: %(why)s") % {"why": why} if why else gettext("Urgent")
        case "unconfirmed":
            words = gettext("Urgent, unconfirmed: %(why)s") % {"why": why}
            return words if why else gettext("Urgent, unconfirmed")
    return ""


def _incident(summary: Summary) -> str:
    return str(_INCIDENTS.get(summary.params["incident"], _("Incident type not given")))


def _files(summary: Summary) -> str:
    count, new, known = (summary.params[key] for key in ("files", "new", "known"))
    if not count:
        return gettext("no files")
    words = ngettext("%(count)d file", "%(count)d files", count) % {"count": count}
    if new is None:
        return words
    return gettext("%(files)s (%(new)d new, %(known)d known)") % {
        "files": words,
        "new": new,
        "known": known,
    }
