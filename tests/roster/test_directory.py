"""Reading a directory: a real server, over LDAPS, with what may stand or go wrong in it."""

import csv
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from debian import wanting
from directory_server import (
    BASE,
    DISABLED,
    LIMITED,
    SLAPD,
    STAFF,
    Slapd,
    a_user,
    directory,
)
from mailaudit.errors import ConfigurationError, DirectoryError
from mailaudit.model.certificate import trusting
from mailaudit.model.directory import Account, Attributes
from mailaudit.model.roster import Problem
from mailaudit.model.spreadsheet import csv_for_people
from mailaudit.report.excel.plain_list import render_list
from mailaudit.roster import read_roster
from mailaudit.roster.directory import read_accounts, read_entries, staff_list_of

pytestmark = pytest.mark.skipif(SLAPD is None, reason=wanting("slapd"))

PEOPLE = 130
HOSTILE_NAMES = {
    "formula": '=HYPERLINK("http://x.test";"An")',
    "markup": "<r>Nguyễn Văn An</r><script>alert(1)</script>",
    "controls": "Nguyễn\x00 Văn\x1b[31m\r\nAn",
    "bidi": "Nguyễn \u202eVăn\u202c An\u200b",
    "decomposed": "Nguye\u0302\u0303n Va\u0306n An",
    "quotes": 'Nguyễn "Văn", An; a,b\t',
}


def users() -> Iterator[dict[str, object]]:
    """Many people, and those with something special."""
    yield from (a_user(number) for number in range(PEOPLE))
    yield a_user(900, userAccountControl=DISABLED)
    yield a_user(
        901, mail="", proxyAddresses=["smtp:old@cu.test", "SMTP:New901@Tinh.test", "sip:x"]
    )
    yield a_user(902, mail="", title="Lái xe")
    yield a_user(906, mail="an@rieng.test", proxyAddresses=["SMTP:an@tinh.test", "smtp:an@cu.test"])
    yield a_user(
        907, mail="Ba@cu.test", proxyAddresses=["smtp:ba@cu.test", "SMTP:Ba@Tinh.test", "X500:/o=x"]
    )
    yield a_user(
        908, mail="chi@tinh.test", proxyAddresses=["SMTP:c@tinh.test", "SMTP:chi@tinh.test"]
    )
    yield a_user(909, mail="không phải thư", proxyAddresses=["smtp:dung@tinh.test"])
    yield a_user(922, proxyAddresses=["smtp:user922@tinh.test", "smtp:d@tinh.test"])
    yield a_user(903, userAccountControl="", employeeID=["CB0903", "CB0904"])
    yield a_user(904, mail="không phải thư", department="")
    yield a_user(905, mail="user1@tinh.test", userAccountControl="bình thường")
    for number, (kind, name) in enumerate(HOSTILE_NAMES.items(), start=910):
        yield a_user(number, displayName=name, sAMAccountName=kind)
    yield a_user(920, displayName=b"Nguy\xe3n V\xe3n \xff", sAMAccountName="bytes")
    yield a_user(921, displayName="A" * 100_000, sAMAccountName="endless")


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with directory(tmp_path_factory.mktemp("slapd"), users()) as running:
        yield running


@pytest.fixture(scope="module")
def read(slapd: Slapd) -> tuple[dict[str, Account], tuple[Problem, ...]]:
    """The accounts by login, and what was odd."""
    accounts, problems = read_accounts(read_entries(slapd.server()).entries, Attributes())
    return {account.login: account for account in accounts}, problems


def messages_of(problems: tuple[Problem, ...], name: str) -> list[str]:
    """What is reported of one entry."""
    return [
        problem.message.format_map(dict(problem.values))
        for problem in problems
        if problem.row == f"cn={name},{STAFF}"
    ]


@pytest.mark.parametrize("page_size", [1, 7, 39])
def test_every_page_is_read(slapd: Slapd, page_size: int) -> None:
    """More people than the server gives at once, each once, whatever the size of a page."""
    entries = read_entries(slapd.server(page_size=page_size)).entries
    assert len({entry.dn for entry in entries}) == len(entries) == len(list(users()))


def test_answer_that_is_broken_off_is_not_taken_for_all(slapd: Slapd) -> None:
    """An account that may read 100 entries gets an error after some pages, not a shorter list."""
    with pytest.raises(DirectoryError, match=r"broke off .*sizeLimitExceeded.*page_size"):
        read_entries(slapd.server(username=LIMITED, page_size=30))


