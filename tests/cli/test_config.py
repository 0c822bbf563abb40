"""Where the token lies, who may read it, and to whom it goes."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from coursesite_cli import config
from coursesite_cli.trouble import Exit, Trouble

SITE = "https://site.example"


def test_only_its_owner_may_read_the_file_even_if_it_was_open_before(tmp_path: Path):
    path = tmp_path / "new" / "config.json"
    config.write(path, config.Config(SITE, {SITE: "cs_1"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    config.write(path, config.Config(SITE, {SITE: "cs_2"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_stored_token_goes_to_its_own_site_only(tmp_path: Path):
    environment = {"COURSESITE_CONFIG_DIR": str(tmp_path)}
    config.write(tmp_path / "config.json", config.Config(SITE, {SITE: "cs_1"}))
    assert config.account(named=None, environment=environment) == config.Account(SITE, "cs_1")
    for elsewhere in ({"named": "https://evil.example"}, {"named": None}):
        other = environment | {"COURSESITE_SITE": "https://evil.example"}
        with pytest.raises(Trouble) as caught:
            config.account(environment=other, **elsewhere)
        assert caught.value.exit is Exit.NO_CONTACT


def test_the_environment_rules_over_the_file(tmp_path: Path):
    config.write(tmp_path / "config.json", config.Config(SITE, {SITE: "cs_1"}))
    environment = {"COURSESITE_CONFIG_DIR": str(tmp_path), "COURSESITE_TOKEN": "cs_env"}
    assert config.account(named=None, environment=environment).token == "cs_env"
    environment["COURSESITE_SITE"] = "localhost:1234"
    (tmp_path / "config.json").write_text("{")
    assert config.account(named=None, environment=environment) == config.Account(
        "http://localhost:1234", "cs_env"
    )


def test_the_token_is_in_no_representation():
    assert "cs_1" not in repr(config.Account(SITE, "cs_1")) + repr(config.Config(SITE, {SITE: "cs_1"}))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("site.example", SITE),
        (" https://site.example/ ", SITE),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("http://site.example:81/a/", "http://site.example:81/a"),
    ],
)
def test_an_address_is_understood_as_people_type_it(typed: str, meant: str):
    assert config.site_address(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "ftp://x", "https://", "http://a b", "https://ana:x@site.example", "http://x:99999"]
)
def test_what_is_no_address_is_refused(typed: str):
    with pytest.raises(Trouble) as caught:
        config.site_address(typed)
    assert caught.value.exit is Exit.REFUSED


@pytest.mark.parametrize("text", ["", "{", "[]", '{"site": "x"}', json.dumps({"site": "x", "tokens": 3})])
def test_a_file_that_makes_no_sense_is_named(tmp_path: Path, text: str):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(Trouble, match=r"config\.json"):
        config.read(tmp_path / "config.json")


def test_a_token_in_the_open_is_warned_of():
    assert config.in_the_open("http://site.example")
    assert not config.in_the_open(SITE)
    assert not config.in_the_open("http://localhost:8000")
