from __future__ import annotations

from table import put_table


def test_a_table_is_put_between_its_own_marks(tmp_path):
    page = tmp_path / "page.md"
    before, after = "a\n<!-- table of x -->\n", "<!-- end of the table -->\nb\n<!-- table of y -->\nkept\n"
    page.write_text(f"{before}old\n{after}")
    put_table(page, "x", ("one", "two"), [("1", "2")])
    assert page.read_text() == f"{before}| one | two |\n|---|---|\n| 1 | 2 |\n{after}"
