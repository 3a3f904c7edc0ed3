"""Mail domains: which are the organisation's, and which mailboxes have one."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def is_inside(domain: str, inside_domains: frozenset[str]) -> bool:
    """Whether a mail domain is one of these, all lower case, or lies below one."""
    domain = domain.casefold()
    return domain in inside_domains or domain.endswith(
        tuple("." + inside for inside in inside_domains)
    )


def is_asked(mailbox: str, domains: frozenset[str]) -> bool:
    """Whether a source of these domains is asked for the mailbox; one without any is for all."""
    return not domains or is_inside(mailbox.rpartition("@")[2], domains)
