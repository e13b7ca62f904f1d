from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from lxml import etree
from tests.simulator.fake_instance import ACCOUNT, FakeInstance

from simulator.commands import main
from simulator.planning.plan import plan
from simulator.wire.caller import Caller, CallLog, RefusedError, UnreachableError
from simulator.wire.connections import Call, Connections, Credential, TargetError
from simulator.wire.driver import AccountError, Accounts, drive
from simulator.wire.responses import AnswerDefectError, done_response, report_response
from simulator.world.profiles import DEMO, Endings, Files

CREDENTIAL = Credential(*ACCOUNT)
QUICK = replace(DEMO, files=replace(DEMO.files, large=0.0), esps=0)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("simulator.wire.caller._FIRST_PAUSE", 0.0)


def sent(instance, reports, profile=QUICK, seed=4, **options):
    """Drive a plan at the instance; the summary and what was delivered, in order."""
    delivered = []
    summary = drive(
        plan(seed, reports, profile),
        Connections(instance.url),
        Accounts(for_all=CREDENTIAL),
        delivered.append,
        **options,
    )
    return summary, delivered


class TestWholeReports:
    def test_everything_arrives_as_planned(self):
        with FakeInstance() as instance:
            summary, delivered = sent(instance, 40)
        assert summary.outcomes == {"finished": 40}
        assert [one.planned.number for one in delivered] == list(range(40))
        for one in delivered:
            kept = instance.reports[int(one.report_number)]
            assert kept["state"] == "finished"
            assert kept["xml"].decode() == one.planned.xml()
            assert {hashlib.sha256(data).hexdigest() for data in kept["files"].values()} == {
                file.sha256 for file in one.files
            }
            assert len(kept["files"]) == len(one.planned.files)
            assert len(kept["details"]) == sum(file.described for file in one.planned.files)

    def test_endings_other_than_finish(self):
        profile = replace(QUICK, endings=Endings(retracted=0.25, abandoned=0.25))
        with FakeInstance() as instance:
            summary, delivered = sent(instance, 20, profile)
        assert summary.outcomes == {"finished": 10, "retracted": 5, "abandoned": 5}
        states = {one.outcome: set() for one in delivered}
        for one in delivered:
            states[one.outcome].add(instance.reports[int(one.report_number)]["state"])
        assert states == {
            "finished": {"finished"},
            "retracted": {"retracted"},
            "abandoned": {"open"},
        }

    def test_wire_habits_differ_as_between_real_clients(self):
        with FakeInstance() as instance:
            sent(instance, 70, replace(QUICK, esps=12), seed=8)
        kinds = {
            (path, headers["Content-Type"].split(";")[0]) for path, headers, _ in instance.seen
        }
        assert {
            ("submit", "text/plain"),
            ("submit", "text/xml"),
            ("submit", "application/xml"),
        } <= kinds
        assert ("finish", "multipart/form-data") in kinds
        assert ("finish", "application/x-www-form-urlencoded") in kinds
        uploads = [(headers, body) for path, headers, body in instance.seen if path == "upload"]
        assert any(headers.get("Transfer-Encoding") == "chunked" for headers, _ in uploads)
        assert any("Content-Length" in headers for headers, _ in uploads)
        assert any(body.find(b'name="file"') < body.find(b'name="id"') for _, body in uploads)
        assert any(b"filename=" not in body.split(b"\r\n\r\n")[1] for _, body in uploads)
        assert any(b"\xd1\x81\xd0\xbd" in body for _, body in uploads)  # a name in raw UTF-8
        openings = {body[:20] for path, _, body in instance.seen if path == "submit"}
        assert {
            b"<?xml version='1.0' ",
            b'<?xml version="1.0" ',
            b"<report><incidentSum",
        } <= openings
        assert any(opening.startswith(b"\xef\xbb\xbf") for opening in openings)

    def test_details_name_the_report_and_the_file(self):
        with FakeInstance() as instance:
            _, delivered = sent(instance, 12)
        checked = 0
        for one in delivered:
            for file_id, document in instance.reports[int(one.report_number)]["details"].items():
                root = etree.fromstring(document)
                assert root.findtext("reportId") == one.report_number
                data = instance.reports[int(one.report_number)]["files"][file_id]
                for found in root.findall("originalFileHash"):
                    made = hashlib.new(found.get("hashType").lower(), data).hexdigest()
                    assert found.text == made
                    checked += 1
        assert checked


