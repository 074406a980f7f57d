"""The errors of faultdiag: one sentence each (what, where, the value, the remedy), with its exit code."""

__all__ = [
    "DatasetError",
    "FaultdiagError",
    "Interrupted",
    "MissingExtraError",
    "ParameterError",
    "RecordError",
    "RunError",
]


class FaultdiagError(Exception):
    """Root of everything that faultdiag raises on purpose; the command line prints it as one line."""

    exit_code = 1


class ParameterError(FaultdiagError, ValueError):
    """An argument, option or name that is wrong by itself, whatever the files say."""

    exit_code = 2


class RecordError(FaultdiagError):
    """A signal file, or what it holds, cannot be used."""


class DatasetError(FaultdiagError):
    """A data set is absent, incomplete or contradicts itself."""


class RunError(FaultdiagError):
    """A Run folder is unfinished, damaged, of another version, or does not apply to the input."""


class MissingExtraError(FaultdiagError):
    """A library that an optional part needs is not installed.

    Parameters
    ----------
    what : str
        What was asked for, as the start of a sentence.
    extra : str
        Name of the extra that brings the library.
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f'{what} needs an optional part: pip install "faultdiag[{extra}]"')


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in work that can go on later; the message says how."""

    exit_code = 130
