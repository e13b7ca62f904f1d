"""The accounts that a deployment starts with."""

from __future__ import annotations

from typing import Annotated

import typer

from tipline.doors.terminal.starting import load, migrate, secret, show, stop


def esp_add(
    name: Annotated[str, typer.Argument(help="The provider's name.")],
    username: Annotated[str, typer.Option(help="User name of its machine account.")],
    password: Annotated[
        str | None, typer.Option(help="Generated when absent; @FILE reads it from a file.")
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="Its reports are tests.")] = False,
) -> None:
    """Add an ESP with a machine account. Its secret is shown once."""
    load()
    migrate()
    from tipline.ground.accounts import services  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind  # noqa: PLC0415
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415
    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    given = secret(password, "password") if password is not None else ""
    try:
        with write_tx():
            row = services.add_organisation(SYSTEM, OrganisationKind.ESP, name, test_only=test)
            issued = services.issue_credential(SYSTEM, row, username, given)
    except TiplineError as error:
        stop(f"{error.field}: {error.message}", 1)
    show(
        {
            "id": row.pk,
            "name": row.name,
            "username": issued.username,
            "password": issued.secret,
            "test": test,
        }
    )


def agency_add(
    name: Annotated[str, typer.Argument(help="The agency's name.")],
    area: Annotated[
        list[str], typer.Option(help="US-CA for a state, DE for a country, US-FEDERAL.")
    ],
) -> None:
    """Add an agency and the areas it is responsible for."""
    load()
    migrate()
    from tipline.ground.accounts import services  # noqa: PLC0415 - needs the settings
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind  # noqa: PLC0415
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415
    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    try:
        with write_tx():
            row = services.add_organisation(SYSTEM, OrganisationKind.AGENCY, name)
            services.set_agency_profile(SYSTEM, row, {"areas": area})
    except TiplineError as error:
        stop(f"{error.field}: {error.message}", 1)
    show({"id": row.pk, "name": row.name, "areas": area})


def user_add(
    username: Annotated[str, typer.Argument(help="The user name to sign in with.")],
    role: Annotated[
        str,
        typer.Option(help="analyst, supervisor, administrator, esp-engineer or investigator."),
    ],
    org: Annotated[
        str, typer.Option(help="Name of its organisation; a clearinghouse is made when absent.")
    ],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    password: Annotated[
        str | None, typer.Option(help="Read from stdin when absent; @FILE reads a file.")
    ] = None,
) -> None:
    """Add someone who signs in."""
    load()
    migrate()
    from tipline.ground.accounts import services  # noqa: PLC0415 - needs the settings
    from tipline.ground.accounts.roles import ROLE_HOME, Role  # noqa: PLC0415
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind  # noqa: PLC0415
    from tipline.ground.foundation.errors import TiplineError  # noqa: PLC0415

    if role not in set(Role.values):
        stop(f"role: choose one of {', '.join(Role.values)}.", 1)
    try:
        organisation = services.organisation_named(org)
        if organisation is None and ROLE_HOME[Role(role)] is OrganisationKind.CLEARINGHOUSE:
            organisation = services.add_organisation(SYSTEM, OrganisationKind.CLEARINGHOUSE, org)
        if organisation is None:
            stop(f"org: there is no organisation called {org}. Add the ESP or agency first.", 1)
        person = services.add_person(
            SYSTEM,
            username=username,
            name=name,
            role=Role(role),
            organisation=organisation,
            password=secret(password, "password"),
        )
    except TiplineError as error:
        stop(f"{error.field}: {error.message}", 1)
    show(
        {
            "id": person.pk,
            "username": person.username,
            "role": person.role,
            "organisation": organisation.name,
        }
    )
