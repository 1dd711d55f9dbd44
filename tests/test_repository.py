"""The repository itself: what it ships, what it pins, what it must not carry."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import packfirst

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "packfirst"
VENDORED = SOURCE / "_vendor"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-docs.lock")
HEAVY = {"duckdb", "jinja2", "numba", "numpy", "pint", "pydantic", "rich", "scipy", "typer", "yaml"}
LEFT_ALONE = {"__pycache__", "_build", "build", "demo", "dist"}
TOP_LEVEL = (
    ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "NOTICE", "README.md", "benchmarks", "docs", "examples", "pyproject.toml", "src", "tests", *LOCKS,
)  # fmt: skip
# Where packages come from is a matter of the machine, and where a file lay is one too. Spelled in pieces,
# so that this file does not find itself.
FORBIDDEN = {
    "an index option": re.compile(r"--(?:extra-)?index-" + r"url|--find-" + r"links|--trusted-" + r"host"),
    "an index address": re.compile(
        r"py" + r"pi\.org/simple|pythonhosted" + r"\.org|registry\.npm" + r"js\.org"
    ),
    "a machine's path": re.compile(r"(?<![\w.~:/-])/(?:home|root|Users|mnt|srv|work)" + r"/[\w.]"),
    "a Windows user's path": re.compile(r"[A-Z]:" + r"\\Users\\"),
    "a merge mark": re.compile(r"^(?:<{7} |>{7} )", re.MULTILINE),
}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def own_files() -> list[Path]:
    """Every file of ours: what a clone has, without what building and testing leave behind."""
    found: list[Path] = []
    for name in TOP_LEVEL:
        top = ROOT / name
        inside = [top] if top.is_file() else [item for item in top.rglob("*") if item.is_file()]
        found += [item for item in inside if not LEFT_ALONE & set(item.relative_to(ROOT).parts)]
    return found


def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def pinned(lock: str) -> dict[str, list[str]]:
    """Versions of each name in a lock file."""
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9-]+)==([^ \\;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE
    ):
        versions.setdefault(name, []).append(version)
    return versions


def test_no_file_tells_where_it_was_made():
    found = []
    for path in own_files():
        text = None if VENDORED in path.parents else text_of(path)
        found += [
            f"{path.relative_to(ROOT)}: {what}"
            for what, pattern in FORBIDDEN.items()
            if text and pattern.search(text)
        ]
    assert found == []


def test_every_link_within_the_texts_leads_somewhere():
    broken = []
    for path in own_files():
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_one_version_everywhere():
    released = re.findall(
        r"^## \[?(\d[^\]\s]*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert released[0] == packfirst.__version__
    assert "version" in project()["project"]["dynamic"]
    assert project()["tool"]["hatch"]["version"]["path"] == "src/packfirst/__init__.py"


def test_one_python_floor_everywhere():
    config = project()
    floor = config["project"]["requires-python"].removeprefix(">=")
    assert config["tool"]["mypy"]["python_version"] == floor
    assert config["tool"]["ruff"]["target-version"] == "py" + floor.replace(".", "")
    assert f"({floor.replace('.', ', ')})" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"--python-version {floor}" in (ROOT / "Makefile").read_text(encoding="utf-8")
    for text in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"Python (3\.\d+)", (ROOT / text).read_text(encoding="utf-8")))
        assert named == {floor}, text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_hashes(lock: str):
    blocks = re.split(r"^(?=[a-zA-Z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert blocks
    loose = [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block]
    assert loose == []


def test_the_locks_agree_and_hold_every_dependency():
    config = project()
    build = config["dependency-groups"]["build"]
    extras = config["project"]["optional-dependencies"]
    asked = {
        "requirements.lock": [],
        "requirements-dev.lock": extras["dev"],
        "requirements-docs.lock": extras["docs"],
    }
    core = pinned("requirements.lock")
    for lock, more in asked.items():
        here = pinned(lock)
        names = {
            re.split(r"[<>=\[ ]", item)[0].lower()
            for item in (*config["project"]["dependencies"], *build, *more)
        }
        assert names <= set(here), lock
        assert {name: here[name] for name in core} == core, lock


def test_vendored_files_are_the_ones_that_were_vendored():
    lines = (VENDORED / "HASHES.sha256").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.relative_to(VENDORED).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name != "HASHES.sha256"
    }
    assert found == listed


def test_every_vendored_folder_is_named_in_the_notice_with_its_licence():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for folder in (item for item in VENDORED.iterdir() if item.is_dir()):
        assert f"src/packfirst/_vendor/{folder.name}/" in notice
        assert any(item.name.startswith("LICENSE") for item in folder.iterdir()), folder


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name == f"packfirst-{packfirst.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"packfirst-{packfirst.__version__}.dist-info/METADATA").decode()
        entries = archive.read(f"packfirst-{packfirst.__version__}.dist-info/entry_points.txt").decode()
    inside = {name for name in names if name.startswith("packfirst/")}
    on_disk = {
        f"packfirst/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == on_disk
    assert {"packfirst/py.typed", "packfirst/_vendor/echarts/echarts.min.js"} <= inside
    outside = {name.rpartition(".dist-info/")[2] for name in names - inside}
    assert {"licenses/LICENSE", "licenses/NOTICE"} <= outside
    assert "License-Expression: Apache-2.0" in metadata
    assert f"Requires-Python: {project()['project']['requires-python']}" in metadata
    assert "packfirst = packfirst.cli:main" in entries


def test_importing_packfirst_loads_nothing_heavy():
    program = "import sys, packfirst; print(*sys.modules)"
    # A fresh interpreter that knows the source tree, installed or not.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    loaded = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert HEAVY & set(loaded.stdout.split()) == set()


@pytest.mark.parametrize("name", packfirst.__all__)
def test_every_public_name_is_there(name: str):
    assert getattr(packfirst, name).__name__ == name


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = packfirst.no_such_name
