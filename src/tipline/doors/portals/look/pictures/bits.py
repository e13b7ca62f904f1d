"""Evidence as a waterfall of bits: each bar adds to the one before, in the order that is given."""

from __future__ import annotations

from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Weighed
from tipline.doors.portals.look.pictures.waterfall import Layout, Line, Step, draw

#: Bits are drawn as whole tenths.
_TENTHS = 10


def in_bits(bits: float) -> str:
    """``+14.1``, ``-2.0`` (with a real minus), ``0.0``."""
    written = f"{abs(bits):.1f}"
    sign = "" if float(written) == 0 else "+" if bits > 0 else "\N{MINUS SIGN}"
    return f"{sign}{written}"


def bits(title: str, weighed: Weighed, *, layout: Layout = "stacked") -> SafeString:
    """The picture: hollow bars lower, filled ones raise; the sum at the end, the line across."""
    sums = [0.0, *accumulate(weight.bits for weight in weighed.weights)]
    steps = [
        Step(
            str(weight.label),
            _tenths(start),
            _tenths(end) - _tenths(start),
            weight.source,
            in_bits(weight.bits),
        )
        for weight, start, end in zip(weighed.weights, sums, sums[1:], strict=False)
    ]
    last = Step(str(weighed.total_label), 0, _tenths(sums[-1]), "", in_bits(sums[-1]))
    line = Line(_tenths(weighed.line[0]), str(weighed.line[1])) if weighed.line else None
    return draw(title, steps, last, unit=_("bits"), layout=layout, line=line)


def _tenths(value: float) -> int:
    return round(value * _TENTHS)
