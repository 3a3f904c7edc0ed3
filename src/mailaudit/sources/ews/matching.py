"""Matching: whether an answer belongs to the request it came after.

A server that answers one request twice, or a proxy that mixes answers up, would give one mailbox
another one's counts, and every later one on the same connection too.
"""

import re

from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.ews.link import Reply

REQUEST_ID = "client-request-id"
_OK = 200
_OPERATION = re.compile(rb"<s:Body><m:(\w+)")
_RESPONSE = re.compile(rb"<(?:[\w.-]+:)?(\w+)Response[\s>]")
_CLASS = re.compile(rb"""ResponseClass\s*=\s*["'](\w+)["']""")
_BEGINNING = 8192  # bytes, more than any SOAP header


class Matching:
    """What is known of a server's answers; shared by all its connections."""

    def __init__(self) -> None:
        self._repeats_ids = False

    def require_own(self, reply: Reply, request_id: str) -> None:
        """Exchange since 2013 repeats the id of a request in its answer; others need not.

        Errors may come from a proxy before Exchange, which does not repeat it.

        Raises:
            MailboxFault: The answer is one to another request.
        """
        repeated = reply.headers.get(REQUEST_ID)
        if repeated == request_id:
            self._repeats_ids = True
        elif repeated is not None or (self._repeats_ids and reply.status == _OK):
            raise malformed("answer to another request")

    def is_settled(self, envelope: bytes, reply: Reply) -> bool:
        """Whether nothing more can come for the request, so that its connection can be used again.

        After an error a second answer may follow. Where the id is not repeated, it must be seen
        from the answer itself that it is a sound one to such a request.
        """
        if reply.status != _OK:
            return False
        return REQUEST_ID in reply.headers or _answers(envelope, reply.content)


def _answers(envelope: bytes, content: bytes) -> bool:
    """Whether the content begins as a success of the operation that the envelope asks for.

    Its reader sees whether it has a part for each folder asked for; to count them here, too, would
    take as long as a good part of the reading.
    """
    asked, answered = _OPERATION.search(envelope), _RESPONSE.search(content, 0, _BEGINNING)
    if asked is None or answered is None or asked[1] != answered[1]:
        return False
    first = _CLASS.search(content, answered.end(), _BEGINNING)
    return first is not None and first[1] == b"Success"
