"""The order of the modules is kept by machines."""

import ast
import subprocess
import sys
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parents[2]
ORDER = ["core", "observations", "creators", "syncs", "metrics", "pages"]


def test_imports_point_downwards():
    told = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_foreign_keys_point_downwards():
    ours = {name: rank for rank, name in enumerate(ORDER)}
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ours
        for field in model._meta.get_fields()
        if field.many_to_one and not field.auto_created
        if ours.get(field.related_model._meta.app_label, -1) > ours[model._meta.app_label]
    ]
    assert upwards == []


def test_every_module_says_what_it_owns():
    for folder in (ROOT / "greenroom").iterdir():
        if (folder / "__init__.py").exists():
            said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
            assert said, folder.name
            assert 2 <= len(said.splitlines()) <= 7, folder.name
