"""All measurements in one run; writes the tables of ``README.md`` beside it.

Each runs in a process of its own; what is compared takes turns. Ratios first, for
seconds depend on the machine. ``python run.py mlp grid`` runs those alone, and
prints without writing.
"""

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import record

HERE = Path(__file__).parent


def measure(name, backend="tensorflow"):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", HERE / "measure.py", name],
        env=os.environ | {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise SystemExit(f"{name} failed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.splitlines()[-1])


def row(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def speeds(results, base, unit, targets):
    """Table of medians against that of ``base``; ``targets`` are ``(text, holds)``."""
    middle = {name: statistics.median(values) for name, values in results.items()}
    lines = [row("", "ratio", "target", unit, "range"), row(*["---"] * 5)]
    for name, values in results.items():
        ratio, (text, holds) = middle[base] / middle[name], targets.get(name, ("", 0))
        mark = "" if not text else " ✓" if holds(ratio) else " ✗"
        spread = f"{min(values):.0f} to {max(values):.0f}"
        lines.append(
            row(name, f"{ratio:.2f}", text + mark, f"{middle[name]:.0f}", spread)
        )
    return lines


def at_least(limit):
    return f"≥ {limit}", lambda ratio: ratio >= limit


def at_most(limit):
    return f"≤ {limit}", lambda ratio: ratio <= limit


def mlp():
    base = "GAN.fit, 50 steps per execution"
    yield "### 2-D MLP GAN: `fit` against loops\n"
    yield f"Speed of “{base}” over that of each row.\n"
    yield from speeds(
        measure("mlp"),
        base,
        "steps/s",
        {
            "fused by hand": at_least(0.9),
            "copied loop": at_least(35),
            "GAN.fit with R1 + R2, 50 steps per execution": at_most(2.2),
        },
    )


def dcgan():
    yield "### 28×28 DCGAN\n"
    yield "Speed of “GAN.fit” over that of each row.\n"
    yield from speeds(
        measure("dcgan"),
        "GAN.fit",
        "images/s",
        {
            "train_step in the style of the Keras example": at_least(1.15),
            "copied loop": at_least(1.6),
        },
    )


def backends():
    rounds = [
        {b: measure("backend", b)[b] for b in ("tensorflow", "jax", "torch")}
        for _ in range(3)
    ]
    results = {b: [v for r in rounds for v in r[b]] for b in rounds[0]}
    yield "### The same GAN on three backends\n"
    yield "Speed of JAX over that of each row; PyTorch runs without compilation.\n"
    yield from speeds(results, "jax", "steps/s", {"tensorflow": at_least(1.0)})


def memory():
    first, last = (values[0] for values in measure("memory").values())
    growth = 100 * (last / first - 1)
    yield "### Memory\n"
    yield row("growth over 50 epochs", "target", "after 5 epochs", "after 55 epochs")
    yield row(*["---"] * 4)
    mark = "✓" if growth < 2 else "✗"
    yield row(f"{growth:.1f} %", f"< 2 % {mark}", f"{first:.0f} MB", f"{last:.0f} MB")


def grid():
    result = measure("grid")
    yield "### All 25 modes of the grid, 90 % of samples on a mode\n"
    yield row("seed", "seconds", "target", "steps", "on a mode")
    yield row(*["---"] * 5)
    for seed, (seconds, steps, on) in enumerate(zip(*result.values(), strict=True)):
        mark = "✓" if seconds <= 20 and on >= 0.9 else "✗"
        yield row(seed, f"{seconds:.0f}", f"≤ 20 {mark}", steps, f"{100 * on:.0f} %")


def setting():
    packages = ("keras", "tensorflow", "jax", "torch", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{datetime.date.today()}; {record.machine()};"
        f" Python {platform.python_version()}, {versions}."
    )


def main():
    parts = (mlp, dcgan, backends, memory, grid)
    chosen = [part for part in parts if part.__name__ in sys.argv[1:]] or parts
    lines = [setting()]
    for part in chosen:
        lines += ["", *part()]
        print("\n".join(lines[-8:]), flush=True)
    if chosen is parts:
        readme = HERE / "README.md"
        head = readme.read_text().split("<!-- tables -->")[0]
        readme.write_text(f"{head}<!-- tables -->\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
