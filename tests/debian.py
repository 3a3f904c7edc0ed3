"""What is left out where a program of Debian is missing, said with the same words."""


def wanting(package: str) -> str:
    """The reason for leaving a test out."""
    return f"left out: needs the Debian package {package}"
