"""Beginning a run and taking it to its end; each step commits with how far it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.transactions import derived_tx, write_tx
from tipline.insight.entities import linking
from tipline.insight.entities.history import reading
from tipline.insight.entities.history.engine import Engine, KeysPage
from tipline.insight.entities.history.queries import version
from tipline.insight.entities.history.rules import keys_of
from tipline.insight.entities.history.writing import keep_keys, keep_links
from tipline.insight.entities.models import LinkRun
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

Tell = Callable[[LinkRun], object]
Phase = LinkRun.Phase
_AFTER = {Phase.KEYS: Phase.LINKS, Phase.LINKS: Phase.LATE, Phase.LATE: Phase.DONE}
#: Reports that were read meanwhile and are linked in one go.
_LATE_PAGE = 100


def begin(actor: Actor, engine: str) -> LinkRun:
    """A new run, or the one that was cut off, if it links by what is in force now.

    ``engine``: of :class:`LinkRun.Engine`; it may be another one than before, for what they give
    is the same.
    """
    actor.require(Permission.JOBS_MANAGE)
    now = version()
    with write_tx():
        open_runs = LinkRun.objects.select_for_update().filter(ended_at__isnull=True)
        open_runs.exclude(version=now).update(phase=Phase.OVERTAKEN, ended_at=clock.now())
        row = open_runs.order_by("pk").last()
        if row is not None:
            row.engine = engine
            row.save(update_fields=["engine"])
            return row
        return LinkRun.objects.create(
            engine=engine,
            asked_by=actor.reference,
            version=now,
            upto=reading.span()[1],
            read_upto=reading.newest_identifier(),
            started_at=clock.now(),
        )


def run_here(run: LinkRun, engine: Engine, tell: Tell = lambda _run: None) -> LinkRun:
    """All that is left of it in this process; ``tell`` hears of each step.

    Conflict when another process goes on with it, too, or when what links are made by changed.
    """
    while run.phase in _AFTER:
        for _step in _STEPS[Phase(run.phase)](run, engine):
            tell(run)
        _turn(run)
        tell(run)
    return run


def _keys(run: LinkRun, engine: Engine) -> Iterator[None]:
    for page in engine.keys(run.cursor, run.upto):
        _commit(run, page.last, partial(keep_keys, page))
        yield


def _links(run: LinkRun, engine: Engine) -> Iterator[None]:
    for page in engine.links(run.cursor, run.upto):
        if not run.version.endswith(f" {page.version}"):
            raise Conflict("What links are made by changed meanwhile: start it again.")
        _commit(run, page.last, partial(keep_links, page))
        yield


def _late(run: LinkRun, _engine: Engine) -> Iterator[None]:
    """Reports that were read since the run began, as ingest links them: whoever read them may have
    met keys of before, and this run reports of before.
    """
    while late := reading.read_since(run.read_upto, run.late_upto, run.cursor, _LATE_PAGE):
        for report in late:
            _link_late(report)
        _commit(run, late[-1].pk, partial(dict[str, int], late=len(late)))
        yield


def _link_late(report: Report) -> None:
    with derived_tx():
        hold(report)
        found = reading.records_of([report.pk])
        keys = {number: keys_of(one) for number, one in found.items()}
        keep_keys(KeysPage(report.pk - 1, report.pk, keys))
    linking.link(report)


_STEPS: Mapping[str, Callable[[LinkRun, Engine], Iterator[None]]] = {
    Phase.KEYS: _keys,
    Phase.LINKS: _links,
    Phase.LATE: _late,
}


def _commit(run: LinkRun, cursor: int, write: Callable[[], Mapping[str, int]]) -> None:
    """Do a step and note it, both or neither."""
    with derived_tx():
        more = write()
        figures = {**run.figures, **{n: run.figures.get(n, 0) + more[n] for n in more}}
        _move(run, cursor=cursor, figures=figures)


def _turn(run: LinkRun) -> None:
    """To the next phase; after the last one the ledger hears of it."""
    phase = _AFTER[Phase(run.phase)]
    with write_tx():
        if phase != Phase.DONE:
            late = {"late_upto": reading.newest_identifier()} if phase == Phase.LATE else {}
            _move(run, phase=phase, cursor=0, **late)
            return
        _move(run, phase=phase, ended_at=clock.now())
        detail = {"engine": run.engine, "asked_by": run.asked_by, **run.figures}
        record(SYSTEM, Verb.LINKS_MADE_AGAIN, f"link-run:{run.pk}", detail=detail)


def _move(run: LinkRun, **to: object) -> None:
    """Change the run's row, unless somebody else did."""
    same = LinkRun.objects.filter(pk=run.pk, phase=run.phase, cursor=run.cursor)
    if not same.update(**to):
        raise Conflict("Another process goes on with this run.")
    for name, value in to.items():
        setattr(run, name, value)
