"""Recipes: layers, names, ranges, and the way to TOML and back."""

import math
import tomllib

import numpy as np
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.table import DATASETS
from faultdiag.errors import FaultdiagError, ParameterError
from faultdiag.records import Record
from faultdiag.training import recipe as recipe_module
from faultdiag.training.recipe import Recipe, make_recipe, parse_setting, recipe_toml


@pytest.fixture
def write(tmp_path):
    """Write a recipe file and return its path."""

    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def file_error(path):
    with pytest.raises(FaultdiagError) as caught:
        make_recipe("simulated", recipe=path)
    assert not isinstance(caught.value, ParameterError), "a file's fault is no fault of the command line"
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_the_card_wins_over_the_defaults():
    card = load_card("cwru").defaults
    recipe = make_recipe("cwru")
    assert (recipe.dataset, recipe.task, recipe.split) == ("cwru", card.task, card.split)
    assert (recipe.view.name, recipe.network.name) == (card.view, card.network)
    assert (recipe.data.channels, recipe.data.rate_hz) == (card.channels, card.rate_hz)
    assert recipe.data.lowpass_hz == card.lowpass_hz
    assert recipe.fit.batch_size == Recipe(dataset="a", task="b", split="c").fit.batch_size


@pytest.mark.parametrize("name", DATASETS.names())
def test_every_card_makes_a_recipe(name):
    assert make_recipe(name).dataset == name


def test_a_file_wins_over_the_card_and_settings_win_over_all(write):
    path = write('split = "random"\n[data]\nwindow = 512\n[fit]\nepochs = 3\nbatch_size = 8\n')
    from_card = make_recipe("simulated")
    assert (from_card.split, from_card.data.window) == ("group", 2048)
    from_file = make_recipe("simulated", recipe=path)
    assert (from_file.split, from_file.data.window, from_file.fit.epochs) == ("random", 512, 3)
    assert from_file.data.rate_hz == from_card.data.rate_hz, "keys the file does not name stay the card's"
    both = make_recipe("simulated", recipe=path, settings={"fit.epochs": 4, "split": "none"})
    assert (both.split, both.data.window, both.fit.epochs, both.fit.batch_size) == ("none", 512, 4, 8)


def test_an_unknown_key_of_a_file_gives_key_near_spelling_and_file(write):
    text = file_error(write("[fit]\nepoch = 3\n"))
    assert "unknown key 'fit.epoch'" in text
    assert "did you mean epochs?" in text


def test_an_unknown_table_of_a_file_gives_the_tables_there_are(write):
    text = file_error(write("[augmet]\nnoise = 0.1\n"))
    assert "unknown key 'augmet'; did you mean augment? There are: augment, data" in text


def test_a_value_out_of_range_in_a_file_gives_key_and_value(write):
    text = file_error(write("[augment]\nmask = 1.5\n"))
    assert "augment.mask = 1.5: Input should be less than 1" in text


def test_a_file_of_wrong_syntax_is_named_with_the_line(write):
    assert "not valid TOML" in (text := file_error(write("[fit]\nepochs = = 3\n")))
    assert "line 2" in text


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe[fit]")
    assert "not valid TOML" in file_error(path)


def test_a_file_that_cannot_be_read_is_named(write, monkeypatch):
    path = write("")
    read_text = type(path).read_text

    def refuse(self, **options):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return read_text(self, **options)

    monkeypatch.setattr(type(path), "read_text", refuse)
    assert "cannot be read: Permission denied" in file_error(path)


