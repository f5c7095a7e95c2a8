"""Convert amounts between currencies with the rates of a day."""

import json
from urllib.request import urlopen


class RateUnknown(LookupError):
    pass


class ExchangeRates:
    def __init__(self, base, rates):
        self.base = base
        self._rates = {base: 1.0, **rates}

    @classmethod
    def download(cls, url, base="EUR"):
        with urlopen(url, timeout=10) as response:
            return cls(base, json.load(response)["rates"])

    def convert(self, amount, source, target):
        try:
            return amount / self._rates[source] * self._rates[target]
        except KeyError as exc:
            raise RateUnknown(exc.args[0]) from None
