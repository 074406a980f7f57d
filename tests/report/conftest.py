"""Records whose lines are known; what reads pages, as a parser and as a browser on a telephone."""

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest

from faultdiag.records import Record
from faultdiag.signal.angle import turns_from_speed

RATE_HZ = 12000.0


def knocking(
    n_samples, *, order, speed_rpm=1800.0, modulation=0.0, noise=0.3, resonance_hz=3000.0, rate_hz=RATE_HZ
):
    """Strikes at an order of the shaft that ring, stronger and weaker once a turn, in noise."""
    rng = np.random.default_rng(0)
    turns = turns_from_speed(speed_rpm, rate_hz=rate_hz, n_samples=n_samples)
    at_turns = np.arange(0, turns[-1], 1 / order)
    strikes = np.zeros(n_samples)
    where = np.interp(at_turns, turns, np.arange(n_samples)).astype(int)
    np.add.at(strikes, where, 1 + modulation * np.cos(2 * np.pi * at_turns))
    t = np.arange(240) / rate_hz
    ringing = np.convolve(strikes, np.exp(-600 * t) * np.sin(2 * np.pi * resonance_hz * t))[:n_samples]
    return ringing + noise * rng.standard_normal(n_samples)


@pytest.fixture(scope="session")
def inner():
    """Four seconds of a 6205 with a damaged inner race, off its place by 0.3 %, and a channel of noise."""
    samples = knocking(48000, order=5.415 * 0.997, modulation=0.5)
    noise = np.random.default_rng(1).standard_normal(48000)
    return Record(
        source=np.stack([samples, noise]),
        rate_hz=RATE_HZ,
        speed_rpm=1800.0,
        channels=("DE", "<b>far</b> end"),
        units=("g", "unknown"),
        origin="data/inner & outer.mat",
    )


@pytest.fixture(scope="session")
def run_up():
    """Six seconds of an outer race's strikes from 1000 to 1900 rpm, and two pulses of a tachometer a turn."""
    n = 72000
    speed_rpm = np.linspace(1000, 1900, n)
    turns = turns_from_speed(speed_rpm, rate_hz=RATE_HZ)
    tacho = 5.0 * ((2 * turns) % 1 < 0.2)
    return Record(
        source=np.stack([tacho, knocking(n, order=3.585, speed_rpm=speed_rpm)]),
        rate_hz=RATE_HZ,
        channels=("key", "housing"),
        units=("V", "m/s2"),
        origin="run-up.npz",
    )


VOID = {"meta", "img", "link", "br", "input"}


class Page(HTMLParser):
    """Elements of a page; every element must be closed by itself."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.text = [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def attributes(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


@pytest.fixture(scope="session")
def parsed():
    """What makes a `Page` of a text."""
    return Page


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

HARNESS = """<!DOCTYPE html><html><body>
<iframe width="390" height="800" src="%s"></iframe>
<script>
window.onload = () => {
  const inside = document.querySelector("iframe").contentDocument;
  const all = [...inside.body.querySelectorAll("*")];
  document.body.textContent = JSON.stringify({
    images: [...inside.images].map(image => [image.complete, image.naturalWidth, image.naturalHeight]),
    page: inside.documentElement.scrollWidth,
    text: inside.body.innerText,
    furthest: Math.max(...all.map(element => element.getBoundingClientRect().right)),
  });
};
</script></body></html>"""


@pytest.fixture(scope="session")
def on_telephone(tmp_path_factory):
    """Open a page without a network, 390 pixels wide, and return what the browser made of it."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("needs a browser: no Chromium is installed")
    profile = tmp_path_factory.mktemp("profile")
    options = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
        *("--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files"),
        f"--user-data-dir={profile}",
    ]

    def seen(page):
        harness = tmp_path_factory.mktemp("telephone") / "harness.html"
        harness.write_text(HARNESS % page.as_uri())
        command = [program, *options, "--dump-dom", harness.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        body = re.search(r"<body>(.*)</body>", done.stdout, re.DOTALL).group(1)
        return json.loads(html.unescape(body))

    return seen
