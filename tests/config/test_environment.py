"""Each wrong setting stops the start with its own sentence; right ones mean what they say."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest

from tipline.config import environment as env
from tipline.config.environment import WrongSetting
from tipline.ground.foundation import sealing


@pytest.fixture
def said(monkeypatch):
    """``said("NAME", value)`` puts it into the environment."""

    def say(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)

    monkeypatch.delenv("X", raising=False)
    return say


@pytest.mark.parametrize("value", ["", "  "])
def test_blank_is_not_given(said, value):
    said("X", value)
    assert env.text("X", "default") == "default"
    assert env.switch("X", default=True) is True
    assert env.number("X", 7, least=1, most=9) == 7


@pytest.mark.parametrize("value", ["yes", "true", "2", "-1", "on"])
def test_a_switch_is_0_or_1(said, value):
    said("X", value)
    with pytest.raises(WrongSetting, match=f"^X must be 0 or 1, not '{value}'.$"):
        env.switch("X", default=False)


@pytest.mark.parametrize("value", ["0", "11", "3.5", "three", "٣", "-2", "1e1"])
def test_a_number_lies_between_its_ends(said, value):
    said("X", value)
    with pytest.raises(WrongSetting, match=r"^X must be a whole number from 1 to 10, not"):
        env.number("X", 5, least=1, most=10)


class TestFolder:
    def test_it_is_made_for_its_owner(self, said, tmp_path):
        said("X", str(tmp_path / "a" / "home"))
        made = env.folder("X", "unused")
        assert made == tmp_path / "a" / "home"
        assert stat.S_IMODE(made.stat().st_mode) == 0o700

    def test_a_file_is_no_folder(self, said, tmp_path):
        (tmp_path / "file").touch()
        said("X", str(tmp_path / "file"))
        with pytest.raises(WrongSetting, match=r"^X must name a folder, and 'file' is a file.$"):
            env.folder("X", "unused")

    def test_one_that_cannot_be_made(self, said, tmp_path):
        (tmp_path / "file").touch()
        said("X", str(tmp_path / "file" / "below"))
        with pytest.raises(WrongSetting, match=r"^X: the folder cannot be made"):
            env.folder("X", "unused")


class TestAddresses:
    @pytest.mark.parametrize(
        "value", ["https://tips.example.org", "http://127.0.0.1:8000", "https://[2001:db8::1]:443"]
    )
    def test_right_ones(self, said, value):
        for written in (value, value + "/"):
            said("X", written)
            assert env.origin("X", "") == env.web_address("X", "") == value

    @pytest.mark.parametrize(
        "value",
        ["tips.example.org", "ftp://a", "https://", "https://a:port", "https://a:0",
         "https://a:99999", "https://someone@a", "https://[1"],
    )  # fmt: skip
    def test_wrong_ones(self, said, value):
        said("X", value)
        for read in (env.web_address, env.origin):
            with pytest.raises(WrongSetting, match=r"^X must be an address such as https://"):
                read("X", "")

    @pytest.mark.parametrize("rest", ["/tips", "/a/b", "?x=1", "#top"])
    def test_the_public_address_has_no_path(self, said, rest):
        said("X", "https://a.example.org" + rest)
        assert env.web_address("X", "") == "https://a.example.org" + rest
        with pytest.raises(WrongSetting, match=r"^X must end after the name"):
            env.origin("X", "")

    def test_proxies_are_ip_addresses(self, said):
        said("X", "127.0.0.1, ::1 10.0.0.7")
        assert env.addresses("X") == ("127.0.0.1", "::1", "10.0.0.7")
        for wrong in ("proxy.example.org", "10.0.0.0/8", "10.0.0.300"):
            said("X", wrong)
            with pytest.raises(WrongSetting, match=r"^X must list IP addresses"):
                env.addresses("X")


class TestDatabase:
    def test_sqlite_in_the_home_folder_unless_told_otherwise(self, said, tmp_path):
        found = env.database("X", tmp_path)
        assert found["NAME"] == str(tmp_path / "tipline.sqlite3")
        assert "synchronous=FULL" in found["OPTIONS"]["init_command"]
        assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        said("X", "sqlite:///srv/with%20space.sqlite3")
        assert env.database("X", tmp_path)["NAME"] == "/srv/with space.sqlite3"

    def test_postgresql(self, said, tmp_path):
        said("X", "postgresql://u%40x:p%2Fw@db.example.org:6432/tip?sslmode=require")
        found = env.database("X", tmp_path)
        named = {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
        assert named == {
            "NAME": "tip",
            "USER": "u@x",
            "PASSWORD": "p/w",
            "HOST": "db.example.org",
            "PORT": "6432",
            "OPTIONS": {
                "sslmode": "require",
                "server_side_binding": True,
                "prepare_threshold": 5,
            },
        }

    def test_behind_some_poolers_postgresql_prepares_nothing(self, said, tmp_path):
        said("X", "postgresql://db.example.org/tip?prepared=no")
        assert env.database("X", tmp_path)["OPTIONS"] == {}
        said("X", "postgresql://db.example.org/tip?prepared=maybe")
        with pytest.raises(WrongSetting, match=r"^X: prepared is yes or no.$"):
            env.database("X", tmp_path)

    @pytest.mark.parametrize(
        "value", ["mysql://a/b", "postgresql://host", "sqlite://relative.db", "nonsense", "sqlite:"]
    )
    def test_nothing_else(self, said, tmp_path, value):
        said("X", value)
        with pytest.raises(WrongSetting, match=r"^X must look like postgresql://"):
            env.database("X", tmp_path)

    def test_a_port_is_a_number_and_no_password_is_repeated(self, said, tmp_path):
        said("X", "postgresql://u:verysecret@host:port/name")
        with pytest.raises(WrongSetting, match=r"^X: the port is not a number.$") as refused:
            env.database("X", tmp_path)
        assert "verysecret" not in str(refused.value)


def _read_secret(place: str, ready, found) -> None:
    ready.wait(20)
    found.put(env.secret_from("NOT_SET", Path(place)))


class TestSecret:
    def test_it_is_made_once_for_its_owner_alone(self, tmp_path):
        path = tmp_path / "keys" / "secret.key"
        secret = env.secret_from("X", path)
        assert len(secret) >= 64
        assert env.secret_from("X", path) == secret
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [one.name for one in path.parent.iterdir()] == ["secret.key"]

    def test_a_named_file_must_be_there(self, said, tmp_path):
        said("X", str(tmp_path / "absent"))
        with pytest.raises(WrongSetting, match=r"^X: there is no such file.$"):
            env.secret_from("X", tmp_path / "other")
        assert not (tmp_path / "absent").exists()

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [(b"short", "shorter than 32"), (b"\xff\xfe" * 40, "cannot be read as text")],
    )
    def test_what_is_no_secret(self, said, tmp_path, content, sentence):
        (tmp_path / "secret").write_bytes(content)
        said("X", str(tmp_path / "secret"))
        with pytest.raises(WrongSetting, match=sentence):
            env.secret_from("X", tmp_path / "other")

    def test_a_folder_is_no_secret(self, said, tmp_path):
        said("X", str(tmp_path))
        with pytest.raises(WrongSetting, match="cannot be read as text"):
            env.secret_from("X", tmp_path / "other")

    def test_processes_that_start_at_once_agree(self, tmp_path):
        context = multiprocessing.get_context("fork")
        ready, found = context.Barrier(4), context.Queue()
        path = str(tmp_path / "keys" / "secret.key")
        children = [
            context.Process(target=_read_secret, args=(path, ready, found)) for _number in range(4)
        ]
        for child in children:
            child.start()
        secrets = {found.get(timeout=30) for _child in children}
        for child in children:
            child.join()
        assert secrets == {Path(path).read_text().strip()}

    def test_the_first_one_stays(self, tmp_path):
        """Even for a process that looked before it was there."""
        path = tmp_path / "secret.key"
        sealing.make_secret_file(path, "first")
        sealing.make_secret_file(path, "second")
        assert path.read_text() == "first\n"
        assert [one.name for one in tmp_path.iterdir()] == ["secret.key"]