def test_wrong_password_is_tried_once_and_not_shown(slapd: Slapd) -> None:
    """So that the account is not locked out."""
    before = slapd.logged(" BIND dn=")
    with pytest.raises(DirectoryError, match="refuses the login of cn=reader") as caught:
        read_entries(slapd.server(secret="wrong-secret"))
    assert slapd.logged(" BIND dn=") == before + 1
    assert caught.value.exit_code == 4
    assert "wrong-secret" not in caught.value.text() + repr(slapd.server(secret="wrong-secret"))


def test_untrusted_certificate_ends_before_the_password_is_sent(
    slapd: Slapd, tmp_path: Path
) -> None:
    """Of another authority, of the system's list, or with another name: no login is tried."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    before = slapd.logged(" BIND dn=")
    for changes, words in (
        ({"ca_file": other}, r"authority is not known\. .*directory\.ca_file"),
        ({"ca_file": None}, r"authority is not known\. .*directory\.ca_file"),
        ({"host": "127.0.0.1"}, r"for another name\. .*directory\.url"),
    ):
        with pytest.raises(DirectoryError, match=words):
            read_entries(slapd.server(**changes))
    assert slapd.logged(" BIND dn=") == before


def test_ca_file_without_a_certificate_is_named(slapd: Slapd, tmp_path: Path) -> None:
    """3, before anything is connected."""
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing", "utf-8")
    for file in (empty, tmp_path / "none.pem"):
        with pytest.raises(ConfigurationError, match=r"ca\.pem|none\.pem"):
            read_entries(slapd.server(ca_file=file))


def test_server_that_is_away_or_silent_is_named(slapd: Slapd) -> None:
    """Nobody listens, or somebody who never answers: an error within the time allowed."""
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        port = listener.getsockname()[1]
        with pytest.raises(DirectoryError, match=f"localhost, port {port}"):
            read_entries(slapd.server(port=port, timeout_s=1))
        listener.listen()
        with pytest.raises(DirectoryError, match=f"localhost, port {port}"):
            read_entries(slapd.server(port=port, timeout_s=1))


def test_server_that_falls_silent_after_the_handshake_is_named(
    slapd: Slapd, tmp_path: Path
) -> None:
    """Its certificate is good, and it never says whether the login is."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("localhost", 0)) as listener:

        def greet() -> None:
            plain, _ = listener.accept()
            with context.wrap_socket(plain, server_side=True) as connection:
                while connection.recv(4096):
                    pass

        silent = threading.Thread(target=greet, daemon=True)
        silent.start()
        port = listener.getsockname()[1]
        with pytest.raises(DirectoryError, match=f"localhost, port {port}"):
            read_entries(slapd.server(port=port, timeout_s=1, ca_file=tmp_path / "ca.pem"))
        silent.join(10)
    assert not silent.is_alive()


def test_referral_is_reported_and_not_followed(slapd: Slapd) -> None:
    """A part of the directory on another server is named; as the base it is an error."""
    assert read_entries(slapd.server()).referrals == (
        "ldaps://elsewhere.tinh.test/ou=canbo,dc=elsewhere??sub",
    )
    with pytest.raises(DirectoryError, match=r"elsewhere: ldaps://elsewhere\.tinh\.test"):
        read_entries(slapd.server(base=f"ou=elsewhere,{STAFF}"))


def test_base_or_filter_that_is_wrong_is_an_error(slapd: Slapd) -> None:
    """Nothing found for a wrong reason is not an empty staff list."""
    with pytest.raises(DirectoryError, match=r"has no ou=none,.*directory\.base"):
        read_entries(slapd.server(base=f"ou=none,{BASE}"))
    with pytest.raises(DirectoryError):
        read_entries(slapd.server(filter="(objectClass=user"))


def test_account_has_what_the_attributes_say(
    read: tuple[dict[str, Account], tuple[Problem, ...]],
) -> None:
    """Every field from its own attribute."""
    accounts, problems = read
    assert accounts["user7"] == Account(
        dn=f"cn=user7,{STAFF}", login="user7", enabled=True, mailbox="user7@tinh.test",
        staff_code="CB0007", name="Nguyễn Văn 7", unit_name="Sở 1", category="công chức",
    )  # fmt: skip
    assert messages_of(problems, "user7") == []
    assert accounts["user902"].job_title == "Lái xe"


def test_disabled_bit_decides(read: tuple[dict[str, Account], tuple[Problem, ...]]) -> None:
    """514 is disabled, 512 is not; what is not a number is reported."""
    accounts, problems = read
    assert not accounts["user900"].enabled
    assert accounts["user903"].enabled
    assert "taken for enabled" in messages_of(problems, "user905")[0]
    assert "taken for enabled" in messages_of(problems, "user903")[0]


