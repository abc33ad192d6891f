"""The product's settings, for tests inside pytest. Processes that a test starts run the product's own."""

from wor.settings import *  # noqa: F403
from wor.settings import INSTALLED_APPS, STORAGES

if "wor.demo" not in INSTALLED_APPS:
    INSTALLED_APPS = [*INSTALLED_APPS, "wor.demo"]
# A quick one: signing in a thousand times is not what is tested.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No collectstatic needed.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
