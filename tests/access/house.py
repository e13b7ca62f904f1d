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

from django.test import Client
from PIL import Image, ImageDraw
from tests.entities.linked import link_of, machine_says, some_reports
from tests.entities.models_made_up import model_file
from tests.exchange.made import draft, own_list
from tests.filing import public_report
from tests.gate.tables import table
from tests.personas import DOCUMENT, PASSWORD, VIEWED, World, basic, file_report, make_world

from tipline.delivery.cases.label_notices import tell_holders
from tipline.delivery.cases.models import Case, CaseTip, LabelNotice
from tipline.delivery.cases.services import open_case
from tipline.delivery.routing.queries import referral_for, referrals_of
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.looks.rules import Answer
from tipline.insight.annotation.looks.services import answer
from tipline.insight.annotation.models import Look
from tipline.insight.annotation.services import add_child, set_label
from tipline.insight.entities.judging.services import judge as judge_link
from tipline.insight.entities.models import Identifier, RoleConflict, SecondLook
from tipline.insight.entities.publication import services as link_models
from tipline.insight.entities.publication import trials as link_trials
from tipline.insight.entities.queries import links_of
from tipline.insight.entities.roles.rules import key_of
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
from tipline.insight.lists.pulling.sources import Login, set_source
from tipline.insight.lists.rules_entries import Draft, Print
from tipline.insight.lists.rules_flood import Rate
from tipline.insight.lists.series.alerts import alerts_for
from tipline.insight.lists.series.services import set_series
from tipline.insight.triage.batches.rules import Act
from tipline.insight.triage.batches.services import Plan, do
from tipline.insight.triage.hand_overs import hand_over
from tipline.insight.triage.judgements.queries import standing_of
from tipline.insight.triage.judgements.rules import Question
from tipline.insight.triage.judgements.services import Said, judge
from tipline.insight.triage.models import BundleMember, Draw
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication import services as publication
from tipline.insight.triage.publication import trials
from tipline.insight.triage.rules_text import Header, as_toml
from tipline.insight.triage.saved_views import save_view
from tipline.insight.triage.summaries import write_summary
from tipline.pipeline import gate_policies, stages
from tipline.record.evidence.queries import file_in, files_of
from tipline.record.evidence.services import OpeningTerms, record_opening
from tipline.record.reports.queries import report_for

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
    "child": 99,
    "look_id": 99_999_999,
    "said_id": 99_999_999,
    "conflict_id": 99_999_999,
    "notice_id": 99_999_999,
    "tip_id": 99_999_999,
    "act": "f" * 32,
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
        "table": _table(world),
        "model": _link_model(world),
        "shared": _shared(),
    }
    house.objects |= _children(world, house.objects)
    house.objects |= _desk(world, house.objects)
    house.objects |= _lists(world, house.objects)
    house.objects |= _looks(world, house.objects)
    house.objects |= _judged_links(world)
    _told_of_labels(house.objects)
    _told_of_tips(world, house.objects)
    house.objects["member"] = _member()
    for name in PEOPLE:
        client = Client()
        client.force_login(world.people[name])
        house.sessions[name] = client.cookies["sessionid"].value
    accounts.suspend_person(SYSTEM, world.people["sam"])  # signed in before: the session is left
    return house


def _children(world: World, objects: dict[str, Object]) -> dict[str, Object]:
    """A child in the file of a report; on ``open-kid`` in one that is not finished."""
    made = {}
    for name, of in (("ca-kid", "ca"), ("tx-kid", "tx"), ("open-kid", "open-h")):
        file = file_in(objects[of]["number"], objects[of]["file_id"])
        add_child(world.actor("sam"), file)
        made[name] = {**objects[of], "code": "girl", "child": 1}
    return made


def _looks(world: World, objects: dict[str, Object]) -> dict[str, Object]:
    """Blind looks: one that Ana holds, one that Sofia holds, one that two answered differently."""
    held = {}
    for name, of, persona in (("look-a", "tx", "ana"), ("look-s", "dull", "sofia")):
        file = files_of(objects[of]["number"])[0]
        set_label(world.actor("sam"), file, "exploitative", present=True)
        held[name] = {"look_id": _given(world, file.sha256, persona).pk}
    row = _given(world, objects["ca"]["sha256"], "silas")
    answer(world.actor("silas"), row.pk, Answer(frozenset({"viral"})))
    return {**held, "differ": {"look_id": row.pk}}


