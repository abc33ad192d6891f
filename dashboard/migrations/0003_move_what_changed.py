from django.db import migrations

# A histogram of days, with some days taken out and others put in.
MOVE = """
CREATE FUNCTION move_days(histogram int[], went smallint[], came smallint[]) RETURNS int[] LANGUAGE plpgsql IMMUTABLE
AS $$ DECLARE day int; BEGIN
    FOREACH day IN ARRAY coalesce(went, '{}') LOOP histogram[day + 1] := histogram[day + 1] - 1; END LOOP;
    FOREACH day IN ARRAY coalesce(came, '{}') LOOP histogram[day + 1] := histogram[day + 1] + 1; END LOOP;
    RETURN histogram;
END $$
"""
ALL_DAYS = "CREATE AGGREGATE all_days(smallint[]) (sfunc = array_cat, stype = smallint[], initcond = '{}')"


class Migration(migrations.Migration):
    """A municipality's month is moved by what changed in its practices' months."""

    dependencies = [("dashboard", "0002_dirty_marks")]
    operations = [
        migrations.RunSQL(MOVE, "DROP FUNCTION move_days(int[], smallint[], smallint[])"),
        migrations.RunSQL(ALL_DAYS, "DROP AGGREGATE all_days(smallint[])"),
    ]
