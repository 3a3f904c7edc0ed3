"""Where the rules of a mailbox send mail on to, outside the organisation: the domains only."""

import re
from collections.abc import Callable

from mailaudit.model.domains import is_inside
from mailaudit.sources.ews.answers import read_forwarding
from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.faults import MailboxFault

MOST_DOMAINS = 20  # of one mailbox; more are no rules of a person
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")

Ask = Callable[[bytes, str], bytes]


class Forwarding:
    """Asks for the rules of mailboxes.

    Args:
        ask: Posts an envelope about a mailbox and returns the answer.
        inside_domains: The organisation's mail domains, lower case.
    """

    def __init__(self, ask: Ask, envelopes: Envelopes, inside_domains: frozenset[str]) -> None:
        self._ask = ask
        self._envelopes = envelopes
        self._inside_domains = inside_domains

    def domains(self, mailbox: str) -> str | None:
        """As `Activity.forwards_to`. What the mailbox did counts whatever comes of this question.

        Raises:
            ServerError: The login is refused.
        """
        try:
            content = self._ask(self._envelopes.get_inbox_rules(mailbox), mailbox)
            addresses = read_forwarding(content)
        except MailboxFault:
            return None
        return outside_domains(addresses, self._inside_domains)


def outside_domains(addresses: tuple[str, ...], inside_domains: frozenset[str]) -> str | None:
    """The domains outside of addresses, in order, with spaces between.

    An address without "@" is one of the directory, and so inside. None where a domain can't be
    read, or there are more than MOST_DOMAINS: then nothing is known for sure.

    ("an@thu.example", "b@tinh.gov.vn", "/O=EXCHANGE/CN=C") with tinh.gov.vn inside: "thu.example".
    """
    named = {domain.casefold() for _, at, domain in (a.rpartition("@") for a in addresses) if at}
    outside = sorted(domain for domain in named if not is_inside(domain, inside_domains))
    if len(outside) > MOST_DOMAINS or not all(map(_DOMAIN.fullmatch, outside)):
        return None
    return " ".join(outside)
