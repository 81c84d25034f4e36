"""How nbval runs the notebooks: the kernels are quiet, and text must match exactly."""

import os

# inherited by the kernels
os.environ["GANBOOK_QUIET"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def pytest_collectstart(collector):
    # stderr carries the backend's start-up messages, which differ by machine;
    # tools/execute.py refuses to store any
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("stderr", "image/gif", "image/svg+xml")
