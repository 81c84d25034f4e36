"""Many runs, one thread each, as many at a time as there are cores.

A row is written when its run ends. ``--resume`` goes on with the rows that are there.
"""

import os
import sys
import time
from functools import partial
from multiprocessing import get_context

import record

from ganbook import results

ONE_THREAD = dict.fromkeys(
    (
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    ),
    "1",
)


def measure(name, run, cells, *, data, **about):
    """Write ``{"rows": [cell | run(cell), ...]} | about`` to the result ``name``.

    ``run`` and the ``cells``, dictionaries of strings and numbers, travel to other
    processes. Seconds are those of the processes, added.
    """
    os.environ |= ONE_THREAD  # read where TensorFlow starts: in the processes
    rows, spent = [], 0.0

    def cell(row):
        return {key: row[key] for key in cells[0]}

    if "--resume" in sys.argv:
        before = results.load(name)
        rows = [row for row in before["rows"] if cell(row) in cells]
        spent = before["provenance"]["seconds"]
    done = [cell(row) for row in rows]
    left = [one for one in cells if one not in done]
    # a process is left after some runs, for TensorFlow gives no memory back
    with get_context("spawn").Pool(maxtasksperchild=10) as pool:
        for row, seconds in pool.imap_unordered(partial(_timed, run), left):
            rows = sorted([*rows, row], key=lambda row: cells.index(cell(row)))
            spent += seconds
            print(f"{len(rows)} of {len(cells)}:", row, flush=True)
            record.write(name, about | {"rows": rows}, seconds=spent, data=data)


def _timed(run, cell):
    start = time.process_time()
    found = run(**cell)
    seconds = time.process_time() - start
    return cell | found | {"processor_seconds": round(seconds, 1)}, seconds
