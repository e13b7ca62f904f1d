"""The access table: every route, persona and owner, asked for real.

On PostgreSQL each address is asked once, by somebody who may: what the queries let through is
tested on both databases in each room.
"""

from __future__ import annotations

from itertools import groupby

import pytest
from tests.access.asking import ask
from tests.access.house import MACHINES, NOTHING, PERSONAS
from tests.access.routes import METHODS, routes
from tests.access.table import CSRF_EXEMPT, Row, rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("access"),
]
sqlite_only = pytest.mark.sqlite_only


def is_api(name: str) -> bool:
    return name.startswith(("ispws", "hashes"))


TABLE = rows()
ROUTES = routes()
POSTS = [(name, list(found)) for name, found in groupby(TABLE, lambda row: row.route)]
POSTS = [(name, [row for row in found if row.method == "POST"]) for name, found in POSTS]
POSTS = [(name, found) for name, found in POSTS if found]
#: What is asked for changes what is there: a pass works once, so nobody asks for headers alone.
ONCE = {name for name, route in ROUTES.items() if route.of_evidence}
GETS = [
    row for row in TABLE if row.method == "GET" and not is_api(row.route) and row.route not in ONCE
]
#: What tells one thing of a report from another.
PARTS = ("file_id", "link_id", "opening_id", "judgement_id", "referral_id")


def methods_of(name: str) -> set[str]:
    """What the table says that a route takes."""
    said = {row.method for row in TABLE if row.route == name}
    if "any" in said:
        return set(METHODS)
    return said | ({"HEAD"} if "GET" in said and not is_api(name) and name not in ONCE else set())


def allowed(row: Row) -> list[str]:
    """Those who get what the row is about."""
    return [name for name, code in row.expected.items() if code[0] in "23=" or code == "409"]


def denied(row: Row) -> list[str]:
    return [name for name, code in row.expected.items() if code == "404"]


@sqlite_only
def test_the_table_and_the_addresses_name_the_same_routes():
    in_table = {row.route for row in TABLE}

    assert sorted(set(ROUTES) - in_table) == [], "routes without a row"
    assert sorted(in_table - set(ROUTES)) == [], "rows without a route"


@sqlite_only
def test_no_row_stands_twice_and_every_persona_has_a_column():
    names = [row.name for row in TABLE]

    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert {tuple(row.expected) for row in TABLE} == {PERSONAS}


@sqlite_only
@pytest.mark.parametrize("name", ROUTES)
def test_every_route_of_an_object_is_asked_for_owned_and_foreign_ones(name):
    """A route that takes an object has at least two owners in the table."""
    wanted = 2 if {"number", "case_id", "sha256"} & set(ROUTES[name].words) else 1
    for method in {row.method for row in TABLE if row.route == name}:
        objects = {row.object for row in TABLE if (row.route, row.method) == (name, method)}
        assert len(objects) >= wanted, (name, method, objects)


@sqlite_only
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_everybody_gets_what_the_table_says(house, row):
    method = "GET" if row.method == "any" else row.method
    of = house.objects[row.object]
    found = {
        persona: ask(house, persona, ROUTES[row.route], method, of).code for persona in PERSONAS
    }

    assert found == row.expected


def _let_in():
    """(row, persona): of each route and method the first row that lets somebody in."""
    found = {}
    for row in TABLE:
        for persona in allowed(row) if row.method != "any" else []:
            found.setdefault((row.route, row.method), (row, persona))
    return list(found.values())


@pytest.mark.parametrize(
    ("row", "persona"), _let_in(), ids=lambda each: getattr(each, "name", each)
)
def test_each_address_answers_on_both_databases(house, row, persona):
    of = house.objects[row.object]

    assert ask(house, persona, ROUTES[row.route], row.method, of).code == row.expected[persona]


@sqlite_only
@pytest.mark.parametrize("name", ROUTES)
def test_a_route_takes_the_methods_of_the_table_and_no_other(house, name):
    of = {**NOTHING, "code": "violence"}
    persona = "harborline" if is_api(name) else "nobody"
    answers = {method: ask(house, persona, ROUTES[name], method, of) for method in METHODS}

    taken = {method for method, answer in answers.items() if answer.code != "405"}
    assert taken == methods_of(name)
    for method, answer in answers.items():
        if answer.code == "405":
            said = {word.strip() for word in answer.response["Allow"].split(",")}
            assert said == methods_of(name), method


@sqlite_only
@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_head_answers_like_get(house, row):
    of = house.objects[row.object]
    for persona in {"nobody", *allowed(row)[:1], *denied(row)[:1]}:
        answer = ask(house, persona, ROUTES[row.route], "HEAD", of)
        assert answer.response.status_code == _status(row.expected[persona]), persona
        assert answer.body == ""


def _status(code: str) -> int:
    return 302 if code == "in" else int(code)


def pairs_that_could_leak():
    """(row, persona): may use the route for some object, but not see this one."""
    for name in ROUTES:
        mine = [row for row in TABLE if row.route == name and row.object != "-"]
        users = {persona for row in mine for persona in allowed(row)}
        yield from ((row, persona) for row in mine for persona in sorted(users & {*denied(row)}))


LEAKS = list(pairs_that_could_leak())


