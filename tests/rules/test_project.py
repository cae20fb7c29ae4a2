"""What must not be in the project's files."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts():
    for path in tracked():
        if path.suffix not in {".png", ".ico", ".woff2"}:
            yield path, path.read_text(errors="replace")


def test_requirements_are_pinned_with_hashes_and_name_no_host():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text, path.name
        for block in re.split(r"\n(?=[a-z])", text):
            if re.match(r"[a-z]", block):
                assert "==" in block.split("\n")[0], block[:60]
                assert "--hash=sha256:" in block, block[:60]


def test_no_file_names_a_package_registry():
    hosts = "|".join(
        ["py" + r"pi\.org", "python" + r"hosted\.org", r"registry\.npm" + r"js\.org", "deb" + r"\.debian\.org"]
    )
    assert [str(path) for path, text in texts() if re.search(hosts, text)] == []


def test_no_file_carries_a_path_of_one_machine():
    assert [str(path) for path, text in texts() if re.search(r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot)/", text)] == []


def test_python_files_stay_readable_in_size():
    long = {
        str(path.relative_to(ROOT)): lines
        for path, text in texts()
        if path.suffix == ".py" and "migrations" not in path.parts
        if (lines := text.count("\n")) > 400
    }
    assert long == {}
