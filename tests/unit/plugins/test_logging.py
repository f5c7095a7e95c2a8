"""What is logged on stderr: core and every plugin, whatever its package, and of other libraries only errors."""

from __future__ import annotations

LOGS = """
import logging
from codebase_core_hookspecs import CommandPlugin, hookimpl

@hookimpl
def codebase_core_commands():
    return [CommandPlugin(name="speak", summary="Log", target="acme_speaks:speak")]
"""
COMMAND = """
import logging
import click

@click.command()
def speak():
    logging.getLogger("acme_speaks.deep").warning("from the plugin")
    logging.getLogger("unrelated").warning("from a library")
    logging.getLogger("unrelated").error("broken library")
"""


def test_a_plugin_of_any_package_is_heard(site):
    site.module("acme_speaks", LOGS + COMMAND)
    site.info("acme-speaks", "[codebase_core]\nspeak = acme_speaks\n")

    done = site.command("speak")

    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == ["WARNING: from the plugin", "ERROR: broken library"]