def test_a_file_for_another_data_set_is_refused(write):
    text = file_error(write('dataset = "cwru"\n'))
    assert "dataset = 'cwru' while 'simulated' is trained on; leave that key out" in text


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("fit.epoch", 3, "unknown key 'fit.epoch'; did you mean epochs"),
        ("fti.epochs", 3, "unknown key 'fti'; did you mean fit"),
        ("fit.epochs", 0, r"fit\.epochs = 0: Input should be greater than or equal to 1"),
        ("fit.epochs", "many", r"fit\.epochs = 'many': "),
        ("fit", 3, "fit = 3: "),
        ("fit.optimizer", "adam", r"fit\.optimizer = 'adam': Input should be 'adamw', 'muon' or 'sgd'"),
        ("fit.learning_rate", math.inf, r"fit\.learning_rate = inf: Input should be a finite number"),
        ("augment.noise", math.nan, r"augment\.noise = nan: "),
        ("data.lowpass_hz", [1.0], r"data\.lowpass_hz\.1 = "),
        ("seed", 2**31, "seed = 2147483648: Input should be less than 2147483648"),
        ("task", [1], r"task = \[1\]: Input should be a valid string"),
        ("dataset", "cwru", "dataset = 'cwru' while 'simulated' is trained on"),
    ],
)
def test_a_wrong_setting_is_a_wrong_parameter(key, value, message):
    with pytest.raises(ParameterError, match=message) as caught:
        make_recipe("simulated", settings={key: value})
    assert "\n" not in str(caught.value)


def test_an_unknown_data_set_gives_near_spellings():
    with pytest.raises(ParameterError, match="unknown data set 'cwur'; did you mean cwru"):
        make_recipe("cwur")


def test_a_recipe_that_is_not_there_is_a_wrong_parameter(tmp_path):
    path = tmp_path / "none.toml"
    with pytest.raises(ParameterError, match=r"none\.toml': no such file, and no recipe of that name"):
        make_recipe("simulated", recipe=path)


@pytest.fixture
def recipes(tmp_path, monkeypatch):
    """The folder of the recipes that come with the package, in another place."""
    monkeypatch.setattr(recipe_module.resources, "files", lambda package: tmp_path)
    (tmp_path / "recipes").mkdir()
    return tmp_path / "recipes"


def test_a_recipe_of_the_package_goes_by_its_name(recipes):
    (recipes / "quick.toml").write_text("[fit]\nepochs = 2\n")
    assert make_recipe(memory_examples(), recipe="quick").fit.epochs == 2
    with pytest.raises(ParameterError, match=r"recipe 'quik': no such file.*did you mean quick\?"):
        make_recipe(memory_examples(), recipe="quik")


def test_a_package_without_recipes_has_none(recipes):
    recipes.rmdir()
    with pytest.raises(ParameterError, match="no recipe of that name; there are: none"):
        make_recipe(memory_examples(), recipe="quick")


def test_another_network_drops_the_options_of_the_old_one(write):
    path = write('[network]\nname = "residual"\n[network.options]\nkernel = 7\n')
    kept = make_recipe("simulated", recipe=path, settings={"network.options.reduction": 4})
    assert kept.network.options == {"kernel": 7, "reduction": 4}
    same = make_recipe("simulated", recipe=path, settings={"network.name": "residual"})
    assert same.network.options == {"kernel": 7}
    other = make_recipe("simulated", recipe=path, settings={"network.name": "vibration"})
    assert (other.network.name, other.network.options) == ("vibration", {})


def test_settings_count_whatever_their_order():
    settings = {"network.options.kernel": 7, "network.name": "residual"}
    turned = dict(reversed(settings.items()))
    found = [make_recipe("simulated", settings=given).network for given in (settings, turned)]
    assert found[0] == found[1]
    assert (found[0].name, found[0].options) == ("residual", {"kernel": 7})


def memory_examples(**more):
    records = tuple(
        Record(source=np.ones((1, 8), np.float32), label=label, group=label) for label in ("a", "b")
    )
    return Examples(name="mine", task="fault", classes=("a", "b"), **({"records": records} | more))


def test_examples_in_memory_have_defaults_of_their_own():
    recipe = make_recipe(memory_examples(), settings={"network.options": {"kernel": 3}})
    assert (recipe.dataset, recipe.task, recipe.split) == ("mine", "fault", "group")
    assert (recipe.view.name, recipe.network.name) == ("raw", "vibration")
    assert recipe.network.options == {"kernel": 3}