class TestTrouble:
    def test_a_dropped_connection_is_tried_again_and_told(self):
        with FakeInstance({"submit": ["drop"], "upload": ["drop"]}) as instance:
            summary, delivered = sent(instance, 6)
        assert summary.outcomes == {"finished": 6}
        assert summary.retries == 2
        assert sorted(name for one in delivered for name in one.resent) == ["submit", "upload"]

    def test_a_lost_answer_to_finish_counts_as_finished(self):
        with FakeInstance({"finish": ["drop-after"]}) as instance:
            summary, delivered = sent(instance, 3)
        assert summary.outcomes == {"finished": 3}
        assert instance.requests["finish"] == 4
        assert [name for one in delivered for name in one.resent] == ["finish"]

    def test_a_lost_answer_to_upload_may_leave_a_second_copy(self):
        profile = replace(QUICK, files=replace(Files(), per_report=3.0, large=0.0))
        with FakeInstance({"upload": ["drop-after"]}) as instance:
            summary, delivered = sent(instance, 4, profile)
        assert summary.outcomes == {"finished": 4}
        kept = sum(len(report["files"]) for report in instance.reports.values())
        assert kept == sum(len(one.files) for one in delivered) + 1
        assert [name for one in delivered for name in one.resent] == ["upload"]

    def test_a_lost_answer_to_submit_may_leave_an_open_report(self):
        with FakeInstance({"submit": ["drop-after"]}) as instance:
            summary, _ = sent(instance, 3)
        assert summary.outcomes == {"finished": 3}
        assert len(instance.reports) == 4
        assert sum(report["state"] == "open" for report in instance.reports.values()) == 1

    def test_a_busy_instance_is_asked_again(self):
        faults = {"submit": ["http-503", 1000], "upload": [1110]}
        with FakeInstance(faults) as instance:
            summary, _ = sent(instance, 5)
        assert summary.outcomes == {"finished": 5}
        assert (summary.retries, summary.resent) == (3, 0)

    def test_a_refusal_is_final_and_named(self):
        with FakeInstance({"submit": [4100], "finish": [5001]}) as instance:
            summary, delivered = sent(instance, 4, workers=1)
        assert instance.requests["submit"] == 4
        assert summary.outcomes == {"finished": 2, "refused": 1, "defect": 1}
        refused = next(one for one in delivered if one.outcome == "refused")
        assert (refused.code, refused.description) == (4100, "submit: 4100 no")
        assert any("reportDoneResponse" in trouble for trouble in summary.troubles)

    def test_an_unreadable_answer_is_a_defect_of_the_instance(self):
        with FakeInstance({"fileinfo": ["garbled"]}) as instance:
            summary, _ = sent(instance, 6)
        assert summary.outcomes["defect"] == 1
        assert summary.outcomes["finished"] == 5

    def test_an_instance_that_never_answers_fails_the_report(self):
        with FakeInstance({"submit": ["drop"] * 6}) as instance:
            summary, _ = sent(instance, 1)
        assert summary.outcomes == {"failed": 1}

    def test_finishing_twice_without_a_loss_is_refused(self):
        with FakeInstance() as instance:
            _, delivered = sent(instance, 1)
            connections = Connections(instance.url)
            call = Call(
                "finish",
                (("Content-Type", "application/x-www-form-urlencoded"),),
                f"id={delivered[0].report_number}".encode(),
            )
            with pytest.raises(RefusedError) as refusal:
                Caller(connections).perform(call, CREDENTIAL, CallLog())
            connections.close()
        assert refusal.value.code == 5102

    def test_nobody_listens(self):
        connections = Connections("http://127.0.0.1:9")
        with pytest.raises(UnreachableError):
            Caller(connections).perform(Call("status"), CREDENTIAL, CallLog())
        connections.close()

    def test_a_sender_without_account_stops_the_drive(self):
        with FakeInstance() as instance, pytest.raises(AccountError, match="Harborline"):
            drive(
                plan(1, 10, DEMO),
                Connections(instance.url),
                Accounts({"Lumenroll": CREDENTIAL}),
            )

    @pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "http://"])
    def test_an_address_that_is_none(self, url):
        with pytest.raises(TargetError):
            Connections(url)


