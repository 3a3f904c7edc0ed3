"""Which answers are seen to belong to their requests, where ids are not repeated."""

import re

import pytest
from source_builders import MAY

from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.ews.link import Reply
from mailaudit.sources.ews.matching import Matching
from mailaudit.sources.faults import MailboxFault
from shared import SHARED

ENVELOPES = Envelopes("Exchange2016", MAY)
FOLDERS = ENVELOPES.find_folders("a@tinh.test")
ITEMS = ENVELOPES.find_items("a@tinh.test", ["f1", "f2"])


def answer(operation: str, *classes: str) -> bytes:
    parts = "".join(f'<m:{operation}ResponseMessage ResponseClass="{one}"/>' for one in classes)
    return (
        f"<s:Envelope><s:Header><h:ServerVersionInfo/></s:Header><s:Body><m:{operation}Response>"
        f"<m:ResponseMessages>{parts}</m:ResponseMessages></m:{operation}Response>"
        "</s:Body></s:Envelope>"
    ).encode()


@pytest.mark.parametrize(
    ("envelope", "status", "content", "settled"),
    [
        (FOLDERS, 200, answer("FindFolder", "Success"), True),
        (FOLDERS, 200, answer("FindFolder", "Success").replace(b'"', b"'"), True),
        (FOLDERS, 500, answer("FindFolder", "Success"), False),
        (FOLDERS, 200, answer("FindFolder", "Error"), False),
        (FOLDERS, 200, answer("FindItem", "Success"), False),
        (FOLDERS, 200, b"<s:Envelope><s:Body><s:Fault/></s:Body></s:Envelope>", False),
        (ITEMS, 200, answer("FindItem", "Success", "Success"), True),
        (ITEMS, 200, answer("FindItem", "Success", "Error"), True),
        (ITEMS, 200, answer("FindFolder", "Success"), False),
        (ITEMS, 200, answer("FindItem", "Error", "Error"), False),
    ],
)
def test_only_a_sound_answer_to_the_request_leaves_the_connection_in_use(
    envelope: bytes, status: int, content: bytes, settled: bool
) -> None:
    """After an error, or an answer to something else, one more answer may come."""
    assert Matching().is_settled(envelope, Reply(status, {}, content)) is settled


def test_answer_with_its_own_id_needs_no_other_proof() -> None:
    """Unless it is an error, which somebody before the server may follow up."""
    echoed = {"client-request-id": "1"}
    assert Matching().is_settled(FOLDERS, Reply(200, echoed, b""))
    assert not Matching().is_settled(FOLDERS, Reply(500, echoed, b""))


@pytest.mark.parametrize("name", ["02-findfolder-deep", "06-finditem-two-folders"])
def test_answers_of_a_real_server_that_repeats_no_ids_are_recognised(name: str) -> None:
    """Its connections stay in use: it is not logged in to anew for each request."""
    recording = SHARED / "ews-recordings" / f"{name}.request.xml"
    if not recording.exists():
        pytest.skip("the recordings of a real EWS server are not beside the project")
    envelope = re.sub(rb"<\w+:Body>\s*<\w+:", b"<s:Body><m:", recording.read_bytes())
    content = recording.with_name(f"{name}.response.xml").read_bytes()
    assert Matching().is_settled(envelope, Reply(200, {}, content))


@pytest.mark.parametrize(
    ("known_to_repeat", "status", "repeated", "is_own"),
    [
        (False, 200, None, True),
        (True, 200, None, False),
        (True, 500, None, True),
        (True, 200, "asked", True),
        (False, 200, "other", False),
        (False, 500, "other", False),
    ],
)
def test_ids_are_asked_for_where_the_server_repeats_them(
    known_to_repeat: bool, status: int, repeated: str | None, is_own: bool
) -> None:
    """A server that repeats none is believed; an error may come from somebody before it."""
    matching = Matching()
    if known_to_repeat:
        matching.require_own(Reply(200, {"client-request-id": "first"}, b""), "first")
    reply = Reply(status, {} if repeated is None else {"client-request-id": repeated}, b"")
    if is_own:
        matching.require_own(reply, "asked")
    else:
        with pytest.raises(MailboxFault, match="answer to another request"):
            matching.require_own(reply, "asked")
