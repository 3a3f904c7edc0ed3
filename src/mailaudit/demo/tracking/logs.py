"""What recorded traffic would have left in the logs of two servers, with all that is no mail.

Beside the mail itself there are probes of Managed Availability in each hour, automatic replies,
reports of failed delivery, invitations, mails delivered again, and now and then a log twice. All
of it follows from the traffic alone: two runs write the same bytes.
"""

import gzip
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zlib import crc32

from mailaudit.demo.message import Message
from mailaudit.demo.tracking.rows import SERVERS, head, listed, row
from mailaudit.model.period import Period

TRANSPORT, DELIVERY, SUBMISSION = "MSGTRK", "MSGTRKMD", "MSGTRKMS"

_SERIES = (TRANSPORT, DELIVERY, SUBMISSION)
_HOUR_S = 3600
_BEFORE_S = 48 * _HOUR_S  # logs begin so long before the first month
_AGAIN_S = 90 * 60  # after which a mail is delivered again
_CLIENTS = ("MOMT", "MOMT", "OWA", "ActiveSync", "User")
# Most subjects stand in a log as they are; some need quotation marks, a few hold a line break.
_SUBJECTS = {
    5: "V/v góp ý dự thảo, hạn 17 giờ",
    11: 'Giấy mời họp "Chuyển đổi số"',
    17: "Re: Số liệu,\nbản cuối",
}
_OF_SUBJECTS = 23
_SYSTEM = "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e"
_BY_SMTP, _ANSWERED, _FAILED, _INVITED, _AGAIN, _TWICE = 20, 31, 43, 59, 37, 97  # one in so many


def write_logs(
    folder: Path, messages: Iterable[Message], people: Collection[str], periods: Sequence[Period]
) -> dict[str, Path]:
    """Writes both servers' logs of these months below `folder`; each server's folder.

    Args:
        messages: In the order of their time.
        people: Who has a mailbox; everybody else writes from outside.
    """
    first = int(periods[0].start.timestamp()) - _BEFORE_S
    end = int(periods[-1].end.timestamp())
    logs = _Logs(folder, first // _HOUR_S, -(-end // _HOUR_S))
    for number, message in enumerate(messages):
        logs.write_before(message.sent_at // _HOUR_S)
        _Trace(logs, frozenset(people), number, message).leave()
    logs.write_before(logs.end)
    return {server: folder / server for server in SERVERS}


class _Logs:
    """The rows of hours that are not written yet."""

    def __init__(self, folder: Path, first: int, end: int) -> None:
        self._folder = folder
        self._hour = first
        self.end = end
        self._rows: defaultdict[tuple[str, str, int], list[tuple[int, str]]] = defaultdict(list)
        for server in SERVERS:
            (folder / server).mkdir(parents=True, exist_ok=True)

    def add(self, server: str, series: str, second: int, **values: str) -> None:
        key = server, series, second // _HOUR_S
        self._rows[key].append((second, row(server, second, values)))

    def write_before(self, hour: int) -> None:
        """Writes the logs of the hours before this one; no row is added to them any more."""
        while self._hour < min(hour, self.end):
            for server in SERVERS:
                self._add_probe(server)
                for series in _SERIES:
                    self._write(server, series)
            self._hour += 1

    def _write(self, server: str, series: str) -> None:
        rows = sorted(self._rows.pop((server, series, self._hour), []), key=lambda one: one[0])
        start = self._hour * _HOUR_S
        content = (head(server, start) + "".join(text for _, text in rows)).encode()
        path = self._folder / server / f"{series}{_hour_name(start)}-1.LOG"
        path.write_bytes(content)
        if self._hour % _TWICE == 0:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, mtime=0))

    def _add_probe(self, server: str) -> None:
        """A mail that the server sends to itself, to see whether it can."""
        second = self._hour * _HOUR_S + 30
        probe = f"HealthMailbox{crc32(server.encode()):08x}@noibo.test"
        values = {
            "message_id": f"<{self._hour}@{server}.noibo.test>",
            "sender_address": f"inboundproxy@{server}.noibo.test",
            "recipient_address": probe,
            "message_subject": "probe",
        }
        self.add(server, TRANSPORT, second, source="SMTP", event_id="RECEIVE", **values)
        self.add(server, DELIVERY, second, source="STOREDRIVER", event_id="DELIVER", **values)


