"""Figures: what draws found, what bundles spare, what lists recognise, which links are right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.desk.shown_blind_looks import agreement_table, look_count_facts
from tipline.doors.portals.desk.shown_draws import figure_facts, too_low_series, too_low_table
from tipline.doors.portals.desk.shown_link_figures import band_table, judged_facts, level_table
from tipline.doors.portals.desk.shown_lists import recognised_facts, recognised_table
from tipline.doors.portals.desk.shown_seconds import figure_facts as link_figure_facts
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation.looks.queries import MOST_PAIRS, agreements, counts
from tipline.insight.entities.judging.queries_precision import MOST as MOST_JUDGED
from tipline.insight.entities.judging.queries_precision import precision_of_judged
from tipline.insight.entities.judging.queries_seconds import figures as link_figures
from tipline.insight.lists.queries import files_known_by_lists, files_on_lists, looks_saved
from tipline.insight.triage.draws.queries import figures


@page(Permission.FIGURES_READ)
def figures_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How often a look by chance finds a report ranked too low, and which looks are saved."""
    found = figures(actor)
    series = too_low_series(found)
    links = precision_of_judged(actor)
    context = {
        "current": "figures",
        "facts": figure_facts(found),
        "looked": any(one.points for one in series),
        "series": series,
        "table": too_low_table(found),
        "look_facts": look_count_facts(counts()),
        "look_table": agreement_table(agreements(actor)),
        "most_pairs": MOST_PAIRS,
        "link_facts": judged_facts(links),
        "link_levels": level_table(links),
        "link_bands": band_table(links),
        "most_judged": MOST_JUDGED,
        "link_twice": link_figure_facts(link_figures(actor)),
        "list_facts": recognised_facts(files_known_by_lists(), looks_saved()),
        "list_table": recognised_table(files_on_lists()),
    }
    return show(request, actor, "desk/figures.html", context)
