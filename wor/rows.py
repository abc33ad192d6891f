"""The lines of a list, ready for ``components/rows.html``."""

from typing import Any

from django.utils.translation import ngettext


def row(
    title: object,
    *,
    url: str = "",
    meta: str = "",
    when: str = "",
    text: str = "",
    status: str = "",
    status_label: str = "",
    label: str = "",
    label_tone: str = "",
    overdue_days: int = 0,
    new: bool = False,
    action_url: str = "",
    action_label: str = "",
    action_icon: str = "",
    action_post: bool = False,
    action_quiet: bool = False,
    more_url: str = "",
    more_label: str = "",
) -> dict[str, Any]:
    """One line with at most one next action; an overdue one gets the full button. Everything but the title is optional.

    ``meta``: one line, with ``when`` behind it; ``text``: a sentence; a status, or else a label; ``new``: unread;
    ``action_post``: a button in a form; ``action_quiet``: outlined; ``more_url``: a second, quieter link.

    A dict with every name in it: a template looks in a dict first, and pays dearly for a name that is nowhere.
    """
    late = ngettext("%(days)s dag te laat", "%(days)s dagen te laat", overdue_days) % {"days": overdue_days}
    return {
        "title": title,
        "url": url,
        "meta": f"{meta} · {when}" if meta and when else meta or when,
        "text": text,
        "status": status,
        "status_label": status_label,
        "label": label,
        "label_tone": label_tone or "quiet",
        "late": late if overdue_days else "",
        "new": new,
        "marks": f"{' is-overdue' if overdue_days else ''}{' is-new' if new else ''}",
        "has_label": bool(status_label or label or overdue_days or new),
        "action_url": action_url,
        "action_label": action_label,
        "action_icon": action_icon,
        "action_post": action_post,
        "action_look": "primary" if overdue_days else "secondary" if action_quiet else "soft",
        "more_url": more_url,
        "more_label": more_label,
    }
