"""The affine map of record 16's augmentation, for whichever library draws and warps."""

from typing import Any

__all__ = ["affine_maps"]


def affine_maps(
    *, angle: Any, shear: Any, down: Any, right: Any, zoom: tuple[Any, Any], mirror: Any, xp: Any
) -> Any:
    """Return the maps from places in the result to places in the image, both from the centre.

    The product rotation * shift * shear * zoom * mirror of the note behind record 16, as one matrix.

    Parameters
    ----------
    angle, shear : array, shape [batch]
        In radians.
    down, right : array, shape [batch]
        Shifts in pixels.
    zoom : pair of array, shape [batch]
        Factors of rows and columns; above 1 shrinks what is seen.
    mirror : array, shape [batch]
        -1 mirrors left to right, 1 does not.
    xp : module
        Whose arrays these are: numpy, keras.ops, jax.numpy or torch.

    Returns
    -------
    array, shape [batch, 2, 3]
        ``[row, column] = map @ [row, column, 1]``, in pixels.
    """
    zoom_rows, zoom_columns = zoom[0], zoom[1] * mirror
    cos, sin = xp.cos(angle), xp.sin(angle)
    rows = [cos * zoom_rows, -xp.sin(angle + shear) * zoom_columns, cos * down - sin * right]
    columns = [sin * zoom_rows, xp.cos(angle + shear) * zoom_columns, sin * down + cos * right]
    return xp.stack([xp.stack(rows, -1), xp.stack(columns, -1)], -2)
