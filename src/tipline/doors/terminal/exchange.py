"""The hash exchange from a shell: what we pull from others, and who pulls from us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tipline.doors.terminal.starting import load_store, say, secret, show, stop

if TYPE_CHECKING:
    from datetime import datetime

    from tipline.insight.lists.pulling.services import Pulled
    from tipline.insight.lists.pulling.writing import Kept

Slug = Annotated[str, typer.Argument(metavar="LIST", help="The list's short name.")]
Secret = Annotated[
    str | None, typer.Option(help="Read from stdin when absent; @FILE reads it from a file.")
]


def _stopping(act: Callable[[], Any]) -> Any:
    """What an act returns; its error ends the command with a sentence."""
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415 - needs the settings

    try:
        return act()
    except TiplineError as error:
        stop(f"{error.field}: {error.message}" if error.field else error.message, 1)


def exchange_add(  # noqa: PLR0917 - what a command may be told
    slug: Slug,
    root: Annotated[str, typer.Option(help="Application root, as https://HOST/npo.")],
    username: Annotated[str, typer.Option(help="The user name that they gave you.")],
    password: Secret = None,
    every: Annotated[int, typer.Option(min=1, help="Minutes between two pulls.")] = 60,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Without TLS: the password can be read.")
    ] = False,
) -> None:
    """Say where a foreign list is pulled from (`lists add` makes the list)."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.pulling import queries, sources  # noqa: PLC0415

    row = _stopping(lambda: queries.foreign_list_for(SYSTEM, slug))
    login = sources.Login(root, username, secret(password, "password"), plain_http, every)
    made = _stopping(lambda: sources.set_source(SYSTEM, row, login))
    show({"list": slug, "root": made.root, "username": username, "every_minutes": every})


def exchange_switch(
    slug: Slug,
    on: Annotated[bool, typer.Option("--on/--off", help="Go on where it stopped, or stop.")],
) -> None:
    """Stop pulling a list, or go on."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.pulling import queries, sources  # noqa: PLC0415

    row = _stopping(lambda: queries.source_for(SYSTEM, slug))
    _stopping(lambda: sources.switch_source(SYSTEM, row, active=on))
    show({"list": slug, "active": on})


def exchange_pull(
    lists: Annotated[
        list[str] | None, typer.Argument(metavar="LIST…", help="All active ones when absent.")
    ] = None,
    pages: Annotated[int | None, typer.Option(min=1, help="At most so many pages each.")] = None,
) -> None:
    """Take what others have that is not here yet, and send the votes that wait. Ends 1 on errors.

    Whatever cuts it off, the next pull goes on where this one stopped.
    """
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists.pulling import queries  # noqa: PLC0415

    known = queries.standings_for(SYSTEM)
    wanted = lists or [one.slug for one in known if one.active]
    rows = [_stopping(partial(queries.source_for, SYSTEM, slug)) for slug in wanted]
    told = [_pulled(row.hash_list.slug, row.pk, pages) for row in rows]
    show(told)
    raise typer.Exit(1 if any(one["error"] for one in told) else 0)


def _pulled(slug: str, list_id: int, pages: int | None) -> dict[str, Any]:
    from tipline.insight.lists.pulling import services, voting  # noqa: PLC0415 - needs settings
    from tipline.insight.lists.pulling.http import PullError  # noqa: PLC0415

    def tell(kept: Kept) -> None:
        say(f"{slug}: {kept.pages} pages, {kept.rows} rows")

    found: Pulled = _stopping(lambda: services.pull(list_id, most_pages=pages, tell=tell))
    votes, error = 0, found.error
    if not error:
        try:
            votes = voting.send_votes(list_id)
        except PullError as wrong:
            error = wrong.code
    if error:
        say(f"{slug}: {_words(error)} {found.where}".rstrip())
    counts = asdict(found.kept)
    return {"list": slug, **counts, "votes_sent": votes, "more": found.more, "error": error}


def _words(code: str) -> str:
    from tipline.insight.lists.pulling.queries import WORDS  # noqa: PLC0415 - needs the settings

    return str(WORDS.get(code, code))


def exchange_status() -> None:
    """How each pull stands, and who may pull what from us, as JSON."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import sharers  # noqa: PLC0415
    from tipline.insight.lists.pulling import queries  # noqa: PLC0415

    pulled = [
        {**asdict(one), "words": one.words, **_times(one)} for one in queries.standings_for(SYSTEM)
    ]
    members = [
        {
            "id": one.id,
            "name": one.name,
            "accounts": [asdict(account) for account in one.accounts],
            "lists": [
                {"list": grant.slug, "votes": grant.votes, "served_at": _at(grant.served_at)}
                for grant in one.grants
            ],
        }
        for one in sharers.sharers_for(SYSTEM)
    ]
    show({"pulled": pulled, "members": members})


