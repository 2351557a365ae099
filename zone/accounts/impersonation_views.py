"""What an agent has looked at while acting for a client."""

from __future__ import annotations

from zone.accounts.models import ImpersonationView
from zone.accounts.principal import Principal
from zone.audit import Tag, record
from zone.storage import transaction


def viewed(principal: Principal, endpoint: str, subject: str | None) -> None:
    """Leave an event of this page, once in each impersonation. `subject` names what it is about, such as a letter."""
    acting = principal.impersonation
    if acting is None:
        return
    page = f"{endpoint} {subject}"[:200] if subject else endpoint
    seen = ImpersonationView.impersonation == acting.id, ImpersonationView.page == page
    if ImpersonationView.select().where(*seen).exists():
        return
    with transaction():
        new = ImpersonationView.insert(impersonation=acting.id, page=page).on_conflict_ignore()
        if list(new.returning(ImpersonationView.id).execute()):
            facts = {"page": endpoint, "subject": subject}
            record(Tag.IMPERSONATION_VIEWED, principal.actor, client_id=acting.client_id, **facts)
