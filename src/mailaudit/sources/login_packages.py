"""Packages of the system's logins, which libraries here import where they are installed.

Those libraries expect an ImportError and nothing else: gssapi raises OSError where the system has
no Kerberos, and would end every login, whatever its kind.
"""

import sys
from collections.abc import Mapping
from importlib import import_module

_PACKAGES = ("gssapi", "krb5", "requests_negotiate_sspi")


def _set_aside() -> dict[str, str]:
    """Makes packages that can't be loaded look as if they were not there; their names, and why."""
    broken = {}
    for name in _PACKAGES:
        try:
            import_module(name)
        except ModuleNotFoundError:
            continue
        except Exception as error:  # noqa: BLE001 - whatever a broken library raises
            broken[name] = str(error) or type(error).__name__
            sys.modules[name] = None  # type: ignore[assignment] # an import is an ImportError then
    return broken


BROKEN: Mapping[str, str] = _set_aside()
