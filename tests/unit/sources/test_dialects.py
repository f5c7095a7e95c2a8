"""Files whose extension several languages share."""

from __future__ import annotations

import pytest

from codebase_core.sources.dialects import dialect

C = (
    "int f(void);",
    '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif',
    "/* class Pool of namespace std::pool */ struct pool { int class; };",
    '#define NAME "std::string"',
    "static inline int has(int flags) { return (flags & MASK) && (flags &MASK); }",
    "#define CLEAR(x) ((x) & ~BIT(3))",
    "struct bits { unsigned private:1; unsigned public : 2; };",
    "#include <stdio.h>\ntypedef int (*cmp)(const void *, const void *);",
    "/**\n @class pool\n @interface of it\n */\nint f(void);",
)
CPP = (
    "class Pool;",
    "namespace acme {\nint f();\n}",
    "template <typename T> T max(T a, T b);",
    "struct Pool { int size() const; };",
    "struct Pool : Base { int size; };",
    "#include <vector>\nint f();",
    "void f(const Pool& pool);",
    "void f(Pool& pool);",
    "enum class Mode { Fast };",
    "using Names = int;",
    "struct Pool { Pool() = default; };",
    "std::string name();",
    "struct Pool {\n  ~Pool();\n};",
)
OBJECTIVE_C = (
    "@interface Person : NSObject\n@end",
    "#import <Foundation/Foundation.h>\nextern NSString *const Name;",
    "@protocol Speaker\n- (void)speak;\n@end",
    "@class Person;",
    "typedef NS_ENUM(NSInteger, Mode) { ModeFast };",
)


@pytest.mark.parametrize("text", C)
def test_a_header_of_c(text):
    assert dialect("c", "a.h", text.encode()) == "c"


@pytest.mark.parametrize("text", CPP)
def test_a_header_of_cpp(text):
    assert dialect("c", "A.H", text.encode()) == "cpp"


@pytest.mark.parametrize("text", OBJECTIVE_C)
def test_a_header_of_objective_c(text):
    assert dialect("c", "a.h", text.encode()) == "objective-c"


def test_m_is_objective_c_unless_it_is_of_matlab():
    assert dialect("objective-c", "a.m", b"- (void)f { }") == "objective-c"
    assert dialect("objective-c", "a.m", b"% adds\nfunction y = add(a, b)\ny = a + b;\nend\n") == "matlab"


def test_other_names_tell():
    assert dialect("python", "a.py", b"class Pool: ...") == "python"
    assert dialect("c", "a.c", b"class Pool;") == "c"
    assert dialect(None, "a", b"@interface") is None