@sqlite_only
@pytest.mark.parametrize(("row", "persona"), LEAKS, ids=lambda each: getattr(each, "name", each))
def test_what_is_not_yours_looks_like_what_does_not_exist(house, row, persona):
    of = house.objects[row.object]
    foreign = ask(house, persona, ROUTES[row.route], row.method, of)
    nothing = ask(house, persona, ROUTES[row.route], row.method, {**NOTHING, "code": "violence"})

    assert (foreign.code, nothing.code) == ("404", "404")
    assert foreign.body == nothing.body
    assert _headers(foreign) == _headers(nothing)


def _headers(answer) -> dict[str, str]:
    apart = {"Request-ID", "Content-Length", "Set-Cookie"}
    return {name: value for name, value in answer.response.items() if name not in apart}


@sqlite_only
def test_the_api_answers_alike_for_foreign_and_missing_reports(house):
    for name in ("ispws-upload", "ispws-fileinfo", "ispws-finish", "ispws-retract"):
        for persona, other in (("harborline", "open-q"), ("quillnet", "open-h")):
            of = house.objects[other]
            foreign = ask(house, persona, ROUTES[name], "POST", of)
            nothing = ask(house, persona, ROUTES[name], "POST", {**of, "number": 99_999_999})
            assert foreign.code == "=5001"
            assert foreign.body == nothing.body


OTHERS = {
    "ca": "tx", "tx": "ca", "open-h": "open-q", "open-q": "open-h",
    "pub-ca": "pub-tx", "pub-tx": "pub-ca",
}  # fmt: skip


def _names_a_part(words):
    """Whether an address names a report and a part of it; a link alone names both its reports."""
    return bool(set(PARTS) & set(words)) and words[0] != "link_id"


PARTED = [
    row
    for row in TABLE
    if row.object in OTHERS and allowed(row) and _names_a_part(ROUTES[row.route].words)
]


@sqlite_only
@pytest.mark.parametrize("row", PARTED, ids=lambda row: row.name)
def test_a_part_of_another_report_is_not_found_under_ones_own(house, row):
    """My report's number with somebody else's file, link or opening."""
    other = OTHERS[row.object]
    swapped = {name: house.objects[other][name] for name in PARTS if name in house.objects[other]}
    mixed = {**house.objects[row.object], **swapped}
    for persona in allowed(row):
        if row.expected[persona] == "409":
            continue
        assert ask(house, persona, ROUTES[row.route], row.method, mixed).code == "404", persona


@sqlite_only
@pytest.mark.parametrize(("name", "found"), POSTS, ids=[name for name, _found in POSTS])
def test_a_fragment_is_given_to_nobody_who_may_not_have_the_page(house, name, found):
    for row in found:
        of = house.objects[row.object]
        for persona in {"nobody", *allowed(row)[:1], *denied(row)[:1]}:
            answer = ask(house, persona, ROUTES[name], "POST", of, htmx=True)
            wanted = row.expected[persona]
            assert answer.code in ({wanted, "200"} if wanted == "303" else {wanted})
            if wanted == "404" and not is_api(name):
                assert "<html" not in answer.body


@sqlite_only
def test_the_pane_of_the_queue_is_a_fragment_for_those_of_the_desk(house):
    for row in (row for row in TABLE if row.route == "desk:pane"):
        for persona in PERSONAS:
            of = house.objects[row.object]
            answer = ask(house, persona, ROUTES["desk:pane"], "GET", of, htmx=True)
            assert answer.code == row.expected[persona]
            assert "<html" not in answer.body


@sqlite_only
def test_views_without_the_token_against_forged_forms_are_pinned():
    exempt = {name for name, route in ROUTES.items() if route.csrf_exempt}

    assert exempt == set(CSRF_EXEMPT)


@sqlite_only
@pytest.mark.parametrize(("name", "found"), POSTS, ids=[name for name, _found in POSTS])
def test_a_form_without_its_token_is_refused(house, name, found):
    row = next(row for row in found if allowed(row))
    persona = allowed(row)[0]
    answer = ask(house, persona, ROUTES[name], "POST", house.objects[row.object], csrf=True)

    if name in CSRF_EXEMPT:
        assert answer.code == row.expected[persona]
    else:
        assert answer.code == "403"
        assert "This form is too old" in answer.body


@sqlite_only
def test_a_machine_account_opens_no_page_and_a_session_no_api(house):
    for row in TABLE:
        api = is_api(row.route)
        open_to_all = row.expected["nobody"] in {"200", "302"}
        for persona in PERSONAS:
            if api and persona not in MACHINES:
                assert row.expected[persona] == "401"
            elif not api and persona in MACHINES and not open_to_all:
                assert row.expected[persona] == ("404" if row.route in ONCE else "in")


@sqlite_only
def test_a_suspended_person_gets_no_more_than_nobody():
    for row in TABLE:
        refused = "403" if row.route in ONCE else row.expected["nobody"]  # a pass of before
        assert row.expected["sam"] == refused


@sqlite_only
def test_everybody_comes_home_to_their_own_desk(house):
    def home(persona: str) -> str:
        return ask(house, persona, ROUTES["home"], "GET", {}).response["Location"]

    assert {persona: home(persona) for persona in PERSONAS} == {
        "nobody": "/login/", "sam": "/login/", "harborline": "/login/", "quillnet": "/login/",
        "ana": "/desk/", "sofia": "/desk/", "adam": "/staff/",
        "enzo": "/esp/", "qadir": "/esp/",
        "ines": "/agency/", "tomas": "/agency/", "fay": "/agency/",
    }  # fmt: skip


@sqlite_only
def test_metrics_are_for_this_machine_only(house):
    client = house.client("adam")

    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
