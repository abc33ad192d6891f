"""What a file held goes after thirty days, whatever became of it."""

import datetime as dt

from activities.models import Import, ImportLine
from tests.activities.test_import import TWO, bring
from wor.retention.rules import rule
from wor.tenancy.context import open_region


def test_file_and_lines_go_after_thirty_days(world):
    found = bring(world, TWO)
    now = found.created_at + dt.timedelta(days=29)
    for code in ("import_lines", "import_files"):
        assert rule(code).count(world.region, now, "default") == 0

    now = found.created_at + dt.timedelta(days=31)
    with open_region(world.region.pk):
        assert rule("import_lines").turn(world.region, now, "default").count == 2
        assert rule("import_files").turn(world.region, now, "default").count == 1

    found = Import.objects.get()
    assert (bytes(found.file.content), ImportLine.objects.count()) == (b"", 0)
    assert rule("import_files").count(world.region, now, "default") == 0
