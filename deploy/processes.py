"""What runs, with which arguments. ./run reads it; docker-compose.yml cannot, so a test compares the two."""

# sync workers: on a real page another server gains under 10 %, and ASGI costs 60 % (docs/performance.md).
WEB = [
    "python", "-m", "gunicorn", "wor.wsgi",
    "--workers", "2",
    "--preload",
    "--max-requests", "2000", "--max-requests-jitter", "200",
    "--graceful-timeout", "10",
    # The heartbeat file on a disk that stalls would make the master kill healthy workers.
    "--worker-tmp-dir", "/dev/shm",
    "--no-control-socket",
]  # fmt: skip

# One worker process is all the demo needs: gossip and mingle are talk between workers.
WORKER = [
    "python", "-m", "celery", "-A", "wor", "worker",
    "--queues", "effects,reminders,figures",
    "--concurrency", "2",
    "--hostname", "worker@%h",
    "--without-gossip", "--without-mingle",
    "--loglevel", "INFO",
]  # fmt: skip

BEAT = ["python", "-m", "celery", "-A", "wor", "beat", "--loglevel", "INFO"]

# Personal data stays out of the server's log: psycopg2 puts parameters in the text of a statement, DETAIL repeats the
# row that broke a constraint, and an error about input quotes it. Level "log" is above "error"; the client gets both.
POSTGRES_SETTINGS = {
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "shared_buffers": "128MB",
    "jit": "off",
}

# Names are ordered by their normalised form, never by collation. A plain C locale breaks lower('É').
INITDB_ARGUMENTS = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"]

VALKEY_SETTINGS = {"appendonly": "yes", "maxmemory-policy": "noeviction", "save": '""'}
