"""What each request of the access table sends, so that only access decides about its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.crypto import salted_hmac
from tests.access.house import NOTHING, House, Object, picture, policy_file
from tests.entities.models_made_up import model_file
from tests.gate.tables import table
from tests.personas import DOCUMENT, PASSWORD

from tipline.delivery.routing.queries import referrals_for
from tipline.delivery.routing.services import accept
from tipline.doors.portals.desk import views_batch, views_saved
from tipline.doors.portals.desk.forms_lists import policy_initial
from tipline.doors.portals.esp import upload_token
from tipline.doors.portals.public import draft as drafts
from tipline.ground.accounts.queries import actor_for
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Permission
from tipline.insight.annotation.queries import standings
from tipline.insight.annotation.rules_standing import Standing
from tipline.insight.annotation.services import set_label
from tipline.insight.entities.judging.services import judge as judge_link
from tipline.insight.entities.models import Link
from tipline.insight.entities.proposals.queries import link_for
from tipline.insight.entities.publication import services as link_models
from tipline.insight.lists.models import (
    HashList,
)
from tipline.insight.lists.policies import policy_of
from tipline.insight.lists.rules_policy import ListRules
from tipline.insight.review.models import Content
from tipline.insight.triage.hand_overs import newest
from tipline.insight.triage.judgements.queries import standing_of
from tipline.insight.triage.publication import services as publication
from tipline.insight.triage.publication.queries import newest_act_id
from tipline.pipeline.gate_policies import PUBLICATION
from tipline.record.evidence.passes import make_pass
from tipline.record.evidence.queries import file_in
from tipline.record.evidence.rules_passes import Kind
from tipline.record.reports.writing import file_details_xml, report_xml


@dataclass(frozen=True)
class Sending:
    """Who sends what where: everything that a form may need to be valid."""

    house: House
    persona: str
    of: Object


def _opening(s: Sending) -> Object:
    return {
        "kind": "consent", "state": "granted", "reference": "C-1", "issuer": "The owner",
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


def _labels(s: Sending) -> Object:
    said = standings([s.of["sha256"]]).get(s.of["sha256"], Standing())
    return {"label": ["harmless"], "seen": said.position}


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


def _parted(s: Sending) -> Object:
    row = Link.objects.filter(pk=s.of.get("link_id", 0)).first()
    ends = {row.low_id, row.high_id} if row else set()
    return {"member": sorted(ends - {s.of["number"]}), "note": "Another person."}


FORMS = {
    "sign-in": lambda _s: {"username": "ana", "password": PASSWORD},
    "desk:search": lambda _s: {"text": "a@example.org", "why": "tip"},
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
    "desk:paper": lambda _s: {"to": "revoked", "reason": "The court took it back."},
    "agency:paper": lambda _s: {"to": "revoked", "reason": "The court took it back."},
    "desk:judgement-make": _level,
    "desk:judgement-decline": lambda _s: {"why": "It is real."},
    "desk:judgement-withdraw": lambda _s: {"why": "A mistake."},
    "desk:link-judge": lambda _s: {"verdict": "unsure"},
    "desk:cluster-split": _parted,
    "desk:judge": lambda _s: {"verdict": "yes"},
    "desk:link-second": lambda _s: {"verdict": "unsure"},
    "desk:role": lambda _s: {"answer": "unsure", "note": "A shared mailbox."},
    "desk:preview": lambda _s: {"reason": "to judge the age"},
    "desk:look": lambda _s: {"children": "1", "content": "violence"},
    "desk:look-settle": lambda _s: {"children": "1", "reason": "Looked at it with both."},
    "desk:reveal": lambda _s: {"why": "age", "words": "It cannot be told."},
    "desk:care": lambda _s: {"off": ["violence"], "looks": "30"},
    "desk:care-team": lambda _s: {"person": "", "looks": "90", "why": "A hard month."},
    "desk:studio-judge": _labels,
    "desk:studio-reveal": lambda _s: {"why": "age", "words": "to judge the age"},
    "desk:studio-closed": lambda _s: {"how": "ask"},
    "desk:value": lambda _s: {"block": "demographic", "key": "A key", "value": "A value"},
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
    "desk:gate-policy-propose": lambda _s: {"content": table("2").decode()},
    "desk:gate-policy-publish": lambda _s: {"reason": "Counsel asked for it."},
    "desk:gate-policy-take-back": lambda _s: {
        "reason": "It was wrong.", "seen": PUBLICATION.reading.newest_act_id(),
    },
    "desk:link-model-propose": lambda _s: {"content": model_file("2").decode()},
    "desk:link-model-publish": lambda _s: {"reason": "The trial moves what it should."},
    "desk:link-model-take-back": lambda _s: {
        "reason": "It was wrong.", "seen": link_models.PUBLICATION.reading.newest_act_id(),
    },
    "desk:policy-propose": lambda _s: {"content": policy_file("2").decode()},
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


def _labelled(s: Sending) -> None:
    """Only what the same person did can be taken back."""
    file = file_in(s.of["number"], s.of["file_id"])
    s.of["act"] = "f" * 32
    if file is not None and s.persona in {"ana", "sofia"}:
        actor = s.house.world.actor(s.persona)
        s.of["act"] = set_label(actor, file, "violence", present=True)[0].act


def _link_judged(s: Sending) -> None:
    """Only what the same person said can be taken back."""
    s.of["judgement_id"] = 99_999_999
    if s.persona in {"ana", "sofia"} and s.of["link_id"] != NOTHING["link_id"]:
        actor = s.house.world.actor(s.persona)
        link = link_for(actor, s.of["link_id"])
        s.of["judgement_id"] = judge_link(actor, link, "unsure", "Not sure.").pk


def _joined(s: Sending) -> None:
    """Only what belongs together can be parted."""
    if s.persona in {"ana", "sofia"} and s.of.get("link_id", 0) not in (0, NOTHING["link_id"]):
        actor = s.house.world.actor(s.persona)
        judge_link(actor, link_for(actor, s.of["link_id"]), "yes")


def _published(s: Sending) -> None:
    """Only what was published can be taken back."""
    version = s.house.objects["policy"]["version_id"]
    publication.publish(s.house.world.actor("sofia"), version, "It is better.")


def _table_published(s: Sending) -> None:
    version = s.house.objects["table"]["version_id"]
    PUBLICATION.publish(s.house.world.actor("sofia"), version, "Counsel asked for it.")


def _model_published(s: Sending) -> None:
    version = s.house.objects["model"]["version_id"]
    link_models.publish(s.house.world.actor("sofia"), version, "The trial moves what it should.")


def _held(s: Sending) -> None:
    """Only what a person holds is in their studio."""
    person = s.house.world.people.get(s.persona)
    rows = Content.objects.filter(sha256=s.of["sha256"])
    rows.update(held_by=person, held_until=clock.now() + timedelta(minutes=5))


_STUDIO = ("content", "judge", "closed", "skip", "preview", "reveal", "exif", "close")
#: What must have happened before a request makes sense.
BEFORE = {
    "agency:take-back": _accepted,
    "desk:label-undo": _labelled,
    "desk:link-undo": _link_judged,
    "desk:cluster-split": _joined,
    "desk:policy-take-back": _published,
    "desk:gate-policy-take-back": _table_published,
    "desk:link-model-take-back": _model_published,
    **{f"desk:studio-{deed}": _held for deed in _STUDIO},
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


def pass_of(s: Sending) -> str:
    """A good pass of this persona for a picture of the file, if they could ever have had one."""
    file = file_in(s.of["number"], s.of["file_id"])
    person = s.house.world.people.get(s.persona)
    actor = actor_for(person) if person else None
    if file is None or actor is None or not actor.may(Permission.EVIDENCE_OPEN):
        return "no-such-pass"
    return make_pass(actor, file, Kind.PREVIEW)
