"""Pictures judged by a small Run for images, beside what its own view and network say."""

import numpy as np
import pytest
from PIL import Image

from faultdiag.errors import ParameterError, RecordError
from faultdiag.inference.images import are_images, find_images, predict_images, read_image
from faultdiag.inference.predict import predict
from faultdiag.inference.run import Run

pytestmark = pytest.mark.keras

SHAPE = (8, 8, 3)


def picture(seed=0, height=8, width=8):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture
def saved(tmp_path):
    """A function that saves pixels as a PNG and returns its path."""

    def save(pixels, name="x.png", **options):
        Image.fromarray(pixels).save(tmp_path / name, **options)
        return tmp_path / name

    return save


def test_an_image_of_the_right_size_is_taken_as_it_is(saved):
    pixels, said = read_image(saved(picture()), SHAPE)
    np.testing.assert_array_equal(pixels, picture())
    assert said == []


def test_another_size_is_resized_and_said(saved):
    flat = np.full((40, 30, 3), 77, np.uint8)
    pixels, said = read_image(saved(flat), SHAPE)
    np.testing.assert_array_equal(pixels, np.full(SHAPE, 77))
    assert said == ["resized from 30 x 40 to 8 x 8 pixels, which changes its proportions"]
    assert read_image(saved(flat[:30]), SHAPE)[1] == ["resized from 30 x 30 to 8 x 8 pixels"]


def test_left_stays_left_and_top_stays_top(saved):
    large = np.zeros((16, 16, 3), np.uint8)
    large[:8, 8:, 0] = 255
    pixels, _ = read_image(saved(large), SHAPE)
    assert pixels[1, 6].tolist() == [255, 0, 0]
    assert pixels[6, 1].tolist() == [0, 0, 0]


def test_a_camera_held_sideways_is_turned(saved):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    pixels, _ = read_image(saved(picture(), exif=exif), SHAPE)
    np.testing.assert_array_equal(pixels, np.rot90(picture(), -1))


def test_grey_becomes_colour_and_colour_grey(saved):
    grey = picture()[:, :, 0]
    pixels, _ = read_image(saved(grey), SHAPE)
    np.testing.assert_array_equal(pixels, np.repeat(grey[:, :, None], 3, axis=2))
    assert read_image(saved(picture()), (8, 8, 1))[0].shape == (8, 8, 1)


def test_transparency_is_left_out_and_said(saved):
    pixels, said = read_image(saved(np.dstack([picture(), np.full((8, 8), 9, np.uint8)])), SHAPE)
    np.testing.assert_array_equal(pixels, picture())
    assert said == ["transparency was left out"]


def test_of_several_pictures_the_first_one_counts(tmp_path):
    frames = [Image.fromarray(np.full(SHAPE, value, np.uint8)) for value in (10, 200)]
    frames[0].save(tmp_path / "x.tif", save_all=True, append_images=frames[1:])
    pixels, said = read_image(tmp_path / "x.tif", SHAPE)
    assert pixels.max() == 10
    assert said == ["has several pictures: the first one was judged"]


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_refused(tmp_path, content):
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=f"^{path}: (no image that can be read|damaged image)"):
        read_image(path, SHAPE)


def test_a_cut_image_is_refused(saved):
    path = saved(picture(height=64, width=64))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(RecordError, match=rf"^{path}: damaged image \("):
        read_image(path, (64, 64, 3))


def test_an_image_larger_than_memory_should_bear_is_refused(saved, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(RecordError, match="damaged image"):
        read_image(saved(picture()), SHAPE)


def test_answers_are_those_of_view_and_network(image_run, saved):
    paths = [saved(picture(i), f"{i}.png") for i in range(3)]
    answers = predict_images(image_run, paths)
    expected = image_run.probabilities(np.stack([picture(i) for i in range(3)]))
    for answer, path, row in zip(answers, paths, expected, strict=True):
        assert (answer.file, answer.status, answer.windows, answer.share) == (str(path), "ok", 1, 1.0)
        np.testing.assert_allclose(list(answer.probabilities.values()), row, rtol=1e-5)
        assert answer.label == image_run.classes[row.argmax()]
        assert answer.image is None


def test_one_that_cannot_be_read_stays_in_its_place(image_run, saved, tmp_path):
    (tmp_path / "1.png").write_bytes(b"none")
    paths = [saved(picture(0), "0.png"), tmp_path / "1.png", saved(picture(2), "2.png")]
    answers = predict(paths, run=image_run)
    assert [a.status for a in answers] == ["ok", "error", "ok"]
    assert [a.file for a in answers] == [str(p) for p in paths]
    assert "no image that can be read" in answers[1].error


def test_a_folder_gives_its_images(image_run, saved, tmp_path):
    saved(picture(1), "b.PNG")
    saved(picture(0), "a.png")
    (tmp_path / "notes.txt").write_text("no image")
    answers = predict(tmp_path, run=image_run, trace=True)
    assert [a.file for a in answers] == [str(tmp_path / name) for name in ("a.png", "b.PNG")]
    np.testing.assert_array_equal(answers[0].image, picture(0))


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(RecordError, match="no image file; readable are .bmp, "):
        find_images(tmp_path)


def test_arrays_are_images_of_the_right_size(image_run):
    one, several = predict(picture(), run=image_run), predict(picture()[None].repeat(2, 0), run=image_run)
    assert [a.signal for a in several] == [0, 1]
    assert one[0].probabilities == pytest.approx(several[0].probabilities)
    with pytest.raises(
        ParameterError, match=r"takes images as bytes of shape \[8, 8, 3\] or \[n, 8, 8, 3\], got"
    ):
        predict(np.zeros((9, 8, 3), np.uint8), run=image_run)
    with pytest.raises(ParameterError, match=r"got float64 \[8, 8, 3\]"):
        predict(np.zeros(SHAPE), run=image_run)


@pytest.mark.parametrize(
    "options", [{"rate_hz": 1000.0}, {"speed_rpm": 60.0}, {"channel": "x"}, {"variable": "y"}]
)
def test_what_describes_signals_is_refused(image_run, options):
    (name,) = options
    with pytest.raises(ParameterError, match=f"^{name} .*: this Run takes images, which have none; leave"):
        predict(picture(), run=image_run, **options)


def test_a_missing_file_is_an_error_before_anything_is_judged(image_run, saved):
    with pytest.raises(ParameterError, match="file not found: nowhere.png"):
        predict([saved(picture()), "nowhere.png"], run=image_run)


def test_paths_of_images_are_known_by_their_ending():
    assert are_images("photo.JPG")
    assert are_images(["a.png", "b.webp"])
    assert not are_images(["a.png", "b.mat"])
    assert not are_images([])
    assert not are_images(np.zeros(3))


def test_without_a_run_images_ask_for_the_newest_one_of_images(image_run, saved, tmp_path, monkeypatch):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "mine").symlink_to(image_run.folder.resolve())
    monkeypatch.chdir(tmp_path)
    (answer,) = predict(saved(picture()))
    assert answer.run == "runs/mine"


def test_a_run_for_images_is_refused(tone_run, tone_of):
    images = Run(tone_run.folder, tone_run.document.model_copy(update={"input": "image"}))
    with pytest.raises(ParameterError, match="this Run takes images, not signals; name another with --run"):
        predict([tone_of("inner")], run=images)
