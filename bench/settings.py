"""The settings of the product, and the bare views beside its own."""

from wor.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
