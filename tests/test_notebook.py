"""Seeds shift with the environment; a claim prints or stops."""

import subprocess
import sys
import tomllib
from pathlib import Path

import keras
import numpy as np
import pytest

import ganbook
from ganbook import claim, setup


def test_setup_seeds_everything(monkeypatch):
    monkeypatch.delenv("GANBOOK_SEED", raising=False)

    def draw():
        return np.random.rand(), float(keras.random.normal(()))  # noqa: NPY002

    assert setup(seed=3) == 3
    first = draw()
    setup(seed=3)
    assert draw() == first
    setup(seed=4)
    assert draw() != first


def test_seed_from_numpy(monkeypatch):
    monkeypatch.delenv("GANBOOK_SEED", raising=False)
    assert setup(np.int64(3)) == 3


def test_environment_shifts_the_seed(monkeypatch):
    monkeypatch.setenv("GANBOOK_SEED", "2")
    assert setup(seed=3) == 5
    monkeypatch.setenv("GANBOOK_SEED", "lucky")
    with pytest.raises(ValueError, match="GANBOOK_SEED: expected an integer >= 0"):
        setup()


@pytest.mark.parametrize(
    ("seed", "error"), [("0", TypeError), (True, TypeError), (-1, ValueError)]
)
def test_wrong_seed(seed, error):
    with pytest.raises(error, match="seed: expected an integer"):
        setup(seed)


def test_claim_prints(capsys):
    claim("one is below two", 1 < 2, one=1)
    claim("also from NumPy", np.bool_(True))
    claim("an array of one", np.array(True))
    claim("a tensor", keras.ops.convert_to_tensor(True))
    said = "one is below two", "also from NumPy", "an array of one", "a tensor"
    assert capsys.readouterr().out == "".join(f"✓ {line}\n" for line in said)


def test_claim_stops_on_a_false_tensor():
    with pytest.raises(AssertionError, match="does not hold"):
        claim("a tensor", keras.ops.convert_to_tensor(False))


def test_claim_stops_with_what_was_observed():
    with pytest.raises(AssertionError) as error:
        claim("all modes are found", False, modes=7, share=0.123456, what="ring")
    assert str(error.value) == (
        "claim does not hold: all modes are found (modes=7, share=0.1235, what=ring)"
    )


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("x", np.array([True])),
        ("x", None),
        (True, True),
        ("x", "yes"),
        ("x", float("nan")),
        ("x", 1),
        ("x", np.float64(0.3)),
        ("x", keras.ops.convert_to_tensor([True])),
        ("x", bool),
    ],
)
def test_claim_wants_a_sentence_and_one_truth_value(text, condition):
    with pytest.raises(TypeError, match="expected"):
        claim(text, condition)


def test_every_module_is_reachable():
    for name in ganbook.__all__:
        assert getattr(ganbook, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = ganbook.nonsense


def test_import_stays_light():
    """Matplotlib, SciPy and scikit-learn would double the import time."""
    code = """
import sys, keras
before = set(sys.modules)
import ganbook
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(new & {"matplotlib", "scipy", "sklearn"}))
"""
    run = [sys.executable, "-c", code]
    out = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_versions_agree():
    root = Path(__file__).resolve().parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    citation = (root / "CITATION.cff").read_text()
    assert project["version"] == ganbook.__version__
    assert f"\nversion: {ganbook.__version__}\n" in citation
