"""How the books know a body: the plain digest for senders, a keyed one at the public's doors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.record.intake.rules import body_digest
from tipline.record.reports.doors import PUBLIC_DOORS, Door

KEY, OTHER = b"k" * 32, b"o" * 32
DOORS = st.sampled_from(list(Door))


@given(DOORS, st.binary(max_size=50), st.binary(max_size=50))
def test_equal_bodies_have_equal_digests_and_others_others(door, one, other):
    assert (body_digest(door, one, KEY) == body_digest(door, other, KEY)) == (one == other)
    assert len(body_digest(door, one, KEY)) == 64


@pytest.mark.parametrize("door", sorted(Door))
def test_without_its_key_nobody_can_try_what_a_member_of_the_public_told(door):
    told = b'{"phone": "+1 559 555 0188"}'
    plain = hashlib.sha256(told).hexdigest()
    found = {body_digest(door, told, KEY), body_digest(door, told, OTHER)}

    if door in PUBLIC_DOORS:
        assert len(found) == 2
        assert plain not in found
    else:
        assert found == {plain}
