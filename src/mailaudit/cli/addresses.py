"""Mail addresses on the command line."""

from mailaudit.errors import N_, UsageError


def one_address(option: str, text: str) -> str:
    """The address that an option names, lower case. Raises UsageError where it is not one."""
    from mailaudit.settings.delivery import is_address

    if not is_address(text):
        raise UsageError(
            N_("{option} {text} is not a mail address."),
            N_("Write one address, such as {example}."),
            option=option,
            text=text,
            example="administrator@example.gov.vn",
        )
    return text.lower()
