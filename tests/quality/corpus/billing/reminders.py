"""Dunning: remind customers of what they owe, more firmly each time."""

from datetime import date, timedelta

LEVELS = ("friendly", "firm", "final")
GRACE = timedelta(days=14)


def overdue(invoices, today=None):
    today = today or date.today()
    return [invoice for invoice in invoices if not invoice.paid and invoice.due + GRACE < today]


def next_level(invoice):
    if invoice.reminders >= len(LEVELS):
        raise HandToLawyer(invoice)
    return LEVELS[invoice.reminders]


class HandToLawyer(Exception):
    """The customer ignored the final reminder."""
