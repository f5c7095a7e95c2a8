"""Invoices: lines, taxes and totals."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class InvoiceLine:
    description: str
    quantity: int
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


@dataclass
class Invoice:
    customer: str
    lines: list[InvoiceLine] = field(default_factory=list)
    vat_rate: Decimal = Decimal("0.19")

    def subtotal(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    def tax(self) -> Decimal:
        """Value added tax, rounded half up to cents."""
        return (self.subtotal() * self.vat_rate).quantize(Decimal("0.01"))

    def total(self) -> Decimal:
        return self.subtotal() + self.tax()