def _judged_links(world: World) -> dict[str, Object]:
    """A blind look that Ana holds, a large merge of Sam's, a value in two roles."""
    reports = some_reports(world, 16)
    sam = world.actor("sam")
    machine_says(reports[10], {low: ("automatic", ["account"]) for low in reports[:10]})
    for low, high in ((0, 11), (12, 13)):
        machine_says(reports[high], {reports[low]: ("proposed", ["email"])})
    row = judge_link(sam, link_of(*reports[12:14]), "unsure")
    blind = SecondLook.objects.create(
        link=row.link, judgement=row, why="sample", policy="judging@1", asked_at=clock.now(),
        taken_by=world.people["ana"], taken_at=clock.now(),
    )  # fmt: skip
    merge = judge_link(sam, link_of(reports[0], reports[11]), "yes")
    for number, role in ((reports[14], "suspect"), (reports[15], "victim")):
        Identifier.objects.create(
            report_id=number, kind="email", normal="both@example.org", role=role, path="/"
        )
    conflict = RoleConflict.objects.create(
        key=key_of("email", "", "both@example.org", is_test=False),
        kind="email", suspect_id=reports[14], victim_id=reports[15], at=clock.now(),
    )  # fmt: skip
    return {
        "blind": {"look_id": blind.pk},
        "merge": {"look_id": SecondLook.objects.get(judgement=merge).pk},
        "roles": {"conflict_id": conflict.pk},
    }


def _told_of_labels(objects: dict[str, Object]) -> None:
    """Each agency is told that the labels of its file have changed."""
    for name in ("ca", "tx"):
        assert tell_holders(objects[name]["sha256"])
        [row] = LabelNotice.objects.filter(referral__report=objects[name]["number"])
        objects[name]["notice_id"] = row.pk


def _told_of_tips(world: World, objects: dict[str, Object]) -> None:
    """Each agency works its report in a case, on which there is a new tip."""
    for name, persona in (("ca", "ines"), ("tx", "tomas")):
        case = Case.objects.create(
            agency_id=world.actor(persona).organisation_id,
            title="Told of a tip",
            opened_by=world.people[persona],
            opened_at=clock.now(),
        )
        tip = CaseTip.objects.create(
            case=case,
            report_id=objects["fed"]["number"],
            member_id=objects[name]["number"],
            at=clock.now(),
        )
        objects[name]["tip_id"] = tip.pk


def _given(world: World, sha256: str, persona: str) -> Look:
    row = Look.objects.get(sha256=sha256)
    row.taken_by, row.taken_at = world.people[persona], clock.now()
    row.save()
    return row


def _desk(world: World, objects: dict[str, Object]) -> dict[str, Object]:
    """What analysts keep: views, a batch act, a hand-over; a summary of each referred report."""
    ana, sofia = world.actor("ana"), world.actor("sofia")
    for name in ("ca", "tx"):
        report = report_for(ana, objects[name]["number"])
        objects[name]["row_id"] = write_summary(ana, report, f"Of {name}, in a person's words.")
    objects["open-h"] |= {"row_id": NOTHING["row_id"], "opening_id": NOTHING["opening_id"]}
    plan = Plan("c" * 32, Act.CLAIM, (objects["fed"]["number"],))
    return {
        "paper": _paper(world, objects["ca"]),
        "view-a": {"view_id": save_view(ana, "Mine", "band=high", shared=True).pk},
        "view-s": {"view_id": save_view(sofia, "Hers", "band=low", shared=True).pk},
        "act": {"act_id": do(ana, plan).pk},
        "shift": {"row_id": hand_over(ana, "All is quiet.", seen=0).pk},
    }


def _paper(world: World, of: Object) -> Object:
    """A warrant of the house that names the file of a report."""
    terms = OpeningTerms("warrant", "W-1", "A court", clock.now() - timedelta(days=1))
    file = file_in(of["number"], of["file_id"])
    return {
        "number": of["number"],
        "opening_id": record_opening(world.actor("sofia"), [file], terms).pk,
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
        "said_id": judge_link(world.actor("sam"), link, "yes").pk,
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
    row = publication.propose(world.actor("silas"), policy_file("1"))
    trials.try_now(world.actor("silas"), row.pk)
    return {"version_id": row.pk}


def _table(world: World) -> Object:
    """A table of the gate, of another supervisor, that was tried and may be published."""
    row = gate_policies.PUBLICATION.propose(world.actor("silas"), table("1"))
    gate_policies.TRIALS.try_now(world.actor("silas"), row.pk)
    return {"version_id": row.pk}


def _link_model(world: World) -> Object:
    """A link model of another supervisor that was tried and may be published."""
    row = link_models.propose(world.actor("silas"), model_file("1"))
    link_trials.try_now(world.actor("silas"), row.pk)
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


def policy_file(version: str) -> bytes:
    return as_toml(Header("access", version, "US"), default_policy().rules).encode()
