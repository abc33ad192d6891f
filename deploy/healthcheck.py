"""For the web container: exits 0 when /healthz answers 200. The image has no curl."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

# The name the site is known by: another one is refused before the page is reached.
host = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1:8000")).netloc
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
sys.exit(0 if urllib.request.urlopen(request, timeout=4).status == 200 else 1)
