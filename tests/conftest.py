"""Fixtures of several rooms: running servers, and the published schema of EWS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xmlschema
from exchangelib.protocol import Protocol
from lxml import etree
from requests.adapters import HTTPAdapter

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from shared import SHARED, Violations
from smtp_server import PostOffice, post_office

_MESSAGES = "{http://schemas.microsoft.com/exchange/services/2006/messages}"


@pytest.fixture(scope="session")
def violations() -> Violations:
    """Tells how the operation in a SOAP envelope breaks the published schema of EWS."""
    folder = SHARED / "ews-schema"
    if not folder.is_dir():
        pytest.skip(f"the schema of EWS is not at {folder.name}/ beside the project")
    schema = xmlschema.XMLSchema(str(folder / "messages.xsd"), validation="lax")

    def check(envelope: bytes) -> list[str]:
        found = []
        for element in etree.fromstring(envelope).iter():
            parent = element.getparent()
            if parent is not None and str(parent.tag).endswith("}Body"):
                if element.tag not in {_MESSAGES + name for name in schema.elements}:
                    found.append(f"{element.tag} is not in the schema")
                found += [str(error.reason) for error in schema.iter_errors(element)]
        return found

    return check


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    """The demonstration province on a server of its own, logging to `access.jsonl`."""
    folder = tmp_path_factory.mktemp("province")
    with served(folder, Options(access_log=folder / "access.jsonl")) as place:
        yield place


@pytest.fixture
def trusting(province: ServedAt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes exchangelib trust the province's certificate authority, whatever was set before."""

    class Adapter(HTTPAdapter):
        def cert_verify(
            self,
            conn: object,
            url: str,
            verify: bool | str | None,
            cert: str | tuple[str, str] | None,
        ) -> None:
            super().cert_verify(conn, url, str(province.ca_path), cert)

    monkeypatch.setattr(Protocol, "HTTP_ADAPTER_CLS", Adapter)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """An SMTP server that takes everything."""
    with post_office(tmp_path / "post") as office:
        yield office


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a month to deliver, to be copied and left as it is."""
    from delivery_folder import a_month_to_deliver  # beside the tests that use it

    folder = tmp_path_factory.mktemp("month")
    a_month_to_deliver(folder)
    return folder