def _times(standing: Any) -> dict[str, str | None]:
    names = ("held_to", "tried_at", "good_at", "due")
    return {name: _at(getattr(standing, name)) for name in names}


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


Vote = Annotated[bool, typer.Option("--vote", help="It may vote, too.")]
Lists = Annotated[list[str] | None, typer.Option("--list", help="A list of ours it may read.")]


def member_add(
    name: Annotated[str, typer.Argument(help="The member's name.")],
    username: Annotated[str, typer.Option(help="User name of its machine account.")],
    lists: Lists = None,
    password: Annotated[
        str | None, typer.Option(help="Generated when absent; @FILE reads it from a file.")
    ] = None,
    vote: Vote = False,
) -> None:
    """Add somebody who may pull lists of ours. Its secret is shown once."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415
    from tipline.insight.lists import members  # noqa: PLC0415

    given = secret(password, "password") if password is not None else ""

    def make() -> dict[str, Any]:
        with write_tx():
            row = members.add_member(SYSTEM, name)
            issued = members.issue_member_credential(SYSTEM, row, username, given)
            for slug in lists or ():
                members.grant(SYSTEM, row, _own(slug), may_vote=vote)
        told = {"id": row.pk, "name": row.name, "lists": lists or [], "vote": vote}
        return {**told, "username": issued.username, "password": issued.secret}

    show(_stopping(make))


def _own(slug: str) -> Any:
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import sharers  # noqa: PLC0415

    return sharers.own_list_for(SYSTEM, slug)


def member_grant(name: str, slug: Slug, vote: Vote = False) -> None:
    """Let a member read a list of ours, and vote on it where that is said."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import members, sharers  # noqa: PLC0415

    row = _stopping(lambda: sharers.member_called(SYSTEM, name))
    _stopping(lambda: members.grant(SYSTEM, row, _own(slug), may_vote=vote))
    show({"id": row.pk, "name": row.name, "list": slug, "vote": vote})


def member_withdraw(name: str, slug: Slug) -> None:
    """The list is not there any more for this member, from the next request on."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import members, sharers  # noqa: PLC0415

    row = _stopping(lambda: sharers.member_called(SYSTEM, name))
    _stopping(lambda: members.withdraw_access(SYSTEM, row, _own(slug)))
    show({"id": row.pk, "name": row.name, "list": slug, "withdrawn": True})


def member_switch(
    username: Annotated[str, typer.Argument(help="User name of the machine account.")],
    on: Annotated[bool, typer.Option("--on/--off", help="Let it in again, or keep it out.")],
) -> None:
    """Revoke an account of a member, or take that back: from the next request on."""
    load_store()
    from tipline.ground.foundation.actor import SYSTEM  # noqa: PLC0415 - needs the settings
    from tipline.insight.lists import members, sharers  # noqa: PLC0415

    row = _stopping(lambda: sharers.account_called(SYSTEM, username))
    _stopping(lambda: members.switch_member_credential(SYSTEM, row, active=on))
    show({"username": username, "active": on})
