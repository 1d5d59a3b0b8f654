"""Which hosts a set-up reaches, and whose credentials go where."""

import pytest

from bot.core.environments.egress import Credential, Egress, Grant, Operator, host_of, is_open, tools_settings
from bot.core.pulls import RepoRef, Secret
from bot.ids import InstallationId, RepoId

REPO = RepoRef(InstallationId(1), RepoId(1), "Acme", "Text")


@pytest.mark.parametrize(
    ("pattern", "host", "port", "allowed"),
    [
        ("a.example", "a.example", 443, True),
        ("a.example", "A.Example.", 80, True),
        ("a.example", "a.example", 22, False),
        ("a.example:8443", "a.example", 8443, True),
        ("a.example:8443", "a.example", 443, False),
        ("a.example", "b.a.example", 443, False),
        ("*.a.example", "b.a.example", 443, True),
        ("*.a.example", "c.b.a.example", 443, True),
        ("*.a.example", "a.example", 443, False),
        ("*.a.example", ".a.example", 443, False),
        ("*.a.example", "evila.example", 443, False),
    ],
)
def test_names_are_exact_or_all_below(pattern: str, host: str, port: int, *, allowed: bool) -> None:
    assert Egress(repository=(pattern,)).grant(host, port) is (Grant.REPOSITORY if allowed else None)
    assert Egress(operator=(pattern,)).grant(host, port) is (Grant.OPERATOR if allowed else None)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0", "::1", "fe80::1%eth0", "fd00::1",
     "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "224.0.0.1", "ff02::1"],
)  # fmt: skip
def test_inner_addresses_are_not_open(address: str) -> None:
    assert not is_open(address)


def test_outer_addresses_are_open() -> None:
    assert is_open("8.8.8.8")
    assert is_open("2606:4700::1111")
    assert is_open("64:ff9b::808:808")


def test_a_credential_is_for_its_owners_only() -> None:
    mine = Credential("a.example", Secret("Bearer 1"), ("acme",))
    one = Credential("b.example", Secret("Bearer 2"), ("acme/text",))
    others = Credential("c.example", Secret("Bearer 3"), ("acme/other", "else"))
    egress = Operator(("a.example",), (mine, one, others)).egress(REPO, ("b.example",))
    assert egress.credential("A.example") is mine
    assert egress.credential("b.example") is one
    assert egress.credential("c.example") is None
    assert egress.grant("c.example", 443) is None, "a credential opens no host"


def test_the_tools_own_settings_name_hosts_and_bring_no_secret() -> None:
    passed, hosts = tools_settings(
        {
            "GOPROXY": "https://go.example,direct",
            "PIP_INDEX_URL": "https://me:secret@pip.example/simple",
            "npm_config_registry": "http://npm.example:8081/",
            "HOME": "/x",
        }
    )
    assert passed == (("npm_config_registry", "http://npm.example:8081/"), ("GOPROXY", "https://go.example,direct"))
    assert hosts == ("npm.example:8081", "go.example")
    assert host_of("http://[broken") == ""
