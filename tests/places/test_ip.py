"""Addresses: known sites, reserved space, tunnels, shared networks, anything at all."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipline.ground.places.addresses import read_address
from tipline.ground.places.attribution import DB_IP, attribution_of
from tipline.ground.places.ip import place_of_ip, why_no_place
from tipline.ground.places.networks import Networks
from tipline.ground.places.place import NoPlace, Note, Place, Trust
from tipline.ground.places.postal import place_of_zip
from tipline.ground.places.ranges import manifest
from tipline.ground.places.shared import shared_by_many
from tipline.ground.places.special import special_purpose

addresses = st.ip_addresses()

# Fixed sites whose networks are their own: universities and the RIPE NCC.
SITES = {
    "18.9.22.69": ("US", "MA"),  # MIT
    "128.103.1.1": ("US", "MA"),  # Harvard
    "171.67.215.200": ("US", "CA"),  # Stanford
    "128.32.10.1": ("US", "CA"),  # Berkeley
    "2607:f140::1": ("US", "CA"),  # Berkeley
    "128.112.1.1": ("US", "NJ"),  # Princeton
    "141.211.243.1": ("US", "MI"),  # Michigan
    "128.83.1.1": ("US", "TX"),  # Texas at Austin
    "128.118.1.1": ("US", "PA"),  # Penn State
    "129.132.98.1": ("CH", ""),  # ETH Zurich
    "131.111.8.46": ("GB", ""),  # Cambridge
    "2001:630:212::1": ("GB", ""),  # Southampton
    "193.0.6.139": ("NL", ""),  # RIPE NCC
    "2001:67c:2e8:22::c100:68b": ("NL", ""),  # RIPE NCC
    "133.11.1.1": ("JP", ""),  # Tokyo
    "129.78.5.8": ("AU", ""),  # Sydney
    "143.107.1.1": ("BR", ""),  # Sao Paulo
}

ANYCAST = (
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "208.67.222.222",
    "198.41.0.4",
    "192.5.5.241",
    "193.0.14.129",
    "199.7.83.42",
    "2001:dc3::35",
    "2001:4860:4860::8844",
    "2606:4700:4700::1111",
    "2620:fe::9",
)

RESERVED = {
    "0.0.0.0": NoPlace.RESERVED,
    "10.0.0.1": NoPlace.PRIVATE,
    "100.64.0.1": NoPlace.CARRIER,
    "127.0.0.1": NoPlace.LOOPBACK,
    "169.254.10.10": NoPlace.LINK_LOCAL,
    "172.31.255.255": NoPlace.PRIVATE,
    "192.0.2.1": NoPlace.DOCUMENTATION,
    "192.168.1.1": NoPlace.PRIVATE,
    "198.19.0.1": NoPlace.RESERVED,
    "198.51.100.9": NoPlace.DOCUMENTATION,
    "203.0.113.7": NoPlace.DOCUMENTATION,
    "224.0.0.251": NoPlace.MULTICAST,
    "240.0.0.1": NoPlace.RESERVED,
    "255.255.255.255": NoPlace.RESERVED,
    "::": NoPlace.RESERVED,
    "::1": NoPlace.LOOPBACK,
    "::ffff:10.0.0.1": NoPlace.PRIVATE,
    "::ffff:203.0.113.7": NoPlace.DOCUMENTATION,
    "2001:db8::1": NoPlace.DOCUMENTATION,
    "3fff::1": NoPlace.DOCUMENTATION,
    "2002:a00:1::1": NoPlace.PRIVATE,
    "64:ff9b::10.0.0.1": NoPlace.PRIVATE,
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": NoPlace.DOCUMENTATION,
    "fd00::1": NoPlace.PRIVATE,
    "fe80::1%eth0": NoPlace.LINK_LOCAL,
    "ff02::1": NoPlace.MULTICAST,
    "5000::1": NoPlace.UNALLOCATED,
}


def where(text):
    place = place_of_ip(text, possible_proxy=None)
    return place and (place.country, place.state)


@pytest.mark.parametrize(("text", "expected"), SITES.items())
def test_fixed_sites_are_where_they_are(text, expected):
    place = place_of_ip(text, possible_proxy=None)
    assert place is not None
    assert (place.country, place.state) == expected
    assert place.trust is place.country_trust is Trust.MEDIUM
    assert place.note is Note.NONE
    assert place.source == f"ip:DB-IP City Lite {manifest()['month']}"
    assert attribution_of(place) == DB_IP
    assert why_no_place(text) is None


@pytest.mark.parametrize("text", ANYCAST)
def test_anycast_is_low_and_names_no_state(text):
    place = place_of_ip(text, possible_proxy=False)
    assert place is not None
    assert place.note is Note.ANYCAST
    assert place.state == ""
    assert place.trust is place.country_trust is Trust.LOW


@pytest.mark.parametrize("text", ["104.28.1.1", "146.75.166.94", "172.225.79.128", "2a09:bac2::1"])
def test_privacy_relays_are_low(text):
    place = place_of_ip(text, possible_proxy=None)
    assert place is not None
    assert (place.note, place.trust) == (Note.RELAY, Trust.LOW)


def test_a_possible_proxy_is_low_and_keeps_its_state():
    place = place_of_ip("18.9.22.69", possible_proxy=True)
    assert place is not None
    assert (place.country, place.state) == ("US", "MA")
    assert place.trust is place.country_trust is Trust.LOW
    assert place.note is Note.PROXY


def test_no_proxy_and_not_told_are_the_same():
    told = place_of_ip("18.9.22.69", possible_proxy=False)
    assert told == place_of_ip("18.9.22.69", possible_proxy=None)


def test_a_territory_is_a_state():
    assert where("66.50.1.1") == ("US", "PR")


@pytest.mark.parametrize(("text", "why"), RESERVED.items())
def test_reserved_addresses_have_no_place(text, why):
    assert place_of_ip(text, possible_proxy=None) is None
    assert why_no_place(text) is why


@pytest.mark.parametrize("text", ["2420::1", "2a1f::1", "240d:4800::1", "2804:9919::1", "2000::1"])
def test_space_that_nobody_holds_is_not_filled_with_a_guess(text):
    assert place_of_ip(text, possible_proxy=None) is None
    assert why_no_place(text) is NoPlace.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        " 18.9.22.69\n",
        "18.9.22.69:443",
        "::ffff:18.9.22.69",
        "::FFFF:1209:1645",
        "[::ffff:18.9.22.69]",
        "[::ffff:18.9.22.69]:443",
    ],
)
def test_other_ways_to_write_an_address(text):
    assert place_of_ip(text, possible_proxy=None) == place_of_ip("18.9.22.69", possible_proxy=None)


@pytest.mark.parametrize(
    "text", ["2002:1209:1645::1", "64:ff9b::1209:1645", "2001:0:4136:e378:8000:63bf:edf6:e9ba"]
)
def test_a_tunnelled_address_is_where_it_comes_from_at_low_trust(text):
    place = place_of_ip(text, possible_proxy=None)
    assert place is not None
    assert (place.country, place.state) == ("US", "MA")
    assert (place.trust, place.note) == (Trust.LOW, Note.TUNNEL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "unknown",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.4/24",
        "٣.٣.٣.٣",
        "8.8.8.8, 9.9.9.9",
        "[]",
        "[1",
        "::g",
        "01.2.3.4",
        "1" * 5000,
        ":" * 50,
        None,
        134744072,
        b"8.8.8.8",
    ],
)
def test_what_is_no_address(text):
    assert read_address(text) is None
    assert place_of_ip(text, possible_proxy=True) is None
    assert why_no_place(text) is NoPlace.MALFORMED


@given(st.text(), st.sampled_from([None, True, False]))
@example("1.2.3.4:" + "9" * 5, None)
@example("[fe80::1%]", None)
def test_any_text_is_read_or_refused(text, proxy):
    place = place_of_ip(text, possible_proxy=proxy)
    assert (place is None) == (why_no_place(text) is not None)


@given(st.text(alphabet="0123456789abcdefABCDEF:.[]%/ \x00", max_size=45))
def test_text_that_looks_like_an_address(text):
    place = place_of_ip(text, possible_proxy=None)
    assert (place is None) == (why_no_place(text) is not None)


@given(addresses)
def test_every_address_has_a_sound_place_or_a_reason(address):
    place = place_of_ip(str(address), possible_proxy=None)
    if place is None:
        assert why_no_place(str(address)) is not None
    else:
        assert place.trust <= Trust.MEDIUM
        assert (place.trust is Trust.LOW) == (place.note is not Note.NONE)
        assert place_of_ip(str(address), possible_proxy=True).trust is Trust.LOW


@given(addresses)
def test_a_proxy_flag_never_moves_a_place(address):
    plain = place_of_ip(str(address), possible_proxy=None)
    flagged = place_of_ip(str(address), possible_proxy=True)
    if plain is None or flagged is None:
        assert plain is flagged is None
    else:
        assert (plain.country, plain.state) == (flagged.country, flagged.state)
        assert flagged.trust <= plain.trust


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_its_ipv4_address(address):
    mapped = place_of_ip(f"::ffff:{address}", possible_proxy=None)
    assert mapped == place_of_ip(str(address), possible_proxy=None)


@given(addresses)
def test_private_and_multicast_addresses_of_the_library_never_have_a_place(address):
    carries_ipv4 = address.version == 6 and read_address(str(address)).address != address
    if (address.is_private or address.is_multicast) and not carries_ipv4:
        assert special_purpose(address) is not None
        assert place_of_ip(str(address), possible_proxy=None) is None


@pytest.mark.parametrize(
    "network",
    [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "192.0.2.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001:db8::/32",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ],
)
def test_reserved_networks_have_no_place_from_end_to_end(network):
    held = ipaddress.ip_network(network)
    for offset in (0, 1, held.num_addresses // 2, held.num_addresses - 1):
        assert place_of_ip(str(held[0] + offset), possible_proxy=None) is None


def test_the_published_networks_end_where_they_end():
    assert shared_by_many(ipaddress.ip_address("104.27.255.255")) is Note.ANYCAST
    assert shared_by_many(ipaddress.ip_address("104.28.0.0")) is Note.RELAY
    assert shared_by_many(ipaddress.ip_address("104.32.0.0")) is Note.NONE
    assert shared_by_many(ipaddress.ip_address("9.9.10.0")) is Note.NONE
    assert shared_by_many(ipaddress.ip_address("2620:fe:1::")) is Note.NONE


def test_overlapping_networks_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        Networks({"a": ["10.0.0.0/8"], "b": ["10.1.0.0/16"]})


@given(st.ip_addresses(v=4), st.integers(8, 30))
def test_a_network_holds_exactly_its_addresses(address, size):
    network = ipaddress.ip_network(f"{address}/{size}", strict=False)
    table = Networks({"in": [str(network)]})
    assert table.label_of(network[0]) == table.label_of(network[-1]) == "in"
    for outside in (int(network[0]) - 1, int(network[-1]) + 1):
        if 0 <= outside < 2**32:
            assert table.label_of(ipaddress.IPv4Address(outside)) is None


def test_only_places_of_addresses_need_the_link():
    assert attribution_of(None) is None
    assert attribution_of(place_of_zip("77429")) is None
    assert DB_IP.url == "https://db-ip.com/"
    assert DB_IP.text == "IP Geolocation by DB-IP"


def test_a_place_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="surer"):
        Place(country="US", trust=Trust.HIGH, country_trust=Trust.LOW, source="ip:x")
    with pytest.raises(ValueError, match="United States"):
        Place(country="DE", state="TX", trust=Trust.LOW, country_trust=Trust.LOW, source="ip:x")
