"""Mail domains: which are the organisation's."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def is_inside(domain: str, inside_domains: frozenset[str]) -> bool:
    """Whether a mail domain is one of these, all lower case, or lies below one."""
    domain = domain.casefold()
    return domain in inside_domains or domain.endswith(
        tuple("." + inside for inside in inside_domains)
    )
