"""Broken: refreshes its catalogue in a thread as soon as it is imported."""

from __future__ import annotations

import threading

from bonito_aviary.plugin import Aviary

provider = Aviary()
refreshing = threading.Thread(target=provider.provider_info, daemon=True)
refreshing.start()
