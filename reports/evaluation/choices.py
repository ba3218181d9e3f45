"""Kinds of items of a scheme, and among whom an official result ranks."""

from django.db.models import TextChoices


class ItemKind(TextChoices):
    WEIGHT = "weight", "计分"
    BONUS = "bonus", "加分"
    PENALTY = "penalty", "扣分"


class Area(TextChoices):
    CITY = "city", "全市"
    DISTRICT = "district", "全区"
