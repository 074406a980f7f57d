"""The network of a Run: built by our table from run.json, filled with arrays; nothing of the file runs."""

import json
import shutil
import zipfile

import keras
import numpy as np
import pytest

from faultdiag.errors import ParameterError, RunError
from faultdiag.networks.table import NETWORKS
from faultdiag.runs.document import NetworkDocument
from faultdiag.runs.network import build_network, load_network

pytestmark = pytest.mark.keras

SMALL = {"stages": [], "stem_filters": 4, "stem_kernel": 3, "reduction": 2}


# the first convolution and its normalisation, four times the rectifier's layers, and the logits
N_PARAMETERS = 16 + 16 + (8 * 2 + 2) + 8 + (2 * 4 + 4) + 16 + (4 * 3 + 3)


def built(name="residual", options=SMALL, shape=(16, 1), n_classes=3):
    return build_network(name, input_shape=shape, n_classes=n_classes, options=options)


def document(**more):
    values = {"name": "residual", "options": SMALL, "input_shape": (16, 1), "n_parameters": N_PARAMETERS}
    return NetworkDocument(**values | more)


@pytest.fixture
def saved(tmp_path):
    """A network with weights by lot, saved as that of a Run."""
    model = built()
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.1, 1, w.shape) for w in model.get_weights()])
    model.save(tmp_path / "model.keras")
    return model


def logits(model, tensors):
    return np.asarray(model(tensors))


def test_a_network_comes_back_with_its_weights(saved, tmp_path):
    tensors = np.random.default_rng(1).standard_normal((5, 16, 1)).astype(np.float32)
    loaded = load_network(tmp_path, document(), 3)
    np.testing.assert_array_equal(logits(loaded, tensors), logits(saved, tensors))


def test_options_of_a_recipe_become_what_the_builder_declares():
    """TOML and JSON have lists for tuples."""
    lists = built(options={"stages": [[8, 1, 2]], "stem_filters": 8, "reduction": 4})
    tuples = NETWORKS.load("residual")(
        input_shape=(16, 1), n_classes=3, stages=((8, 1, 2),), stem_filters=8, reduction=4
    )
    assert [w.shape for w in lists.weights] == [w.shape for w in tuples.weights]


@pytest.mark.parametrize("name", NETWORKS.names())
def test_presets_take_options_too(name):
    options = {"momentum": 0.5, "stages": [[64, 1, 2]]}
    assert built(name, options, shape=(64, 1)).output_shape == (None, 3)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("residul", {}, r"unknown network 'residul'; did you mean residual\?"),
        ("residual", {"kernal": 3}, "network 'residual' has no option 'kernal'; did you mean kernel"),
        ("residual", {"n_classes": 3}, "network 'residual' has no option 'n_classes'"),
        (
            "residual",
            {"kernel": "wide"},
            "network 'residual': option kernel = 'wide': Input should be a valid int",
        ),
        ("residual", {"stages": 5}, "option stages = 5: Input should be a valid tuple"),
        ("residual", {"stages": [[8, 1]]}, r"option stages = \[\[8, 1\]\]: Field required"),
        (
            "residual",
            {"activation": "gelu"},
            "unknown activation 'gelu'; did you mean relu",
        ),
        ("vibration", {"kernel": None}, "network 'vibration': option kernel = None"),
        ("residual", {"kernel": 0}, "filters, kernel and stride must be positive"),
    ],
)
def test_what_does_not_fit_is_a_wrong_parameter(name, options, message):
    with pytest.raises(ParameterError, match=message) as caught:
        built(name, options)
    assert "\n" not in str(caught.value)


class Foreign:
    """What a file from elsewhere wants to have run."""

    ran = False

    @classmethod
    def from_config(cls, config):
        cls.ran = True
        return keras.Sequential()


def test_no_code_that_the_file_names_is_run(saved, tmp_path, monkeypatch):
    path = tmp_path / "model.keras"
    config = {"module": __name__, "class_name": "Foreign", "config": {}, "registered_name": "Foreign"}
    lambdas = {"module": "keras.layers", "class_name": "Lambda", "config": {"function": "…"}}
    for content in (config, lambdas):
        rewrite(path, {"config.json": json.dumps(content)})
        loaded = load_network(tmp_path, document(), 3)
        np.testing.assert_array_equal(loaded.get_weights()[0], saved.get_weights()[0])
    assert not Foreign.ran


def rewrite(path, files):
    """Put other files into an archive."""
    old = path.with_suffix(".old")
    shutil.move(path, old)
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, files.get(name, source.read(name)))


OTHERS = {
    "wider": {"stem_filters": 6, "reduction": 3},
    "deeper": {"stages": [[4, 1, 1]]},
    "longer": {"stem_kernel": 4},
    "plain": {"activation": "relu"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_number_of_parameters_is_refused(saved, tmp_path, other):
    with pytest.raises(
        RunError, match=r"model\.keras: the weights are not those of the network in run\.json"
    ):
        load_network(tmp_path, document(options=SMALL | other), 3)


@pytest.mark.parametrize("other", ["wider", "deeper", "longer"])
def test_other_arrays_are_refused_even_if_the_number_is_right(saved, tmp_path, other):
    """Keras itself would leave a layer without arrays as it was drawn, and only warn."""
    options = SMALL | OTHERS[other]
    count = built(options=options).count_params()
    with pytest.raises(RunError, match=r"the weights are not those of the network in run\.json"):
        load_network(tmp_path, document(options=options, n_parameters=count), 3)


def test_a_network_of_more_classes_is_refused(saved, tmp_path):
    with pytest.raises(RunError, match=r"the weights are not those of the network in run\.json"):
        load_network(tmp_path, document(n_parameters=N_PARAMETERS + 5), 4)


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_a_file_that_holds_no_arrays_is_refused(saved, tmp_path, content):
    path = tmp_path / "model.keras"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(RunError, match=r"model\.keras: the weights are not those") as caught:
        load_network(tmp_path, document(), 3)
    assert "\n" not in str(caught.value)


def test_an_archive_without_arrays_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(RunError, match=r"model\.keras: the weights are not those"):
        load_network(tmp_path, document(), 3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "elsewhere"}, "unknown network 'elsewhere'"),
        ({"options": {"depth": 9}}, "no option 'depth'"),
        ({"options": {"kernel": "wide"}}, "option kernel = 'wide'"),
    ],
)
def test_a_network_that_we_do_not_build_is_a_fault_of_the_run(saved, tmp_path, changed, message):
    with pytest.raises(RunError, match=rf"run\.json: .*{message}"):
        load_network(tmp_path, document(**changed), 3)
