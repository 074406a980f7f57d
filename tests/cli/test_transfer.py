import re

from faultdiag.cli import transfer
from faultdiag.cli.transfer import shown_progress


def tell(progress):
    for file, n_bytes in (("1.mat", 1e6), ("1.mat", 2e6), ("2.mat", 3e6), ("2.mat", 4e6)):
        progress(file, int(n_bytes), 4_000_000)


def test_a_pipe_gets_a_line_for_each_file(capsys):
    with shown_progress() as progress:
        tell(progress)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "fetching 1.mat (1 of 4 MB)\nfetching 2.mat (3 of 4 MB)\n"


def test_quiet_is_nothing():
    with shown_progress(quiet=True) as progress:
        assert progress is None


def test_a_terminal_gets_a_bar_that_ends_full(capsys, monkeypatch):
    monkeypatch.setattr(transfer.sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with shown_progress() as progress:
        tell(progress)
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(r"2\.mat.*4\.0/4\.0 MB", err)
