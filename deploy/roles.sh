#!/usr/bin/env bash
# Runs once, when the database container makes its cluster: the roles, with passwords from the secret files.
# Through standard input, because everybody in the container can read a command line.
set -euo pipefail
{
    for role in owner app keeper backup; do
        printf "\\\\set %s_password '%s'\n" "$role" "$(cat "/run/secrets/${role}_password")"
    done
    cat /roles.sql
} | psql -X --quiet --username "$POSTGRES_USER" --dbname postgres
