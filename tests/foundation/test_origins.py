"""Origins are compared as browsers do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.origins import Origin, answers_at, origin_of, second_name

HOSTS = st.sampled_from(["127.0.0.1", "localhost", "[::1]", "tips.example.org"])
ADDRESSES = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    HOSTS,
    st.sampled_from(["", ":80", ":443", ":8000"]),
)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Tips.Example.org", Origin("https", "tips.example.org", 443)),
        ("http://[::1]:8000", Origin("http", "::1", 8000)),
        ("http://tips.example.org:99999", None),
        ("http://[tips", None),
        ("null", None),
        ("", None),
        ("file:///etc", None),
    ],
)
def test_an_origin_is_scheme_host_and_port(address, origin):
    assert origin_of(address) == origin


@given(ADDRESSES)
def test_an_address_answers_to_its_own_host_and_a_second_name_to_another(address):
    host, other = (each.partition("://")[2] for each in (address, second_name(address)))
    local = origin_of(address).host != "tips.example.org"

    assert answers_at(address, host)
    assert answers_at(address, host.upper())
    assert answers_at(second_name(address), host) is not local
    assert origin_of(second_name(address)).port == origin_of(address).port
    assert not answers_at(address, f"x.{other}")
