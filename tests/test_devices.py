"""Several devices take the step that one takes."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from small import X, fit, make

from ganbook import f_divergences, losses, penalties

LOSSES = [
    losses.Minimax(),
    losses.NonSaturating(),
    losses.LeastSquares(),
    losses.Hinge(),
    losses.Wasserstein(),
    losses.RelativisticPairing(),
    losses.RelativisticAverage(),
    *[losses.FGAN(name) for name in f_divergences.DIVERGENCES],
]
PENALTIES = [
    penalties.R1(0.1),
    penalties.R2(0.1),
    penalties.GradientPenalty(1.0),
    penalties.ZeroCentered(0.1),
    penalties.DRAGAN(1.0),
]
# penalties are added up: with all at once, each loss meets each of them
STEPS = [(loss, PENALTIES) for loss in LOSSES]
STEPS += [(losses.NonSaturating(), [penalty]) for penalty in PENALTIES]
STEPS += [(losses.RelativisticAverage(), [])]
NAMES = [f"{loss!r}-{len(terms)}-{terms[:1]}" for loss, terms in STEPS]


def one_step(loss, terms, x=X[:16], **kwargs):
    """Weights and logs after one step with large rates."""
    options = dict(loss=loss, penalties=terms, ema=0.5, instance_noise=0.1) | kwargs
    gan = make(optimizer=lambda rate: keras.optimizers.SGD(10 * rate), **options)
    logs = fit(gan, x).history
    weights = [*gan.get_weights(), *gan.average.get_weights()]
    return [w for w in weights if w.dtype == np.float32], logs


def same(one, other, tolerance):
    for a, b in zip(one[0], other[0], strict=True):
        np.testing.assert_allclose(b, a, rtol=tolerance, atol=tolerance)
    for name, values in one[1].items():
        np.testing.assert_allclose(other[1][name], values, rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def two_replicas():
    """One strategy for all tests: TensorFlow numbers collectives per process."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("tf.distribute")
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@pytest.mark.parametrize(("loss", "terms"), STEPS, ids=NAMES)
def test_two_replicas_take_the_step_of_one_device(two_replicas, loss, terms):
    with two_replicas.scope():
        double = one_step(loss, terms)
    same(one_step(loss, terms), double, 1e-6)


@pytest.mark.parametrize("n", [1, 7])
def test_replicas_with_unequal_shares_train(two_replicas, n):
    """Seven samples are four and three; of one sample, a replica gets none."""
    options = dict(x=X[:n], instance_noise=None)
    with two_replicas.scope():
        weights, logs = one_step(losses.NonSaturating(), PENALTIES[:2], **options)
    assert all(np.isfinite(w).all() for w in weights)
    assert all(np.isfinite(v).all() for v in logs.values())


# ---- JAX: in processes of their own, where the number of devices can be set ----

SCRIPT = """
import json, os, sys
import jax, keras, numpy as np
if os.environ.get("PROCESSES"):
    jax.distributed.initialize(os.environ["ADDRESS"], 2, int(os.environ["RANK"]))
keras.distribution.set_distribution(
    keras.distribution.DataParallel(devices=keras.distribution.list_devices())
)
from test_devices import STEPS, X, one_step
out = []
for loss, terms in STEPS[int(sys.argv[2])::int(sys.argv[3])]:
    if os.environ.get("PROCESSES"):
        import tensorflow as tf
        stream = tf.data.Dataset.from_tensor_slices(X[:16]).batch(16)
        weights, logs = one_step(loss, terms, stream)
    else:
        weights, logs = one_step(loss, terms)
    out.append([[w.tolist() for w in weights], logs])
json.dump(out, open(sys.argv[1], "w"))
"""
jax_only = pytest.mark.skipif(keras.backend.backend() != "jax", reason="jax.sharding")


def start(path, skip, stride, devices=1, **environment):
    environment |= {
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}",
        "KERAS_BACKEND": "jax",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    env = os.environ | environment
    command = [sys.executable, "-c", SCRIPT, str(path), str(skip), str(stride)]
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def finish(process):
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors[-3000:]


def loaded(path):
    return [
        ([np.array(w, "float32") for w in weights], logs)
        for weights, logs in json.loads(path.read_text())
    ]


@jax_only
def test_two_jax_devices_take_the_step_of_one(tmp_path):
    path = tmp_path / "two.json"
    finish(start(path, 0, 1, devices=2))
    for (loss, terms), double in zip(STEPS, loaded(path), strict=True):
        same(one_step(loss, terms), double, 1e-6)


@jax_only
def test_two_jax_processes_take_the_step_of_one(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = dict(PROCESSES="2", ADDRESS=address)
    processes = [
        start(tmp_path / f"{rank}.json", 0, 5, RANK=str(rank), **environment)
        for rank in range(2)
    ]
    for process in processes:
        finish(process)
    for rank in range(2):
        results = loaded(tmp_path / f"{rank}.json")
        for (loss, terms), double in zip(STEPS[::5], results, strict=True):
            same(one_step(loss, terms), double, 1e-6)