class TestAnswers:
    """The reader is as strict as the strictest real client."""

    def test_reads_what_the_api_promises(self):
        body = (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><reportResponse>'
            b"<responseCode>0</responseCode><responseDescription>A &amp; B</responseDescription>"
            b"<reportId>7</reportId><fileId>ab</fileId><hash>00</hash></reportResponse>"
        )
        answer = report_response(body)
        assert (answer.code, answer.description) == (0, "A & B")
        assert (answer.report_id, answer.file_id, answer.digest) == ("7", "ab", "00")

    @pytest.mark.parametrize("files", ["<files/>", "<files></files>", "<files />"])
    def test_a_report_without_files_is_done(self, files):
        body = f"<responseCode>0</responseCode><reportId>7</reportId>{files}"
        answer = done_response(f"<reportDoneResponse>{body}</reportDoneResponse>".encode())
        assert answer.files == ()

    @pytest.mark.parametrize(
        "inside",
        [
            "",
            "<responseCode>0</responseCode>",
            "<responseCode>0</responseCode><responseDescription/><reportId>1</reportId>",
            "<responseDescription>x</responseDescription><responseCode>0</responseCode>",
            "<responseCode>0</responseCode><responseDescription>x</responseDescription>",
            (
                "<responseCode>x</responseCode><responseDescription>x</responseDescription>"
                "<reportId>1</reportId>"
            ),
            (
                "<responseCode>0</responseCode><responseDescription>x</responseDescription>"
                "<reportId>9007199254740992</reportId>"
            ),
            (
                "<responseCode>0</responseCode><responseDescription>x</responseDescription>"
                "<reportId>1</reportId><extra>1</extra>"
            ),
            "<responseCode a='1'>0</responseCode>",
        ],
    )
    def test_refuses_what_a_strict_client_could_not_read(self, inside):
        with pytest.raises(AnswerDefectError):
            report_response(f"<reportResponse>{inside}</reportResponse>".encode())

    @pytest.mark.parametrize(
        "body",
        [
            b"<reportResponse><responseCode>5001</responseCode></reportResponse>",
            b'<reportDoneResponse xmlns="x"></reportDoneResponse>',
            b"<reportDoneResponse><responseCode>0</responseCode></reportDoneResponse>",
            (
                b"<reportDoneResponse><responseCode>0</responseCode><responseDescription>x"
                b"</responseDescription><reportId>1</reportId><files/></reportDoneResponse>"
            ),
            (
                b"<reportDoneResponse><responseCode>0</responseCode><reportId>1</reportId>"
                b"<files><fileId/></files></reportDoneResponse>"
            ),
            b"\xff\xfe",
        ],
    )
    def test_refuses_another_done_response(self, body):
        with pytest.raises(AnswerDefectError):
            done_response(body)


class TestCommand:
    def test_writes_the_truth_line_by_line(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("SIMULATOR_ESP_PASSWORD", ACCOUNT[1])
        truth = tmp_path / "truth.jsonl"
        with FakeInstance() as instance:
            code = main(
                [
                    "--reports",
                    "12",
                    "--seed",
                    "4",
                    "--profile",
                    "demo",
                    "--to",
                    instance.url,
                    "--esp",
                    ACCOUNT[0],
                    "--truth",
                    str(truth),
                ]
            )
        printed = capsys.readouterr()
        assert code == 0
        assert json.loads(printed.out.splitlines()[-1])["outcomes"] == {"finished": 12}
        assert "sent 12 of 12" in printed.err
        lines = [json.loads(line) for line in truth.read_text().splitlines()]
        assert [line["report"] for line in lines] == list(range(12))
        for line in lines:
            kept = instance.reports[int(line["report_number"])]
            assert {file["file_id"] for file in line["files"]} == set(kept["files"])

    def test_one_account_for_each_sender(self, tmp_path, capsys):
        main(["--list-esps"])
        senders = json.loads(capsys.readouterr().out)
        accounts = {
            sender["name"]: {"username": ACCOUNT[0], "password": ACCOUNT[1]} for sender in senders
        }
        file = tmp_path / "accounts.json"
        file.write_text(json.dumps(accounts))
        with FakeInstance() as instance:
            code = main(["--reports", "3", "--to", instance.url, "--accounts", str(file)])
        assert code == 0
        assert instance.requests["status"] == 1
        assert instance.requests["finish"] == 3

    def test_a_wrong_password_stops_before_anything_is_sent(self, tmp_path, capsys):
        password = tmp_path / "password"
        password.write_text("wrong\n")
        with FakeInstance() as instance:
            code = main(
                [
                    "--reports",
                    "3",
                    "--to",
                    instance.url,
                    "--esp",
                    ACCOUNT[0],
                    "--password-file",
                    str(password),
                ]
            )
        assert code == 1
        assert "not accepted" in capsys.readouterr().err
        assert instance.requests["submit"] == 0

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--esp", "a"], "Give --to"),
            (["--to", "http://127.0.0.1:9"], "Give --esp"),
            (["--to", "http://127.0.0.1:9", "--esp", "a"], "SIMULATOR_ESP_PASSWORD"),
            (["--to", "x", "--esp", "a", "--password-file", "/nowhere/x"], "cannot be read"),
            (["--profile", "nothing"], "no profile"),
            (["--until", "soon"], "ISO 8601"),
        ],
    )
    def test_says_what_is_missing(self, arguments, words, capsys, monkeypatch):
        monkeypatch.delenv("SIMULATOR_ESP_PASSWORD", raising=False)
        assert main(arguments) == 2
        assert words in capsys.readouterr().err
