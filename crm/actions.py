"""Changes of organisations and users."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from crm.models import Organisation
from crm.models.organisation import PATH_STEP, OrganisationKind


@transaction.atomic
def create_organisation(*, name: str, kind: str, parent: Organisation | None = None) -> Organisation:
    """Add a node and give it its path; the path needs the id, so the row is written twice."""
    node = Organisation.objects.create(name=name, kind=kind, parent=parent, path=f"new/{uuid4()}")
    node.path = f"{parent.path if parent else ''}{node.pk:0{PATH_STEP}d}/"
    inherits = kind == OrganisationKind.UNIT and parent is not None
    node.institution_path = parent.institution_path if inherits and parent else node.path
    node.save(update_fields=["path", "institution_path"])
    return node
