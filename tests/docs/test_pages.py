"""The pages say what the program says: what scripts have written is what they would write now."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from packfirst.cli.files import read

DOCS = Path(__file__).parents[2] / "docs"


def script(name: str):
    path = DOCS / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def section(page: str, title: str) -> str:
    return re.search(rf"^## {title}\n.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)[0].strip()


def test_commands_are_those_of_the_program():
    made = script("make_commands.py")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run python docs/make_commands.py"


def test_a_written_page_has_every_command_with_its_options():
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    for name, command in script("make_commands.py").commands():
        assert f"### {name}\n" in page
        for item in command.params:
            if item.param_type_name == "option":
                assert f"`{item.opts[-1]}" in page, (name, item.name)


@pytest.mark.parametrize("name", ["electrical", "performance"])
def test_validation_is_what_the_tests_compare(name: str):
    # in a process of its own: the script runs pytest and swaps its `approx`
    command = [sys.executable, str(DOCS / "make_validation.py"), name]
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    title = script("make_validation.py").SECTIONS[name][0]
    page = (DOCS / "validation.md").read_text(encoding="utf-8")
    assert section(page, title) == section(made, title), "run python docs/make_validation.py"


def test_the_article_says_what_the_models_say():
    made = script("make_article.py")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run python docs/make_article.py"


def test_every_page_of_limits_says_what_is_not_in_it_yet():
    pages = [path for path in (DOCS / "limits").glob("*.md") if path.stem != "uncertainty"]
    assert {path.stem for path in pages} >= {"thermal", "electrical", "form_factor", "performance", "cost"}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for part in ("**The question.**", "**The model", "**Held against", "**Not in it yet.**"):
            assert part in text, (path.name, part)


def test_figures_of_the_example_are_current():
    example = script("examples/ai_accelerator.py")
    page = example.PAGE.read_text(encoding="utf-8")
    made = page
    for name, text in example.quick_blocks(*read(example.PROGRAM, ())).items():
        made = example.with_block(made, name, text)
    assert made == page, "run python docs/examples/ai_accelerator.py --write"