class _Trace:
    """What one message leaves."""

    def __init__(self, logs: _Logs, people: frozenset[str], number: int, message: Message) -> None:
        self._logs, self._people = logs, people
        self._number, self._message = number, message

    def leave(self) -> None:
        number, message = self._number, self._message
        to = [address for address in message.recipients if address in self._people]
        self._mail(message.sender, message.recipients)
        if to and number % _ANSWERED == 0:
            note = "IPM.Note.Rules.OofTemplate.Microsoft"
            self._mail(to[0], [message.sender], what="oof", item_class=note)
        if to and number % _INVITED == 0:
            self._mail(to[0], to[1:] or to, what="mtg", item_class="IPM.Schedule.Meeting.Request")
        if number % _FAILED == 0:
            self._report(message.sender)

    def _mail(
        self,
        sender: str,
        recipients: Sequence[str],
        what: str = "mail",
        item_class: str = "IPM.Note",
    ) -> None:
        second, home = self._message.sent_at, _home(sender)
        common = self._ids(what) | {
            "sender_address": sender,
            "return_path": sender,
            "recipient_address": listed(recipients),
            "recipient_count": str(len(recipients)),
            "message_subject": _subject(self._number),
            "total_bytes": "7312",
        }
        is_inside = sender in self._people
        common["directionality"] = "Originating" if is_inside else "Incoming"
        if is_inside and (what != "mail" or self._number % _BY_SMTP):
            context = self._context(item_class)
            self._submitted(home, second, common, context)
        else:
            self._add(home, TRANSPORT, second, "SMTP", "RECEIVE", common)
        self._add(home, TRANSPORT, second, "AGENT", "AGENTINFO", common)
        homes = {_home(address) for address in recipients if address in self._people}
        for other in sorted(homes - {home}):
            self._add(home, TRANSPORT, second, "SMTP", "HAREDIRECT", common)
            self._add(other, TRANSPORT, second, "SMTP", "RECEIVE", common)
            self._add(home, TRANSPORT, second, "SMTP", "SEND", common)
        for address in recipients:
            if address in self._people:
                self._delivered(second, common | {"recipient_address": address}, what)
            else:
                self._add(home, TRANSPORT, second, "SMTP", "SENDEXTERNAL", common)

    def _submitted(self, home: str, second: int, common: dict[str, str], context: str) -> None:
        add = self._add
        no_id = {"source_context": context}
        add(home, SUBMISSION, second, "STOREDRIVER", "NOTIFYMAPI", no_id)
        add(home, SUBMISSION, second, "STOREDRIVER", "SUBMIT", common | no_id)
        add(home, TRANSPORT, second, "STOREDRIVER", "RECEIVE", common | no_id)

    def _delivered(self, second: int, values: dict[str, str], what: str) -> None:
        home = _home(values["recipient_address"])
        self._add(home, DELIVERY, second, "STOREDRIVER", "DELIVER", values)
        if what == "mail" and self._number % _AGAIN == 0:
            again = second + _AGAIN_S
            self._add(home, TRANSPORT, again, "SAFETYNET", "RESUBMIT", values)
            self._add(home, DELIVERY, again, "STOREDRIVER", "DELIVER", values)
            self._add(home, DELIVERY, again, "STOREDRIVER", "DUPLICATEDELIVER", values)

    def _report(self, sender: str) -> None:
        """A report that a mail could not be delivered."""
        if sender not in self._people:
            return
        second, home = self._message.sent_at, _home(sender)
        values = self._ids("dsn") | {
            "sender_address": f"{_SYSTEM}@noibo.test",
            "return_path": "<>",
            "recipient_address": sender,
            "message_subject": "Undeliverable",
        }
        self._add(home, TRANSPORT, second, "DSN", "DSN", values)
        self._add(home, DELIVERY, second, "STOREDRIVER", "DELIVER", values)

    def _add(
        self, server: str, series: str, second: int, source: str, event: str, values: dict[str, str]
    ) -> None:
        internal = crc32(f"{server}{self._number}".encode())
        own = {"source": source, "event_id": event, "internal_message_id": str(internal)}
        host = {"server_hostname": server, "client_hostname": f"{server}.noibo.test"}
        self._logs.add(server, series, second, **(host | values | own))

    def _ids(self, what: str) -> dict[str, str]:
        name = f"{what}.{self._number}.{self._message.sent_at}"
        network = UUID(int=crc32(name.encode()) << 96 | self._number)
        return {"message_id": f"<{name}@noibo.test>", "network_message_id": str(network)}

    def _context(self, item_class: str) -> str:
        client = _CLIENTS[self._number % len(_CLIENTS)]
        mailbox = UUID(int=crc32(self._message.sender.encode()))
        return (
            f"MDB:{UUID(int=1)}, Mailbox:{mailbox}, Event:{self._number},"
            f" MessageClass:{item_class}, ClientType:{client}"
        )


def _subject(number: int) -> str:
    return _SUBJECTS.get(number % _OF_SUBJECTS, f"Báo cáo tuần {number % 52 + 1}")


def _home(address: str) -> str:
    """The server whose database holds a mailbox; where mail from outside comes in, of others."""
    return tuple(SERVERS)[crc32(address.encode()) % len(SERVERS)]


def _hour_name(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y%m%d%H}"
