"""Whatever is sent, by the description or against it: no internal error, and every answer is as described."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import booleans
from schemathesis import checks

from .conftest import Served

pytestmark = pytest.mark.any_store

CASES = 200 if os.environ.get("CODEBASE_CORE_SOAK") else 15
"""For each of the operations that read: what changes would change what other tests read."""

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
PLACES = {"project": "example", "file": "pool.py"}


def test_every_answer_is_as_described(served: Served) -> None:
    headers = {"authorization": f"Bearer {served.token}"}
    description = schemathesis.openapi.from_url(f"{served.url}api/v1/openapi.json", headers=headers)
    described = [result.ok() for result in description.get_all_operations()]
    operations = [
        operation
        for operation in described
        if operation.method.upper() == "GET" and not operation.path.endswith("/events")
    ]
    for operation in operations:

        @seed(1)
        @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), there=booleans())
        def answers(case: Any, *, there: bool) -> None:
            if there:  # what is made up names no project and no file
                for parameters in filter(None, (case.path_parameters, case.query)):
                    parameters.update({name: value for name, value in PLACES.items() if name in parameters})
            answer = case.call(base_url=served.url.rstrip("/"), headers=headers)
            case.validate_response(answer, checks=CHECKS)

        answers()
    assert len(operations) >= 14
