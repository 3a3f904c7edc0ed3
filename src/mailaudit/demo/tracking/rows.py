"""Rows of message tracking logs, as two versions of Exchange write them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

_2013 = (
    "date-time",
    "client-ip",
    "client-hostname",
    "server-ip",
    "server-hostname",
    "source-context",
    "connector-id",
    "source",
    "event-id",
    "internal-message-id",
    "message-id",
    "network-message-id",
    "recipient-address",
    "recipient-status",
    "total-bytes",
    "recipient-count",
    "related-recipient-address",
    "reference",
    "message-subject",
    "sender-address",
    "return-path",
    "message-info",
    "directionality",
    "tenant-id",
    "original-client-ip",
    "original-server-ip",
    "custom-data",
)
_2016 = (*_2013, "transport-traffic-type", "log-id", "schema-version")
# By the name of the server.
SERVERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "EX01": ("15.01.2507.039", _2016),
    "EX02": ("15.00.1497.048", _2013),
}
_TO_QUOTE = frozenset(',"\r\n')


def head(server: str, second: int) -> str:
    """The lines that a log of the server begins with."""
    version, columns = SERVERS[server]
    lines = (
        "#Software: Microsoft Exchange Server",
        f"#Version: {version}",
        "#Log-type: Message Tracking Log",
        f"#Date: {written_time(second)}",
        f"#Fields: {','.join(columns)}",
    )
    return "".join(f"{line}\r\n" for line in lines)


def row(server: str, second: int, values: Mapping[str, str]) -> str:
    """A row of the server's log. `values` are by name of the column, with "_" for "-"."""
    columns = SERVERS[server][1]
    given = {name.replace("_", "-"): text for name, text in values.items()}
    given["date-time"] = written_time(second)
    return ",".join(_quoted(given.get(name, "")) for name in columns) + "\r\n"


def listed(addresses: Iterable[str]) -> str:
    """Several addresses in one field."""
    return ";".join(addresses)


def written_time(second: int) -> str:
    """A time as a log has it."""
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.{second * 37 % 1000:03d}Z"


def _quoted(text: str) -> str:
    if _TO_QUOTE.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'
