LIMIT = 1
def _impl(ctx):
    pass
rule_x = rule(implementation = _impl)
cc_library(
    name = "pool",
)
