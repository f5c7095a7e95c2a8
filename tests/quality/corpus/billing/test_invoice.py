from decimal import Decimal

from billing.invoice import Invoice, InvoiceLine


def test_total_adds_value_added_tax():
    invoice = Invoice("Ada", [InvoiceLine("tea", 2, Decimal("5"))])
    assert invoice.tax() == Decimal("1.90")
    assert invoice.total() == Decimal("11.90")
