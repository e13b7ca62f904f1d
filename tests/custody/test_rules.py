"""The key file's text: what it may say, what is refused and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation import rules_keyring as rules
from tipline.ground.foundation.rules_keyring import BadKeyFile, Ring, master, parse, render

A, B, C = (letter * 64 for letter in "abc")
SECRETS = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=6, unique=True)


@given(SECRETS, st.booleans())
def test_what_is_written_is_what_is_read(secrets, waits):
    masters = [master(secret) for secret in secrets]
    waiting = masters.pop() if waits and len(masters) > 1 else None
    ring = Ring(masters[0], tuple(masters[1:]), waiting)
    assert parse(render(ring)) == ring
    assert len({one.ident for one in ring.masters}) == len(secrets)


@given(SECRETS, st.lists(st.sampled_from(["prepare", "rotate", "retire"]), max_size=12), st.data())
def test_no_step_loses_a_key_but_the_one_it_is_told_to(secrets, steps, data):
    ring = Ring(master(secrets[0]))
    known = set(ring.masters)
    for step in steps:
        fresh = data.draw(st.binary(min_size=32, max_size=32))
        if master(fresh) in known:
            continue
        before = ring
        if step == "prepare":
            ring = rules.prepared(ring, fresh)
            assert (ring.current, ring.older) == (before.current, before.older)
        elif step == "rotate":
            ring = rules.rotated(ring, fresh)
            assert ring.current == (before.next or master(fresh))
            assert ring.older[0] == before.current
        elif len(ring.masters) > 1:
            victim = data.draw(st.sampled_from(ring.masters[1:]))
            ring = rules.without(ring, victim.ident)
            known.discard(victim)
        known |= set(ring.masters)
        assert set(ring.masters) == known
        assert parse(render(ring)) == ring


def test_one_bare_line_is_what_it_has_always_been():
    assert parse(f"{A}\n") == parse(f" {A} ") == Ring(master(bytes.fromhex(A)))
    assert render(parse(A)) == f"{A}\n"


def test_order_remarks_and_the_word_next():
    ring = parse(f"# of 2026\n\n{A}  # in use\n{B} next\n{C.upper()}\n")
    assert [one.secret.hex() for one in ring.masters] == [A, C, B]
    assert ring.next == master(bytes.fromhex(B))
    assert ring.find(ring.older[0].ident) == ring.older[0]
    assert ring.find("000000000000") is None


def test_a_key_shows_itself_nowhere():
    ring = parse(f"{A}\n{B}\n")
    assert A not in repr(ring)
    assert str(bytes.fromhex(A)) not in repr(ring)
    assert A[:12] != ring.current.ident


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must hold exactly 64 hex characters on a line"),
        ("# nothing\n", "must hold exactly 64 hex characters on a line"),
        (f"{A} next\n", "must hold exactly 64 hex characters on a line"),
        (f"{A}\n{B[:-1]}\n", "on line 2"),
        (f"{A}\nx{B[1:]}\n", "on line 2"),
        (f"{A} later\n", "on line 1"),
        (f"{A} next next\n", "on line 1"),
        (f"{A}\n{B} next\n{C} next\n", "marks 2 keys with the word next"),
        (f"{A}\n{A}\n", "the same key twice"),
        (f"{A}\n{A} next\n", "the same key twice"),
        (f"{A}{B}\n", "on line 1"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text, words):
    with pytest.raises(BadKeyFile, match=words) as refused:
        parse(text)
    assert A[:20] not in str(refused.value)


def test_the_key_in_use_cannot_be_taken_out():
    ring = parse(f"{A}\n{B}\n")
    with pytest.raises(ValueError, match="in use"):
        rules.without(ring, ring.current.ident)
