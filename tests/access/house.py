"""The house of the access table: everybody signed in, and one thing of each kind for each owner.

``ca`` is a report of Harborline that was referred to California, ``tx`` one of Quillnet that
was referred to Texas, ``fed`` one of Harborline that names no place and went to the federal
queue; ``open-h`` and ``open-q`` are reports that these two have not finished; ``pub-ca`` and
``pub-tx`` are reports of members of the public, who are sealed, at these two agencies; ``dull``
is one of three alike, which is folded and drawn for a look. Beside a report
stand its file, a link, an opening, a case of its agency, and the word of Sam, an analyst, that
it is not urgent, which waits for a second person. ``esp`` and ``agency`` are what
administrators manage, ``list`` and ``own`` are lists of known content, ``policy`` is a version of
the triage policy that waits for a second person.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.crypto import salted_hmac
from PIL import Image, ImageDraw
from tests.exchange.made import draft, own_list
from tests.filing import public_report
from tests.personas import DOCUMENT, PASSWORD, VIEWED, World, basic, file_report, make_world

from tipline.delivery.cases.services import open_case
from tipline.delivery.routing.queries import referral_for, referrals_for, referrals_of
from tipline.delivery.routing.services import accept
from tipline.doors.portals.desk import views_batch, views_saved
from tipline.doors.portals.desk.forms_lists import policy_initial
from tipline.doors.portals.esp import upload_token
from tipline.doors.portals.public import draft as drafts
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.services import set_label
from tipline.insight.entities.queries import links_of
from tipline.insight.lists import members, quarantine, sweeps
from tipline.insight.lists import services as lists
from tipline.insight.lists.entries import write_entries
from tipline.insight.lists.models import (
    Entry,
    HashList,
    ListMatch,
    MemberCredential,
    Quarantine,
)
from tipline.insight.lists.policies import policy_of
from tipline.insight.lists.pulling.sources import Login, set_source
from tipline.insight.lists.rules_entries import Draft, Print
from tipline.insight.lists.rules_flood import Rate
from tipline.insight.lists.rules_policy import ListRules
from tipline.insight.lists.series.alerts import alerts_for
from tipline.insight.lists.series.services import set_series
from tipline.insight.triage.batches.rules import Act
from tipline.insight.triage.batches.services import Plan, do
from tipline.insight.triage.hand_overs import hand_over, newest
from tipline.insight.triage.judgements.queries import standing_of
from tipline.insight.triage.judgements.rules import Question
from tipline.insight.triage.judgements.services import Said, judge
from tipline.insight.triage.models import BundleMember, Draw
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication import services as publication
from tipline.insight.triage.publication import trials
from tipline.insight.triage.publication.queries import newest_act_id
from tipline.insight.triage.rules_text import Header, as_toml
from tipline.insight.triage.saved_views import save_view
from tipline.insight.triage.summaries import write_summary
from tipline.pipeline import stages
from tipline.record.evidence.queries import file_in, files_of
from tipline.record.evidence.services import OpeningTerms, record_opening
from tipline.record.reports.queries import report_for
from tipline.record.reports.writing import file_details_xml, report_xml

PEOPLE = ("ana", "sofia", "adam", "enzo", "qadir", "ines", "tomas", "fay", "sam")
MACHINES = ("harborline", "quillnet")
PERSONAS = ("nobody", *PEOPLE, *MACHINES)
#: The name of nothing: what each object's address becomes when there is no such object.
NOTHING = {
    "number": 99_999_999,
    "file_id": "f" * 32,
    "sha256": "f" * 64,
    "link_id": 99_999_999,
    "referral_id": 99_999_999,
    "opening_id": 99_999_999,
    "case_id": 99_999_999,
    "judgement_id": 99_999_999,
    "organisation_id": 99_999_999,
    "credential_id": 99_999_999,
    "person_id": 99_999_999,
    "bundle_id": 99_999_999,
    "draw_id": 99_999_999,
    "view_id": 99_999_999,
    "act_id": 99_999_999,
    "row_id": 99_999_999,
    "version_id": 99_999_999,
    "code": "no-such-label",
    "slug": "no-such-list",
    "entry_id": 99_999_999,
    "quarantine_id": 99_999_999,
    "match_id": 99_999_999,
    "alert_id": 99_999_999,
    "member_id": 99_999_999,
    "key": "nothing",
    "kind": "MD5",
    "votes": 1,
    "rest": "v2/nothing",
    "token": "no-such-token",
}
Object = dict[str, Any]


@dataclass
class House:
    world: World
    sessions: dict[str, str] = field(default_factory=dict)
    objects: dict[str, Object] = field(default_factory=dict)
    browsers: dict[bool, Client] = field(default_factory=dict)

    def client(self, persona: str, *, csrf: bool = False) -> Client:
        """A browser of that persona, as fresh as on the first click.

        One handler serves all: loading the middleware takes as long as an answer.
        """
        client = self.browsers.setdefault(csrf, Client(enforce_csrf_checks=csrf))
        client.cookies = SimpleCookie()
        if persona in self.sessions:
            client.cookies["sessionid"] = self.sessions[persona]
        return client

    def headers(self, persona: str) -> dict[str, str]:
        return basic(persona) if persona in MACHINES else {}


def build() -> House:
    house = House(make_world())
    world = house.world
    world.people["sam"] = accounts.add_person(
        SYSTEM, username="sam", name="Sam", role=Role.ANALYST,
        organisation=world.organisations["Clearinghouse"], password=PASSWORD,
    )  # fmt: skip
    accounts.set_esp_profile(SYSTEM, world.organisations["Quillnet"], VIEWED)
    house.objects = {
        "-": {},
        "ca": _referred(world, "harborline", "CA", "ines"),
        "tx": _referred(world, "quillnet", "TX", "tomas"),
        "fed": _nowhere(world),
        "dull": _alike(world),
        "open-h": _opened(world, "harborline", "CA"),
        "open-q": _opened(world, "quillnet", "TX"),
        "pub-ca": _told("CA"),
        "pub-tx": _told("TX"),
        "esp": _managed(world, "Harborline"),
        "agency": _managed(world, "Texas ICAC"),
        "policy": _proposed(world),
        "shared": _shared(),
    }
    house.objects |= _desk(world, house.objects)
    house.objects |= _lists(world, house.objects)
    house.objects["member"] = _member()
    for name in PEOPLE:
        client = Client()
        client.force_login(world.people[name])
        house.sessions[name] = client.cookies["sessionid"].value
    accounts.suspend_person(SYSTEM, world.people["sam"])  # signed in before: the session is left
    return house


def _desk(world: World, objects: dict[str, Object]) -> dict[str, Object]:
    """What analysts keep: views, a batch act, a hand-over; a summary of each referred report."""
    ana, sofia = world.actor("ana"), world.actor("sofia")
    for name in ("ca", "tx"):
        report = report_for(ana, objects[name]["number"])
        objects[name]["row_id"] = write_summary(ana, report, f"Of {name}, in a person's words.")
    objects["open-h"]["row_id"] = NOTHING["row_id"]
    plan = Plan("c" * 32, Act.CLAIM, (objects["fed"]["number"],))
    return {
        "view-a": {"view_id": save_view(ana, "Mine", "band=high", shared=True).pk},
        "view-s": {"view_id": save_view(sofia, "Hers", "band=low", shared=True).pk},
        "act": {"act_id": do(ana, plan).pk},
        "shift": {"row_id": hand_over(ana, "All is quiet.", seen=0).pk},
    }


def _lists(world: World, objects: dict[str, Object]) -> dict[str, Object]:
    """A foreign list that knows a file at each agency, of a series that this agency holds."""
    row = lists.add_list(SYSTEM, "harbour", "Harbour", "other", policy={"trust": "known"})
    owner = members.add_member(SYSTEM, "Lantern Hotline").pk
    for name, agency in (("ca", "California ICAC"), ("tx", "Texas ICAC")):
        set_series(SYSTEM, name, status="unidentified", agency=world.organisations[agency])
        prints = (Print("sha256", objects[name]["sha256"]),)
        write_entries(row.pk, owner, [Draft(name, "image", prints, series=name)])
    write_entries(row.pk, owner, [Draft("busy", "image", (Print("md5", "0f1e" * 8),))])
    sweeps.sweep(row.pk)
    for name, person in (("ca", "ines"), ("tx", "tomas")):
        [match] = ListMatch.objects.filter(file__report=objects[name]["number"])
        [alert] = alerts_for(world.actor(person))
        objects[name] |= {"match_id": match.pk, "alert_id": alert.pk}
    busy = Entry.objects.get(key="busy")
    assert quarantine._set_aside(row, Rate(500), busy)
    sha256 = objects["ca"]["sha256"]
    file = file_in(objects["ca"]["number"], objects["ca"]["file_id"])
    set_label(world.actor("sam"), file, "harmless", present=True)
    unfinished = file_in(objects["open-h"]["number"], objects["open-h"]["file_id"])
    aside = Quarantine.objects.get()
    entry = Entry.objects.get(key="ca")
    return {
        "list": {"slug": "harbour", "entry_id": entry.pk, "quarantine_id": aside.pk},
        "own": {"slug": "own-harmless", "sha256": sha256},
        "own-o": {"slug": "own-harmless", "sha256": unfinished.sha256},
    }


def picture(colour: str) -> bytes:
    """A harmless picture: one shape."""
    image = Image.new("RGB", (96, 96), colour)
    ImageDraw.Draw(image).rectangle((20, 30, 60, 80), fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


_COLOURS = {"CA": "navy", "TX": "teal"}


def _document(state: str, one: str) -> Object:
    """Somebody in a state; ``one`` tells people apart."""
    person = {
        "email": [{"value": f"{one}@example.org", "verified": True}],
        "address": [{"city": "Town", "state": state, "country": "US"}],
    }
    reported = {"personOrUserReportedPerson": person, "screenName": one}
    return {**DOCUMENT, "personOrUserReported": [reported]}


def _referred(world: World, esp: str, state: str, investigator: str) -> Object:
    """A report at its agency, and a second one of the same person that is in a case."""
    actor = world.actor(investigator)
    escalated = {**DOCUMENT["incidentSummary"], "escalateToHighPriority": "please look first"}
    first = file_report(
        world, esp=esp,
        document={**_document(state, f"kite-{state}"), "incidentSummary": escalated},
        files=[(picture(_COLOURS[state]), {"fileViewedByEsp": True})],
    )  # fmt: skip
    second = file_report(world, esp=esp, document=_document(state, f"kite-{state}"))
    for report in (first, second):
        stages.run(report.pk)
    [file] = files_of(first.pk)
    [link] = links_of(first.pk)
    said = Said(Question.URGENCY, "refuted", "A test.", standing_of(first.pk).seen)
    now = clock.now()
    terms = OpeningTerms(
        kind="consent", reference=f"C-{state}", issuer="The owner",
        valid_from=now - timedelta(days=1), valid_until=now + timedelta(days=9), approved_by="",
    )  # fmt: skip
    case = open_case(actor, referral_for(actor, second.pk), f"Case of {state}")
    return {
        "number": first.pk,
        "file_id": file.file_id,
        "sha256": file.sha256,
        "code": "viral",
        "link_id": link.pk,
        "opening_id": record_opening(actor, [file], terms).pk,
        "case_id": case.pk,
        "judgement_id": judge(world.actor("sam"), first, said).pk,
        "token": "filled in for each persona",
    }


def _nowhere(world: World) -> Object:
    """A report of somebody of whom no place is known."""
    document = {**DOCUMENT, "personOrUserReported": [{"screenName": "kite-nowhere"}]}
    report = file_report(world, document=document)
    stages.run(report.pk)
    return {"number": report.pk}


def _alike(world: World) -> Object:
    """The last of three reports of one thing, folded under the first."""
    document = {**DOCUMENT, "personOrUserReported": []}
    files = [(picture("maroon"), {})]
    made = [file_report(world, esp="quillnet", document=document, files=files) for _n in range(3)]
    for report in made:
        stages.run(report.pk)
    member = BundleMember.objects.get(report=made[-1], folded=True)
    drawn = Draw.objects.create(
        report=made[-1], week=clock.now().date(), stratum="folded", share=0.5, at=clock.now()
    )
    return {"number": made[-1].pk, "bundle_id": member.bundle_id, "draw_id": drawn.pk}


def _told(state: str) -> Object:
    """A report of a member of the public who said who they are, at its agency."""
    reporter = {"reportingPerson": {"firstName": "Rita"}}
    report = public_report({**_document(state, f"lark-{state}"), "reporter": reporter})
    [row] = referrals_of(report.pk)
    return {"number": report.pk, "referral_id": row.pk}


def _opened(world: World, esp: str, state: str) -> Object:
    """A report that its sender has not finished."""
    report = file_report(
        world, esp=esp, document=_document(state, f"boat-{state}"),
        files=[(picture("olive"), {})], finished=False,
    )  # fmt: skip
    [file] = files_of(report.pk)
    return {
        "number": report.pk,
        "file_id": file.file_id,
        "code": "violence",
        "token": "filled in for each persona",
    }


def _managed(world: World, organisation: str) -> Object:
    return {
        "organisation_id": world.organisations[organisation].pk,
        "credential_id": world.credentials["harborline"].pk,
        "person_id": world.people["ana"].pk,
    }


def _proposed(world: World) -> Object:
    """A policy version of another supervisor that was tried and may be published."""
    row = publication.propose(world.actor("silas"), _policy_file("1"))
    trials.try_now(world.actor("silas"), row.pk)
    return {"version_id": row.pk}


def _shared() -> Object:
    """A list of ours with one entry, for members of the hash exchange."""
    ours = own_list()
    owner = members.house().pk
    write_entries(ours.pk, owner, [draft(1)])
    entry = {"member_id": owner, "key": "e1", "kind": "MD5"}
    return {"slug": ours.slug, **entry, "rest": "v2/nothing"}


def _member() -> Object:
    """A member with an account who may read our list; and the list of others has a source."""
    set_source(SYSTEM, HashList.objects.get(slug="harbour"), Login(**_SOURCE))
    row = members.add_member(SYSTEM, "Reef Hotline")
    members.grant(SYSTEM, row, HashList.objects.get(slug="apparent"))
    members.issue_member_credential(SYSTEM, row, "reef")
    account = MemberCredential.objects.get(username="reef")
    return {"member_id": row.pk, "slug": "apparent", "votes": 1, "credential_id": account.pk}


_SOURCE: Object = {"root": "https://hashes.example/npo", "username": "we", "secret": "x"}


def _policy_file(version: str) -> bytes:
    return as_toml(Header("access", version, "US"), default_policy().rules).encode()


# --- what each POST sends -------------------------------------------------------------------


@dataclass(frozen=True)
class Sending:
    """Who sends what where: everything that a form may need to be valid."""

    house: House
    persona: str
    of: Object


def _opening(s: Sending) -> Object:
    return {
        "kind": "consent", "reference": "C-1", "issuer": "The owner",
        "valid_from": "2026-01-01T00:00", "valid_until": "2099-01-01T00:00",
        "named": [s.of["file_id"]],
    }  # fmt: skip


def _kept_view(s: Sending) -> Object:
    person = s.house.world.people[s.persona].pk if s.persona in s.house.world.people else 0
    view = {"view_id": 0, "name": "Gone", "query": "", "shared": False}
    said = [person, {**view, "created_at": clock.now().isoformat()}]
    return {"view": signing.dumps(said, salt=views_saved._SALT)}


def _batch(s: Sending) -> Object:
    number = s.house.objects["fed"]["number"]
    person = s.house.world.people[s.persona].pk if s.persona in s.house.world.people else 0
    said = [person, "d" * 32, "claim", [number], "/desk/"]
    return {"plan": signing.dumps(said, salt=views_batch._SALT)}


def _federal(s: Sending) -> Object:
    return {"agency": s.house.world.organisations["Federal queue"].pk, "why": "It may be theirs."}


def _list_policy(s: Sending) -> Object:
    row = HashList.objects.filter(slug=s.of["slug"]).first()
    version, rules = policy_of(row) if row else (0, ListRules())
    told = policy_initial(rules, version)
    return {name: value for name, value in told.items() if value is not False}


def _level(s: Sending) -> Object:
    return {"verdict": "level:2", "reason": "Read it.", "seen": standing_of(s.of["number"]).seen}


def _own_case(s: Sending) -> Object:
    return {"case": s.house.objects["tx" if s.persona == "tomas" else "ca"]["case_id"]}


def _call(_s: Sending) -> Object:
    return {
        "token": "a" * 32, "danger": "no", "incident_type": "enticement", "told": "In short.",
        "anonymous": "on",
    }  # fmt: skip


def _by_hand(_s: Sending) -> Object:
    return {
        "token": "a" * 32, "incident_type": "csam", "incident_day": "2026-11-20",
        "incident_time": "10:00:00", "incident_zone": "Z", "contact_email": "safety@example.com",
    }  # fmt: skip


def _esp_profile(_s: Sending) -> Object:
    return {
        "version": "1", "viewed_means": "other", "times_mean": "utc", "user_notice": "unknown",
        "incident_time_means": "event",
        "areas": "US-TX",
    }  # fmt: skip


def _file(_s: Sending) -> Object:
    return {"file": SimpleUploadedFile("shape.png", picture("gold"), "image/png")}


def _public(_s: Sending) -> Object:
    return {"sealed": drafts.seal(drafts.new_draft("danger")), "danger": "no"}


FORMS = {
    "sign-in": lambda _s: {"username": "ana", "password": PASSWORD},
    "desk:note": lambda _s: {"text": "A note."},
    "desk:summary": lambda s: {"summary": "In other words.", "seen": s.of["row_id"]},
    "desk:views": lambda _s: {"name": "Urgent ones", "band": "urgent"},
    "desk:view-change": lambda _s: {"name": "Another name"},
    "desk:view-put-back": _kept_view,
    "desk:batch": _batch,
    "desk:hand-over": lambda _s: {"text": "Nothing new.", "seen": newest().pk},
    "desk:refer": _federal,
    "desk:reveal-reporter": lambda _s: {"why": "The agency asks for it."},
    "desk:release-reporter": lambda _s: {"why": "The agency asks for it."},
    "desk:opening": _opening,
    "desk:judgement-make": _level,
    "desk:judgement-decline": lambda _s: {"why": "It is real."},
    "desk:judgement-withdraw": lambda _s: {"why": "A mistake."},
    "desk:judge": lambda _s: {"verdict": "yes"},
    "desk:preview": lambda _s: {"reason": "to judge the age"},
    "desk:call": _call,
    "desk:draw-finding": lambda _s: {"finding": "too_low"},
    "desk:list-add": lambda _s: {"slug": "lantern", "name": "Lantern", "content": "other"},
    "desk:list-policy": _list_policy,
    "desk:list-import": lambda _s: {
        "file": SimpleUploadedFile("list.csv", b"md5\n" + b"0f1e" * 8, "text/csv")
    },
    "desk:list-entry-series": lambda _s: {"series": "Another"},
    "desk:series": lambda _s: {"name": "Blue", "status": "identified"},
    "desk:match-deny": lambda _s: {"reason": "other_content"},
    "desk:policy-propose": lambda _s: {"content": _policy_file("2").decode()},
    "desk:policy-publish": lambda _s: {"reason": "It is better."},
    "desk:policy-take-back": lambda _s: {"reason": "It was wrong.", "seen": newest_act_id()},
    "agency:refuse": lambda _s: {"why": "Not our state."},
    "agency:open-case": lambda _s: {"token": "a" * 32, "title": "A case"},
    "agency:add-to-case": _own_case,
    "agency:answer": lambda _s: {"token": "a" * 32, "status": "ongoing"},
    "agency:opening": _opening,
    "agency:file": lambda _s: {"reason": "to identify the place"},
    "esp:new": _by_hand,
    "esp:check": lambda _s: {"text": report_xml(DOCUMENT).decode()},
    "esp:upload": _file,
    "esp:file": lambda _s: {"viewed": "yes"},
    "staff:requeue": lambda _s: {"job": "1"},
    "staff:organisation-add": lambda _s: {"kind": "esp", "name": "Lantern Works"},
    "staff:credential-issue": lambda _s: {"username": "lantern"},
    "staff:profile": _esp_profile,
    "staff:person-add": lambda s: {
        "name": "Iris", "username": "iris", "role": "analyst",
        "organisation": s.house.world.organisations["Clearinghouse"].pk,
    },
    "staff:source": lambda _s: {
        "root": "https://hashes.example/npo", "username": "we", "password": "x",
        "every_minutes": "30",
    },
    "staff:sharer-add": lambda _s: {"name": "Cove Hotline"},
    "staff:sharer-grant": lambda _s: {"slug": "apparent"},
    "staff:sharer-issue": lambda _s: {"username": "reef-two"},
    "public:report": _public,
    "ispws-upload": lambda s: {"id": s.of["number"], **_file(s)},
    "ispws-finish": lambda s: {"id": s.of["number"]},
    "ispws-retract": lambda s: {"id": s.of["number"]},
}  # fmt: skip


def _accepted(s: Sending) -> None:
    """Only what was accepted can be taken back."""
    if s.persona in {"ines", "tomas", "fay"}:
        actor = s.house.world.actor(s.persona)
        mine = referrals_for(actor).filter(report_id=s.of["number"]).first()
        if mine is not None:
            accept(actor, mine)


def _called_viral(s: Sending) -> None:
    """Only a label that somebody has set can be agreed to."""
    file = file_in(s.of["number"], s.of["file_id"])
    if file is not None:
        set_label(s.house.world.actor("sam"), file, "viral", present=True)


def _published(s: Sending) -> None:
    """Only what was published can be taken back."""
    version = s.house.objects["policy"]["version_id"]
    publication.publish(s.house.world.actor("sofia"), version, "It is better.")


#: What must have happened before a request makes sense.
BEFORE = {
    "agency:take-back": _accepted,
    "desk:label-confirm": _called_viral,
    "desk:policy-take-back": _published,
}
#: Bodies that are no forms.
BODIES = {
    "ispws-submit": lambda _s: report_xml(DOCUMENT),
    "ispws-check": lambda _s: report_xml(DOCUMENT),
    "ispws-fileinfo": lambda s: file_details_xml(
        {"reportId": s.of["number"], "fileId": s.of["file_id"]}
    ),
}


def upload_token_of(house: House, persona: str, number: int) -> str:
    """A good token for this report, of this persona and session."""
    if persona not in house.sessions:
        return "no-session"
    session = salted_hmac(upload_token._SALT, house.sessions[persona]).hexdigest()[:32]
    said = [house.world.people[persona].pk, number, "b" * 32, session]
    return signing.dumps(said, salt=upload_token._SALT)
