"""Parts of a bearing by name."""

__all__ = ["part_name"]

PARTS = {"outer": "the outer race", "inner": "the inner race", "ball": "a ball or roller", "cage": "the cage"}


def part_name(label: str) -> str:
    """Return the name of a part with its article; a label that is none stays as it is.

    Examples
    --------
    >>> part_name("outer")
    'the outer race'
    """
    return PARTS.get(label, label)
