"""What a row with personal data was before each change, kept by a trigger in the database."""

import pghistory


def keep_old_values(*, exclude: list[str] | None = None):
    """Mark a model: every update leaves the old row in its ``…event`` table, which nobody can change."""
    return pghistory.track(
        pghistory.UpdateEvent(row="OLD"),
        exclude=exclude,
        # Who did it and why stands in the access log. None is documented; only the library's annotation forgets it.
        context_field=None,  # type: ignore[arg-type]
        obj_field=pghistory.ObjForeignKey(related_name="+", db_constraint=False, db_index=True),
        append_only=True,
    )
