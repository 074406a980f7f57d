"""card.md: what a person must know before trusting a Run."""

from faultdiag.inference.summary import meaning, results_table
from faultdiag.runs.document import RunDocument

__all__ = ["card_text"]


def card_text(document: RunDocument) -> str:
    """Return the model card of a Run, in Markdown."""
    data, training, results = (
        document.data,
        document.training,
        [r.model_dump() for r in document.metrics.results],
    )
    low = "" if data.lowpass_hz is None else ", low-pass {:g} to {:g} Hz".format(*data.lowpass_hz)
    channels = ", ".join(data.channels) or "of the image"
    made = f"on {document.created} ({training['backend']}, {training['device']})"
    network = f"`{document.network.name}` with {document.network.n_parameters:,} parameters"
    rate = "unknown rate" if data.rate_hz is None else f"{data.rate_hz:g} Hz"
    window = f"windows of {data.window} samples at {rate}{low}" if document.input == "signal" else "images"
    notes = "\n".join(f"- {note}" for note in training["notes"]) or "- none"
    return f"""# {document.dataset}, task {document.task}

Made by faultdiag {document.faultdiag_version} {made}.

## What it does
Takes {window}, channels {channels}, and says one of: {", ".join(document.classes)}.
View `{document.view["name"]}`, network {network},
trained for {training["epochs"]} epochs on {training["windows"]} windows of {len(document.trained_on)} records
(seed {document.recipe["seed"]}); the recipe is in recipe.toml.

## How right it is
```
{results_table(results) if results else "nothing was held out"}
```
{meaning(results)}

## What to know
{notes}
- Probabilities: {document.calibration["reason"]}.
- Inputs unlike the training data: {_unlike_text(document)}.

![accuracy of each test](results.png)
![confusion](confusion.png)
![history](history.png)
"""


def _unlike_text(document: RunDocument) -> str:
    likeness = document.calibration.get("unlike")
    if likeness is None:
        return "not flagged: that takes signals of 4 bearings at least whose class has another one"
    bearings = likeness["bearings"]
    return f"flagged above a limit that {bearings} training bearings, left out in turn, have set"
