"""TensorFlow, JAX and PyTorch take the same step: same weights, latents and batch."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import pytest

SCRIPT = """
import sys
import numpy as np
from ganbook import autodiff
from keras import ops

rng = np.random.default_rng(5)
pool = {"normal": rng.normal(size=4096), "uniform": rng.uniform(size=4096)}

def draw(random, shape, seed):
    # each backend has random numbers of its own: all of them get these
    numbers = pool[random.__name__].astype("float32").reshape(-1, *shape[1:])
    return ops.convert_to_tensor(numbers)[: shape[0]]

autodiff.draw = draw
import test_devices
out = {}
for index, (loss, terms) in enumerate(test_devices.STEPS):
    test_devices.make = lambda **kwargs: fixed(**kwargs)
    def fixed(**kwargs):
        from small import make
        gan = make(**kwargs)
        rng = np.random.default_rng(1)
        for network in (gan.generator, gan.discriminator):
            shapes = [w.shape for w in network.get_weights()]
            network.set_weights([rng.normal(size=s) * 0.5 for s in shapes])
        gan.average.set_weights(gan.generator.get_weights())
        return gan
    weights, logs = test_devices.one_step(loss, terms)
    for k, weight in enumerate(weights):
        out[f"{index}-{k}"] = weight
    for name, values in logs.items():
        out[f"{index}-{name}"] = np.array(values)
np.savez(sys.argv[1], **out)
"""


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """What each backend that is installed makes of the steps of test_devices."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("once is enough: every backend has a process of its own here")
    folder = tmp_path_factory.mktemp("backends")
    running = {}
    for backend in ("tensorflow", "jax", "torch"):
        if find_spec(backend):
            path = folder / f"{backend}.npz"
            environment = {
                "KERAS_BACKEND": backend,
                "PYTHONPATH": str(Path(__file__).parent),
            }
            command = [sys.executable, "-W", "ignore", "-c", SCRIPT, str(path)]
            process = subprocess.run(
                command,
                env=os.environ | environment,
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert process.returncode == 0, process.stderr[-3000:]
            running[backend] = dict(np.load(path))
    return running


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_every_backend_takes_the_step_of_tensorflow(steps, backend):
    if backend not in steps:
        pytest.skip(f"{backend} is not installed: make backends does that")
    assert steps[backend].keys() == steps["tensorflow"].keys()
    for name, expected in steps["tensorflow"].items():
        got = steps[backend][name]
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5, err_msg=name)
