"""A story as the ``report`` element that its sender would write."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from simulator.dice import dice
from simulator.media.files import Content, Digest
from simulator.planning import wording
from simulator.planning.clock import SenderClock, sender_clock
from simulator.planning.elements import Element, branch, flag, leaf
from simulator.planning.person_elements import batched_person, person_reported, recipient, victim
from simulator.planning.roster import Scene
from simulator.planning.story import Story
from simulator.wire.styles import STYLES


@dataclass(frozen=True, slots=True)
class DigestNote:
    """A sentence with the digests of a file that is not sent."""

    content: Content

    def text(self) -> str:
        return f"Matched a listed item. MD5: {Digest(self.content).text()}"


def report_document(story: Story, named_by_digest: Content | None) -> Element:
    """The report. ``named_by_digest``: a file that only the text names, or None."""
    pick = dice("document", story.report, story.subject.email)
    clock = sender_clock(story.esp, story.subject.place)
    return branch(
        "report",
        [
            branch("batchedReport", [], reason="VIRAL_POTENTIAL_MEME") if story.batched else None,
            _summary(story, clock),
            _internet_details(story, pick),
            _law_enforcement(story, pick),
            _reporter(story, pick),
            person_reported(story, clock),
            *[batched_person(person, story, clock) for person in story.others],
            *[recipient(person, story, clock) for person in story.recipients],
            *[victim(person, story, clock) for person in story.victims],
            leaf("additionalInfo", _note(story, named_by_digest)),
        ],
    )


def _summary(story: Story, clock: SenderClock) -> Element:
    style = STYLES[story.esp.client]
    blank = "" if style.blanks else None
    detection = story.esp.stamps_detection
    annotations = [flag(name) for name in story.annotations]
    return branch(
        "incidentSummary",
        [
            leaf("incidentType", story.incident_type),
            leaf("platform", story.esp.name if story.scene is Scene.COMPLETE else None),
            leaf(
                "escalateToHighPriority",
                _escalation(story) if story.flagged else blank,
            ),
            branch("reportAnnotations", annotations)
            if annotations or style.always_groups
            else None,
            leaf("incidentDateTime", clock(story.noticed if detection else story.happened)),
            leaf(
                "incidentDateTimeDescription",
                "The time at which our system detected the item." if detection else None,
            ),
        ],
    )


def _escalation(story: Story) -> str:
    return story.escalation or wording.ESCALATION[story.urgency]


def _internet_details(story: Story, pick: Random) -> Element | None:
    if story.scene is Scene.POOR and pick.random() < 0.4:
        return None
    content = " ".join(_chat_text(story)) or None
    kind = "messaging" if content and story.esp.kind in ("social", "video") else story.esp.kind
    makers = {
        "messaging": _chat,
        "gaming": _gaming,
        "mail": _mail,
        "carrier": _cell_phone,
        "p2p": _peer_to_peer,
    }
    return branch("internetDetails", [makers.get(kind, _web_page)(story, content)])


def _chat_text(story: Story) -> tuple[str, ...]:
    scripted = story.note is None
    extra = (wording.SEXTORTION,) if scripted and "sextortion" in story.annotations else ()
    return (*story.chat, *extra)


def _web_page(story: Story, content: str | None) -> Element:
    url = f"https://{story.esp.host}/post?id={story.report}&view=full"
    hosted_elsewhere = True if story.esp.kind == "hotline" else None
    return branch(
        "webPageIncident",
        [leaf("url", url), leaf("additionalInfo", content)],
        thirdPartyHostedContent=hosted_elsewhere,
    )


def _chat(story: Story, content: str | None) -> Element:
    room = f"room-{story.report % 500}" if story.report % 4 == 0 else None
    return branch(
        "chatImIncident",
        [leaf("chatClient", story.esp.name), leaf("chatRoomName", room), leaf("content", content)],
    )


def _gaming(story: Story, content: str | None) -> Element:
    game = ("Example Blocks", "Example Kart")[story.report % 2]
    return branch("onlineGamingIncident", [leaf("gameName", game), leaf("content", content)])


def _mail(story: Story, content: str | None) -> Element:
    email = story.subject.email if "email" in story.shown else None
    return branch("emailIncident", [leaf("emailAddress", email), leaf("content", content)])


def _cell_phone(story: Story, content: str | None) -> Element:
    person = story.subject
    shown = f"{person.place.calling_code}{person.phone}" if "phone" in story.shown else None
    return branch(
        "cellPhoneIncident", [leaf("phoneNumber", shown), leaf("additionalInfo", content)]
    )


def _peer_to_peer(story: Story, content: str | None) -> Element:
    return branch(
        "peer2peerIncident",
        [
            leaf("client", "Example Share"),
            leaf("fileNames", f"item{story.report}.jpg"),
            leaf("additionalInfo", content),
        ],
    )


def _law_enforcement(story: Story, pick: Random) -> Element | None:
    if story.scene is not Scene.COMPLETE or pick.random() > 0.08:
        return None
    return branch(
        "lawEnforcement",
        [
            leaf("agencyName", f"{story.subject.place.city} Example Police"),
            leaf("caseNumber", f"EX-{story.report:06d}"),
            leaf("reportedToLe", True),
            leaf("servedLegalProcessDomestic", pick.choice((True, False))),
        ],
    )


def _reporter(story: Story, pick: Random) -> Element:
    esp = story.esp
    thorough = story.scene is not Scene.POOR
    template = wording.company_template(esp.name, esp.emergency_contact, esp.legal_process_address)
    person = [
        leaf("firstName", "Child Safety"),
        leaf("lastName", "Team"),
        leaf("email", f"safety@{esp.host}", type="Work"),
    ]
    contact = [leaf("email", f"emergency@{esp.host}")]
    return branch(
        "reporter",
        [
            branch("reportingPerson", person),
            branch("contactPerson", contact) if thorough and pick.random() < 0.3 else None,
            leaf("companyTemplate", template if thorough else None),
            leaf("termsOfService", wording.TERMS if story.scene is Scene.COMPLETE else None),
            leaf("legalURL", f"https://{esp.host}/legal?for=police&v=2" if thorough else None),
        ],
    )


def _note(story: Story, named_by_digest: Content | None) -> object:
    if named_by_digest is not None:
        return DigestNote(named_by_digest)
    if story.note:
        return story.note
    if story.note is None and story.scene is Scene.POOR:
        return wording.POOR_NOTE
    if story.scene is Scene.VIRAL:
        return wording.VIRAL_NOTE
    return "" if STYLES[story.esp.client].blanks else None
