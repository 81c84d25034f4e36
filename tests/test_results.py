import json
from pathlib import Path

import pytest

from ganbook import results

FOLDER = Path(results.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_every_result_says_where_it_comes_from(name):
    found = results.load(name)["provenance"]
    assert found["command"] == f"python benchmarks/{name}.py"
    assert (FOLDER.parents[1] / "benchmarks" / f"{name}.py").exists()
    assert found["seconds"] > 0
    assert {"ganbook", "keras", "numpy", "python"} <= set(found["versions"])
    assert len(found["data"]) == 16


@pytest.mark.parametrize("name", NAMES)
def test_results_are_plain_and_small(name):
    path = FOLDER / f"{name}.json"
    assert path.stat().st_size < 200_000
    json.dumps(results.load(name), allow_nan=False)


def test_an_unknown_result():
    with pytest.raises(ValueError, match=r"name: expected one of .* got 'nonsense'"):
        results.load("nonsense")
