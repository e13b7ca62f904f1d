"""Every command, in the order of a deployment's life."""

from __future__ import annotations

from typing import Annotated

import typer

from tipline.doors.terminal import (
    accounts,
    books,
    check,
    exchange,
    keys,
    links,
    links_model,
    lists,
    policy,
    policy_learn,
    running,
    vault,
)

app = typer.Typer(
    name="tipline",
    help="A clearinghouse for reports of online child sexual exploitation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(running.serve)
app.command()(running.worker)
app.command()(books.books)
app.command()(check.check)

esp = typer.Typer(help="Electronic service providers.", no_args_is_help=True)
esp.command("add")(accounts.esp_add)
app.add_typer(esp, name="esp")

agency = typer.Typer(help="Law-enforcement agencies.", no_args_is_help=True)
agency.command("add")(accounts.agency_add)
app.add_typer(agency, name="agency")

user = typer.Typer(help="People who sign in.", no_args_is_help=True)
user.command("add")(accounts.user_add)
app.add_typer(user, name="user")

audit = typer.Typer(help="The ledger.", no_args_is_help=True)
audit.command("verify")(books.audit_verify)
audit.command("head")(books.audit_head)
app.add_typer(audit, name="audit")

policies = typer.Typer(help="The triage policy.", no_args_is_help=True)
policies.command("show")(policy.policy_show)
policies.command("check")(policy.policy_check)
policies.command("propose")(policy.policy_propose)
policies.command("try")(policy.policy_try)
policies.command("learn")(policy_learn.policy_learn)
app.add_typer(policies, name="policy")

known = typer.Typer(help="Lists of known content.", no_args_is_help=True)
known.command("list")(lists.lists_list)
known.command("add")(lists.lists_add)
known.command("policy")(lists.lists_policy)
known.command("import")(lists.lists_import)
known.command("export")(lists.lists_export)
known.command("series")(lists.lists_series)
known.command("audit")(lists.lists_audit)
app.add_typer(known, name="lists")

master_keys = typer.Typer(help="Master keys.", no_args_is_help=True)
master_keys.command("status")(keys.keys_status)
master_keys.command("prepare")(keys.keys_prepare)
master_keys.command("rotate")(keys.keys_rotate)
master_keys.command("retire")(keys.keys_retire)
app.add_typer(master_keys, name="keys")

evidence_vault = typer.Typer(help="The store of evidence.", no_args_is_help=True)
evidence_vault.callback()(lambda: None)  # one command so far, and it keeps its name
evidence_vault.command("check")(vault.vault_check)
app.add_typer(evidence_vault, name="vault")

ties = typer.Typer(help="Links between reports.", no_args_is_help=True)
ties.command("again")(links.links_again)
ties.command("freeze")(links_model.links_freeze)
ties.command("train")(links_model.links_train)
ties.command("propose")(links_model.links_propose)
app.add_typer(ties, name="links")

shared = typer.Typer(help="The hash exchange.", no_args_is_help=True)
shared.command("add")(exchange.exchange_add)
shared.command("pull")(exchange.exchange_pull)
shared.command("status")(exchange.exchange_status)
shared.command("switch")(exchange.exchange_switch)
sharers = typer.Typer(help="Who may pull from us.", no_args_is_help=True)
sharers.command("add")(exchange.member_add)
sharers.command("grant")(exchange.member_grant)
sharers.command("withdraw")(exchange.member_withdraw)
sharers.command("switch")(exchange.member_switch)
shared.add_typer(sharers, name="member")
app.add_typer(shared, name="exchange")

jobs = typer.Typer(help="Work that waits or failed.", no_args_is_help=True)
jobs.command("list")(books.jobs_list)
jobs.command("requeue")(books.jobs_requeue)
app.add_typer(jobs, name="jobs")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def simulate(context: typer.Context) -> None:
    """Drive any instance with synthetic reports (see `simulate --help`)."""
    from simulator.commands import main  # noqa: PLC0415 - only this command needs it

    raise typer.Exit(main(context.args))


@app.command()
def demo(
    reports: Annotated[int, typer.Option(min=1, max=100_000, help="How many reports.")] = 200,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End when all is ranked.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the sums as JSON.")] = False,
) -> None:
    """A fresh store, synthetic reports sent over HTTP, the ranked queue; then serve."""
    from tipline.doors.terminal.demo import run_demo  # noqa: PLC0415 - loads the simulator

    run_demo(reports=reports, port=port, no_serve=no_serve, as_json=as_json)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure side by side with peers: `bench NAME [--json]` (see `bench NAME --help`)."""
    from tipline.doors.terminal.bench import run_bench  # noqa: PLC0415 - this command only

    raise typer.Exit(run_bench(context.args))


@app.command()
def load(
    reports: Annotated[int, typer.Option(min=1, max=20_000_000, help="How many reports.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same reports.")] = 1,
    pack: Annotated[
        int, typer.Option(min=1, max=10_000, help="Reports that are read, not copied.")
    ] = 1000,
) -> None:
    """Fill a store of its own in bulk with synthetic reports, for tests of size."""
    from tipline.doors.terminal.loading import run_load  # noqa: PLC0415 - loads the simulator

    run_load(reports=reports, seed=seed, pack=pack)


@app.command()
def prove(
    rows: Annotated[
        list[str] | None, typer.Argument(metavar="ROW…", help="Which promises; all when absent.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="At the size of the suite.")] = False,
    dirty: Annotated[
        bool, typer.Option("--dirty", help="Although the tree differs from its commit.")
    ] = False,
) -> None:
    """Run the long proofs behind the promises; a dated report goes to TIPLINE_HOME/prove."""
    from tipline.doors.terminal.prove import run_prove  # noqa: PLC0415 - this command only

    run_prove(rows or [], quick=quick, dirty=dirty)


def run() -> None:
    app(prog_name="tipline")
