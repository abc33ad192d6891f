from django.db import migrations


class Migration(migrations.Migration):
    """Dutch full-text search that does not mind accents, and the same words for search by trigrams.

    ``unaccent`` itself is only STABLE, for its dictionary could be changed; with the dictionary named it may be used in
    an index.
    """

    initial = True
    dependencies = [("tenancy", "0001_extensions")]
    operations = [
        migrations.RunSQL(
            "CREATE FUNCTION plain_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS"
            " $$ SELECT public.unaccent('public.unaccent'::regdictionary, lower($1)) $$",
            "DROP FUNCTION plain_words(text)",
        ),
        migrations.RunSQL(
            "CREATE TEXT SEARCH CONFIGURATION wor_dutch (COPY = pg_catalog.dutch);"
            " ALTER TEXT SEARCH CONFIGURATION wor_dutch ALTER MAPPING FOR asciihword, asciiword, hword, hword_asciipart,"
            " hword_part, word WITH unaccent, dutch_stem",
            "DROP TEXT SEARCH CONFIGURATION wor_dutch",
        ),
    ]