def test_addresses_come_from_mail_and_from_exchanges_list(
    read: tuple[dict[str, Account], tuple[Problem, ...]],
) -> None:
    """SMTP: in capitals is the primary one; other kinds of addresses are none of mail."""
    accounts, problems = read
    assert accounts["user901"].mailbox == "new901@tinh.test"
    assert accounts["user901"].aliases == ("old@cu.test",)
    assert accounts["user902"].mailbox is None
    assert accounts["user904"].mailbox is None
    assert "is not a mail address" in messages_of(problems, "user904")[0]


@pytest.mark.parametrize(
    ("number", "mailbox", "aliases", "reported"),
    [
        (906, "an@tinh.test", ("an@cu.test",), "is an@rieng.test, but proxyAddresses"),
        (907, "ba@tinh.test", ("ba@cu.test",), "is ba@cu.test, but proxyAddresses"),
        (908, "chi@tinh.test", ("c@tinh.test",), ""),
        (909, None, ("dung@tinh.test",), "is not a mail address"),
        (922, "user922@tinh.test", ("d@tinh.test",), ""),
    ],
)
def test_primary_address_of_exchange_leads_before_mail(
    read: tuple[dict[str, Account], tuple[Problem, ...]],
    number: int,
    mailbox: str | None,
    aliases: tuple[str, ...],
    reported: str,
) -> None:
    """Their difference is reported; what Exchange does not list is not the mailbox's."""
    accounts, problems = read
    account = accounts[f"user{number}"]
    assert (account.mailbox, account.aliases) == (mailbox, aliases)
    messages = messages_of(problems, f"user{number}")
    assert [reported in message for message in messages] == ([True] if reported else [])


def test_address_of_two_accounts_is_reported(
    read: tuple[dict[str, Account], tuple[Problem, ...]],
) -> None:
    """It stays the first one's."""
    accounts, problems = read
    assert (accounts["user1"].mailbox, accounts["user905"].mailbox) == ("user1@tinh.test", None)
    assert any("user1@tinh.test is that of" in text for text in messages_of(problems, "user905"))


def test_hostile_values_are_harmless_or_left_out(
    read: tuple[dict[str, Account], tuple[Problem, ...]],
) -> None:
    """One line, nothing invisible; what is not text, or far too long, is reported."""
    accounts, problems = read
    names = {kind: accounts[kind].name for kind in HOSTILE_NAMES}
    assert names["controls"] == "Nguyễn Văn[31m An"
    assert names["bidi"] == names["decomposed"] == "Nguyễn Văn An"
    assert all(name.isprintable() for name in names.values())
    assert accounts["bytes"].name == accounts["endless"].name == ""
    assert messages_of(problems, "user920") == [
        "the attribute displayName is not UTF-8 text and is left out"
    ]
    assert "100000 characters" in messages_of(problems, "user921")[0]


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_pulled_list_is_the_staff_list_the_audit_reads(
    slapd: Slapd, tmp_path: Path, kind: str
) -> None:
    """Every enabled account comes back as a person, with what it had; none is a formula."""
    file = tmp_path / f"danh-sach{kind}"
    # An account without a unit is a row the audit refuses, so the list is made without it.
    entries = read_entries(slapd.server(filter="(&(objectClass=user)(department=*))")).entries
    accounts, _ = read_accounts(entries, Attributes())
    render = csv_for_people if kind == ".csv" else render_list
    file.write_bytes(render(staff_list_of(accounts, Attributes())))

    roster, _ = read_roster(file)
    people = {person.key: person for person in roster.staff}
    enabled = [account for account in accounts if account.enabled]
    assert len(people) == len(enabled)
    for account in enabled:
        person = people[account.staff_code]
        assert (person.mailbox, person.name) == (account.mailbox, account.name)
        assert (person.category, person.job_title) == (account.category, account.job_title)
        assert (person.aliases, person.unit_code) == (account.aliases, account.unit_name)
    if kind == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as text:
            cells = [cell for row in csv.reader(text) for cell in row]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_list_has_unit_codes_where_the_directory_has_them(slapd: Slapd) -> None:
    """Its column is there only with an attribute for it."""
    accounts, _ = read_accounts(read_entries(slapd.server()).entries, Attributes())
    assert "Mã đơn vị" not in staff_list_of(accounts, Attributes())[0]
    coded = Attributes(unit_code="department")
    accounts, _ = read_accounts(read_entries(slapd.server(attributes=coded)).entries, coded)
    header, *rows = staff_list_of(accounts, coded)
    assert {row[header.index("Mã đơn vị")] for row in rows} == {"", "Sở 0", "Sở 1", "Sở 2"}


def test_tls_is_always_verified() -> None:
    """No context without verification, and the old way of LDAP without TLS is not spoken."""
    context = trusting(None, "directory")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
