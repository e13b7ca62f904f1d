"""Whatever happens, in whatever order: the rows of the ledger give the states that are stored."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entities.linked import machine_says, some_reports
from tests.examples import few
from tests.pipeline.derived import undone

from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.insight.entities.judging import rules, seconds, services
from tipline.insight.entities.judging.policy import judging_policy
from tipline.insight.entities.judging.queries import cluster_of
from tipline.insight.entities.judging.rules_clusters import bridges, clusters
from tipline.insight.entities.judging.settling import replayed
from tipline.insight.entities.judging.walking import ledger_of
from tipline.insight.entities.models import Judgement, Link, NearApart, SecondLook

MANY = 6
PAIRS = list(combinations(range(MANY), 2))
SAID = st.lists(
    st.tuples(
        st.sampled_from(["proposed", "proposed", "automatic", "gone"]),
        st.sampled_from(["email", "email", "email device", "alias"]),
    ),
    min_size=MANY,
    max_size=MANY,
)
MACHINE = st.tuples(st.just("machine"), st.sampled_from(range(1, MANY)), SAID)
PERSON = st.tuples(
    st.sampled_from(["yes", "no", "unsure"]),
    st.sampled_from(["ana", "sofia", "silas"]),
    st.sampled_from(PAIRS),
)
OTHER = st.tuples(
    st.sampled_from(["undo", "split", "second"]),
    st.sampled_from(["ana", "sofia", "silas"]),
    st.integers(0, 10),
)
DEEDS = st.tuples(
    st.tuples(*(st.tuples(st.just("machine"), st.just(n), SAID) for n in range(1, MANY))),
    st.lists(st.one_of(PERSON, PERSON, PERSON, OTHER, OTHER, MACHINE), min_size=6, max_size=20),
).map(lambda parts: [*parts[0], *parts[1]])
REFUSED = (Conflict, NotAllowed, NotVisible)


def do(world, reports, deed) -> None:
    """One thing that happens; what is refused changes nothing."""
    what, who, which = deed
    if what == "machine":
        said = zip(reports[:who], which, strict=False)
        wanted = {low: (word, kinds.split()) for low, (word, kinds) in said if word != "gone"}
        machine_says(reports[who], wanted)
        return
    actor = world.actor(who)
    try:
        if what == "undo":
            rows = list(Judgement.objects.exclude(verdict="undo").order_by("-pk")[:11])
            if rows:
                services.undo(actor, rows[which % len(rows)].pk)
        elif what == "split":
            number = reports[which % MANY]
            members = cluster_of(actor, number).members
            if len(members) > 1:
                chosen = members[: 1 + which % (len(members) - 1)]
                services.split(actor, number, chosen, "not one person")
        elif what == "second":
            looks = list(SecondLook.objects.order_by("-pk")[:3])
            if looks:
                row = looks[which % len(looks)]
                SecondLook.objects.filter(pk=row.pk, answer=None).update(taken_by=actor.person_key)
                seconds.second(actor, row.pk, ["yes", "no", "yes", "unsure"][which % 4])
        else:
            low, high = (reports[one] for one in which)
            for link in Link.objects.filter(low=low, high=high):
                services.judge(actor, link, what)
    except REFUSED:
        pass


def check(world, reports) -> None:
    """States and clusters as stored, beside those of the rules on nothing but rows."""
    links = list(Link.objects.order_by("pk"))
    ledger = ledger_of(links)
    ties = []
    for link in links:
        found = replayed(link, ledger.get(link.pk, []))
        assert link.judged == bool(ledger.get(link.pk))
        assert (link.apart, tuple(link.news)) == (found.apart, found.news)
        ties.append(
            rules.Tie(
                link.pk, link.low_id, link.high_id, found.state, link.points, found.apart,
                bool(found.news),
            )
        )  # fmt: skip
    settled = rules.settle(ties)
    assert {link.pk: (link.state, link.barred_by_id) for link in links} == {
        key: (one.state.value, one.barred_by) for key, one in settled.items()
    }
    assert rules.torn(ties) is None
    held = [(t.low, t.high) for t in ties if settled[t.id].state in rules.COUNTED]
    parts = {number: part for part in clusters(held) for number in part}
    near = set(NearApart.objects.values_list("report_id", flat=True))
    for tie in ties:
        one, other = (parts.get(end, (end,)) for end in (tie.low, tie.high))
        if tie.apart:
            assert one != other
            assert {*one, *other} <= near
    by_pair = {(link.low_id, link.high_id): link.pk for link in links}
    for number in reports:
        shown = cluster_of(world.actor("ana"), number)
        assert shown.members == parts.get(number, (number,))
        assert shown.bridges == {
            by_pair[pair] for pair in bridges(held) if set(pair) <= set(shown.members)
        }


@pytest.fixture
def often_drawn(monkeypatch):
    """A third of everything is looked at twice, and three reports are a large merge."""
    policy = judging_policy()
    shares = dict.fromkeys(policy.rules.percent, 33)
    for name, value in (("percent", shares), ("most_reports", 3)):
        object.__setattr__(policy.rules, name, value)
    yield
    judging_policy.cache_clear()


@few(10)
@given(deeds=DEEDS)
def test_the_ledger_replayed_gives_what_the_services_left(world, often_drawn, deeds):
    with undone():
        reports = some_reports(world, MANY)
        kept = []
        for deed in deeds:
            do(world, reports, deed)
            rows = list(Judgement.objects.order_by("pk").values())
            assert rows[: len(kept)] == kept  # nothing was changed or deleted
            kept = rows
        check(world, reports)
