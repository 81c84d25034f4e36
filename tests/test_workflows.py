"""The workflows run pinned actions, with no more rights than a job needs."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
JOBS = [
    pytest.param(job, id=f"{path.stem}-{name}")
    for path in WORKFLOWS
    for name, job in yaml.safe_load(path.read_text())["jobs"].items()
]
SETS = sorted((ROOT / "requirements").glob("*.txt"))


def test_zizmor_finds_nothing():
    zizmor = shutil.which("zizmor", path=Path(sys.executable).parent)
    if zizmor is None:
        pytest.skip("zizmor is not installed")
    command = [zizmor, "--offline", "--persona=pedantic", "--quiet", "--format=plain"]
    command += [ROOT / ".github", ROOT / ".pre-commit-config.yaml"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_rights_start_from_none(path):
    text = path.read_text()
    for line in re.findall(r"uses:.*", text):
        assert re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
    assert yaml.safe_load(text)["permissions"] == {}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_may_write_runs_nothing_of_the_build(job):
    steps, rights = job["steps"], job["permissions"]
    checkouts = [s for s in steps if s.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert job["timeout-minutes"] <= 180
    if "write" in rights.values():
        scripts = " ".join(step.get("run", "") for step in steps)
        assert not checkouts
        assert not re.search(r"\b(make|python|pip|bash|sh|npx?)\b", scripts)
    else:
        assert rights == {"contents": "read"}


def test_make_targets_exist():
    text = "".join(path.read_text() for path in WORKFLOWS)
    targets = " ".join(re.findall(r"(?:run:|^) +make (.+)", text, re.MULTILINE)).split()
    makefile = (ROOT / "Makefile").read_text()
    assert targets
    for target in targets:
        assert re.search(rf"^(.+ )?{target}[ :]", makefile, re.MULTILINE), target


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_requirement_has_a_hash_and_no_address(path):
    text = path.read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    for block in re.split(r"\n(?=\w)", text.strip()):
        assert re.match(r"[\w.-]+==[^\n]+ \\\n +--hash=sha256:", block), block


def test_the_oldest_set_is_the_lower_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = (ROOT / "requirements/oldest.txt").read_text()
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)", oldest, re.MULTILINE))
    for line in project["dependencies"] + project["optional-dependencies"]["test"]:
        requirement = Requirement(line)
        (bound,) = (s.version for s in requirement.specifier if s.operator == ">=")
        assert Version(versions[requirement.name]) == Version(bound)
