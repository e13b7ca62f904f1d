"""Pages of a list as another server might write them: by hand, from the reference page."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

NS = "https://hashsharing.ncmec.org/hashsharing/v2"


def page(images="", videos="", link="", *, namespace=True) -> bytes:
    lists = "".join(
        f'<{name} count="1" maxTimestamp="2026-11-28T12:00:00Z">{rows}</{name}>'
        for name, rows in (("images", images), ("videos", videos))
        if rows
    )
    paging = f"<paging><next>{escape(link)}</next></paging>" if link else ""
    space = f' xmlns="{NS}"' if namespace else ""
    return f"<queryResult{space}>{lists}{paging}</queryResult>".encode()


def entry(
    key="e1", kind="image", owner=7, name="A & B", parts="<md5>" + "a" * 32 + "</md5>", **more
):
    classification = more.get("classification", "A1")
    return (
        f"<{kind}>{head(key, owner, name)}<classification>{classification}</classification>"
        f"<fingerprints>{parts}</fingerprints>{more.get('feedback', '')}</{kind}>"
    )


def head(key, owner=7, name="A & B") -> str:
    member = f"<member id={quoteattr(str(owner))}>{escape(name)}</member>"
    return f"{member}<timestamp>2026-11-28T12:00:00Z</timestamp><id>{escape(key)}</id>"


def gone(key="e1", kind="deletedImage", owner=7) -> str:
    return f"<{kind}>{head(key, owner)}</{kind}>"


def yes(kind, *members) -> str:
    return f'<affirmativeFeedback type="{kind}">{_members(members)}</affirmativeFeedback>'


def no(kind, *pairs) -> str:
    """``pairs``: (guid, name of the reason, members)."""
    told = "".join(
        f'<reason guid="{guid}" name={quoteattr(name)} type="{kind}"/>{_members(members)}'
        for guid, name, members in pairs
    )
    return f'<negativeFeedback type="{kind}"><reasons>{told}</reasons></negativeFeedback>'


def _members(members) -> str:
    rows = "".join(f'<member id="{number}">Member {number}</member>' for number in members)
    return f"<members>{rows}</members>"


def feedback(*parts) -> str:
    return f"<feedback>{''.join(parts)}</feedback>"
