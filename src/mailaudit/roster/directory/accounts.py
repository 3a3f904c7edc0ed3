"""Entries of a directory to Accounts; what can't be understood in them becomes a Problem."""

from collections.abc import Sequence
from dataclasses import replace
from unicodedata import category, normalize

from mailaudit.errors import N_
from mailaudit.model.directory import Account, Attributes
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import addresses_of
from mailaudit.roster.directory.ldap import Entry
from mailaudit.roster.errors import BadCell

ACCOUNT_DISABLED = 0x2  # of userAccountControl. Source: [MS-ADTS] 2.2.16
LONGEST_TEXT = 500  # characters; what is longer is not a name
_NEVER_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_PRIMARY, _ALIAS = "SMTP", "smtp"


def read_accounts(
    entries: Sequence[Entry], attributes: Attributes
) -> tuple[tuple[Account, ...], tuple[Problem, ...]]:
    """Every entry as an Account, in their order, and what a person should look at.

    An address that two accounts claim is the first one's, and reported.
    """
    problems: list[Problem] = []
    owners: dict[str, Account] = {}
    accounts = []
    for entry in entries:
        reader = _EntryReader(entry, attributes)
        account = reader.account()
        problems += reader.problems
        kept = []
        for address in account.addresses:
            if (owner := owners.setdefault(address, account)) is account:
                kept.append(address)
            else:
                message = N_('the address {address} is that of "{other}" already')
                values = (("address", address), ("other", shown_dn(owner.dn)))
                problems.append(Problem(shown_dn(account.dn), message, values))
        mailbox = account.mailbox if account.mailbox in kept else None
        aliases = tuple(address for address in kept if address != mailbox)
        accounts.append(replace(account, mailbox=mailbox, aliases=aliases))
    return tuple(accounts), tuple(problems)


def shown_dn(dn: str) -> str:
    """A distinguished name as it may be printed: on one line, nothing invisible in it."""
    return _plain(dn)


class _EntryReader:
    """Reads one entry; keeps what was odd in it."""

    def __init__(self, entry: Entry, attributes: Attributes) -> None:
        self.problems: list[Problem] = []
        self._entry = entry
        self._attributes = attributes

    def account(self) -> Account:
        names = self._attributes
        mailbox, aliases = self._addresses()
        return Account(
            dn=self._entry.dn,
            login=self._text(names.account),
            enabled=self._is_enabled(),
            mailbox=mailbox,
            aliases=aliases,
            staff_code=self._text(names.staff_code),
            name=self._text(names.name),
            unit_code=self._text(names.unit_code),
            unit_name=self._text(names.unit_name),
            category=self._text(names.category),
            job_title=self._text(names.job_title),
        )

    def _addresses(self) -> tuple[str | None, tuple[str, ...]]:
        """The primary address and the others: what Exchange marks as primary, else `mail`.

        Exchange opens a mailbox by the address marked "SMTP:". `mail` may be a former or a private
        address; where Exchange does not list it, it does not belong to the mailbox.
        """
        mails = self._parsed(self._texts(self._attributes.mailbox))
        marked, others = [], []
        for text in self._texts(self._attributes.aliases):
            kind, colon, address = text.rpartition(":")
            if kind == _PRIMARY:
                marked.append(address)
            elif not colon or kind.lower() == _ALIAS:  # X500 and sip are not mail addresses
                others.append(address)
        primaries, aliases = self._parsed(marked), self._parsed(others)
        listed = primaries or mails
        if not listed:
            return None, aliases
        primary = next((mail for mail in mails if mail in listed), listed[0])
        if mails and mails[0] != primary:
            self._report(
                N_(
                    "the attribute {mail_name} is {mail}, but {aliases_name} marks {primary} as the"
                    " primary address: the mail server knows the mailbox by it, and it is used"
                ),
                mail_name=self._attributes.mailbox,
                mail=mails[0],
                aliases_name=self._attributes.aliases,
                primary=primary,
            )
        known = dict.fromkeys((*listed, *aliases))
        return primary, tuple(address for address in known if address != primary)

    def _parsed(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The different addresses of these texts, lower case, in their order."""
        found: dict[str, None] = {}
        for text in texts:
            try:
                found.update(dict.fromkeys(addresses_of(text)))
            except BadCell as fault:
                self._report(fault.message, **dict(fault.values))
        return tuple(found)

    def _is_enabled(self) -> bool:
        """Whether the account is not switched off; reported where the directory does not say."""
        name = self._attributes.account_control
        if not name:
            return True
        text = self._text(name)
        try:
            return not int(text) & ACCOUNT_DISABLED
        except ValueError:
            self._report(
                N_('the attribute {name} is "{text}", which is not a number: taken for enabled'),
                name=name,
                text=text,
            )
            return True

    def _text(self, name: str) -> str:
        """The attribute's one value; of several the first, which is reported."""
        texts = self._texts(name)
        if len(texts) > 1:
            self._report(
                N_("the attribute {name} has {count} values; the first one is used"),
                name=name,
                count=str(len(texts)),
            )
        return texts[0] if texts else ""

    def _texts(self, name: str) -> list[str]:
        """The attribute's values that are text, without those that are blank."""
        found = []
        for value in self._entry.values.get(name.lower(), ()):
            text = self._decoded(name, value)
            if text:
                found.append(text)
        return found

    def _decoded(self, name: str, value: bytes) -> str:
        try:
            text = _plain(value.decode("utf-8"))
        except UnicodeDecodeError:
            self._report(N_("the attribute {name} is not UTF-8 text and is left out"), name=name)
            return ""
        if len(text) > LONGEST_TEXT:
            self._report(
                N_("the attribute {name} has {count} characters and is left out"),
                name=name,
                count=str(len(text)),
            )
            return ""
        return text

    def _report(self, message: str, **values: str) -> None:
        place = shown_dn(self._entry.dn)
        self.problems.append(Problem(place, message, tuple(values.items())))


def _plain(text: str) -> str:
    """NFC, on one line, single spaces, without control, format and unassigned characters."""
    spaced = "".join(" " if letter.isspace() else letter for letter in normalize("NFC", text))
    shown = (letter for letter in spaced if category(letter) not in _NEVER_SHOWN)
    return " ".join("".join(shown).split())