def test_images_in_memory_have_others():
    images = memory_examples(
        records=(), images=np.zeros((4, 8, 8, 3), np.uint8), image_labels=np.array([0, 0, 1, 1])
    )
    recipe = make_recipe(images)
    assert (recipe.split, recipe.view.name, recipe.network.name) == ("random", "image", "residual")


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("fit.epochs=5", "fit.epochs", 5),
        (" fit.learning_rate = 1e-3 ", "fit.learning_rate", 1e-3),
        ("augment.flip_sign=true", "augment.flip_sign", True),
        ("data.channels=['DE', 'FE']", "data.channels", ["DE", "FE"]),
        (
            "network.options.stages=[[16, 1, 1], [32, 2, 2]]",
            "network.options.stages",
            [[16, 1, 1], [32, 2, 2]],
        ),
        ("network.name=residual", "network.name", "residual"),
        ("split=bearing:0.014", "split", "bearing:0.014"),
        ("a=b=c", "a", "b=c"),
        ("a=", "a", ""),
        ('a="5"', "a", "5"),
    ],
)
def test_a_setting_is_toml_or_text(text, key, value):
    assert parse_setting(text) == (key, value)


@pytest.mark.parametrize("text", ["fit.epochs", "=5", " =5", ""])
def test_a_setting_without_key_or_value_is_refused(text):
    with pytest.raises(ParameterError, match=r"--set '.*': write key=value, such as fit\.epochs=5"):
        parse_setting(text)


words = st.text("abcdefghijklmnop_", min_size=1, max_size=8)
scalars = (
    st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
option_values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(words, below, max_size=3),
    max_leaves=6,
)
recipes_strategy = st.builds(
    Recipe,
    dataset=st.just("simulated"),
    task=words,
    split=st.text(min_size=1, max_size=12),
    seed=st.integers(0, 2**31 - 1),
    data=st.builds(
        recipe_module.Data,
        channels=st.lists(st.text(), max_size=3).map(tuple),
        rate_hz=st.none() | st.floats(1e-3, 1e6),
        lowpass_hz=st.none() | st.tuples(st.floats(1, 100), st.floats(101, 1000)),
        window=st.integers(1, 10**6),
        train_hop=st.none() | st.integers(1, 10**6),
        options=st.dictionaries(words, option_values, max_size=3),
    ),
    view=st.builds(
        recipe_module.Named, name=words, options=st.dictionaries(words, option_values, max_size=2)
    ),
    network=st.builds(
        recipe_module.Named, name=words, options=st.dictionaries(words, option_values, max_size=3)
    ),
    augment=st.builds(
        recipe_module.Augment, noise=st.floats(0, 9), flip_sign=st.booleans(), mask=st.floats(0, 0.99)
    ),
    fit=st.builds(
        recipe_module.Fit,
        epochs=st.integers(1, 999),
        optimizer=st.sampled_from(["adamw", "sgd"]),
        learning_rate=st.floats(1e-9, 10),
        xla=st.none() | st.booleans(),
        precision=st.sampled_from(["auto", "float32", "mixed_bfloat16"]),
    ),
)


@given(recipes_strategy)
def test_toml_gives_the_recipe_back(recipe):
    assert Recipe(**tomllib.loads(recipe_toml(recipe))) == recipe


def test_the_toml_of_a_recipe_is_a_recipe_file(write):
    recipe = make_recipe("cwru", settings={"seed": 7, "network.options.kernel": 9, "fit.xla": True})
    assert make_recipe("cwru", recipe=write(recipe_toml(recipe))) == recipe


@given(words, scalars)
def test_a_setting_written_as_toml_is_read_as_it_was(key, value):
    assert parse_setting(tomli_w.dumps({key: value}).strip()) == (key, value)
