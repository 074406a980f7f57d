"""Pictures, judged by a Run for images."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import ParameterError, RecordError
from faultdiag.inference.prediction import Prediction

if TYPE_CHECKING:
    from PIL.Image import Image

    from faultdiag.inference.run import Run

__all__ = ["ENDINGS", "are_images", "find_images", "predict_images", "read_image"]

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp")
"""Of the files that are taken for images."""

BATCH = 256
"""Images that are judged at once."""

_MODES = {1: "L", 3: "RGB"}


def are_images(sources: Any) -> bool:
    """Whether all of some paths, at least one, have the ending of an image."""
    listed = [sources] if isinstance(sources, Path | str) else sources
    if not isinstance(listed, list | tuple) or not listed:
        return False
    return all(isinstance(item, Path | str) and str(item).lower().endswith(ENDINGS) for item in listed)


def find_images(folder: Path) -> list[Path]:
    """Return every file below a folder that has the ending of an image and is not hidden, sorted.

    Raises
    ------
    RecordError
        If there is none.
    """
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.name.lower().endswith(ENDINGS) and path.name[0] != "." and path.is_file()
    )
    if not found:
        raise RecordError(f"{folder}: no image file; readable are {', '.join(ENDINGS)}")
    return found


def read_image(path: Path, shape: tuple[int, ...]) -> tuple[NDArray[np.uint8], list[str]]:
    """Read an image in the size and colours of a Run.

    Parameters
    ----------
    path : Path
        File of any format that Pillow reads.
    shape : tuple of int
        Height, width and channels, 1 (grey) or 3 (red, green, blue).

    Returns
    -------
    pixels : ndarray of uint8, shape `shape`
        Turned as the camera says, resized by bicubic interpolation.
    said : list of str
        What was changed.

    Raises
    ------
    RecordError
        If it is no image, or a damaged one.
    """
    from PIL import Image, ImageOps

    height, width, channels = shape
    try:
        with Image.open(path) as opened:
            turned = ImageOps.exif_transpose(opened)
            said = _warnings(turned, getattr(opened, "n_frames", 1), width, height)
            plain = turned.convert(_MODES[channels])
            if plain.size != (width, height):
                plain = plain.resize((width, height), Image.Resampling.BICUBIC)
            pixels = np.asarray(plain, np.uint8).reshape(shape)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = (
            "no image that can be read" if "cannot identify" in str(error) else f"damaged image ({error})"
        )
        raise RecordError(f"{path}: {reason}") from error
    return pixels, said


def predict_images(run: "Run", sources: Any, *, keep: bool = False) -> list[Prediction]:
    """Say what each picture shows.

    Parameters
    ----------
    run : Run
        A Run for images.
    sources : path, list of paths, or ndarray of uint8, shape [height, width, channels] or [n, ...]
        Files, folders (every image in them), or images in the Run's size.
    keep : bool
        Whether the answers keep the images as they were judged, for a contact sheet.

    Returns
    -------
    list of Prediction
        One for each image, in order. One that cannot be read has status "error".

    Raises
    ------
    ParameterError
        If a path does not exist, or an array has another shape or type.
    RecordError
        If a folder holds no image.
    """
    shape = run.document.network.input_shape
    answers: list[Prediction] = []
    waiting: list[tuple[str, int, NDArray[np.uint8], list[str]]] = []

    def judge_waiting() -> None:
        if waiting:
            probabilities = run.probabilities(np.stack([pixels for _, _, pixels, _ in waiting]))
            for (name, number, pixels, said), row in zip(waiting, probabilities, strict=True):
                answers.append(_answer(run, name, number, row, said, pixels if keep else None))
            waiting.clear()

    for name, number, source in _each(sources, shape):
        try:
            pixels, said = (source, []) if isinstance(source, np.ndarray) else read_image(source, shape)
        except RecordError as error:
            judge_waiting()  # answers stay in order
            answers.append(Prediction.failed(file=name, signal=number, run=str(run.folder), error=str(error)))
            continue
        waiting.append((name, number, pixels, said))
        if len(waiting) == BATCH:
            judge_waiting()
    judge_waiting()
    return answers


def _warnings(image: "Image", n_pictures: int, width: int, height: int) -> list[str]:
    said = []
    if image.size != (width, height):
        found = "{} x {}".format(*image.size)
        stretched = "" if image.width * height == image.height * width else ", which changes its proportions"
        said.append(f"resized from {found} to {width} x {height} pixels{stretched}")
    if n_pictures > 1:
        said.append("has several pictures: the first one was judged")
    if "A" in image.getbands() or "transparency" in image.info:
        said.append("transparency was left out")
    return said


def _each(sources: Any, shape: tuple[int, ...]) -> Iterator[tuple[str, int, Path | NDArray[np.uint8]]]:
    """Name, number in it, and image or path of each; a missing file is an error before any is judged."""
    if isinstance(sources, np.ndarray):
        images = sources if sources.ndim == 4 else sources[None]
        if images.dtype != np.uint8 or images.shape[1:] != tuple(shape):
            raise ParameterError(
                f"array: this Run takes images as bytes of shape {list(shape)} or [n, "
                f"{', '.join(map(str, shape))}], got {sources.dtype} {list(sources.shape)}"
            )
        for number, image in enumerate(images):
            yield "array", number, image
        return
    listed = [sources] if isinstance(sources, Path | str) else list(sources)
    for item in listed:
        if not isinstance(item, Path | str):
            raise ParameterError(
                f"images: give paths, or one array of bytes, got {type(item).__name__}: "
                "this Run takes images, not signals; name another with --run"
            )
        if not Path(item).exists():
            raise ParameterError(f"file not found: {item}")
    for item in listed:
        path = Path(item)
        for file in find_images(path) if path.is_dir() else [path]:
            yield str(file), 0, file


def _answer(
    run: "Run",
    name: str,
    number: int,
    probabilities: NDArray[np.floating[Any]],
    said: list[str],
    pixels: NDArray[np.uint8] | None,
) -> Prediction:
    best = int(probabilities.argmax())
    return Prediction(
        file=name,
        signal=number,
        status="ok",
        label=run.classes[best],
        probability=float(probabilities[best]),
        probabilities={c: float(p) for c, p in zip(run.classes, probabilities, strict=True)},
        windows=1,
        share=1.0,
        run=str(run.folder),
        warnings=said,
        image=pixels,
    )
