{ size = 1; nested.inner = 2; double = x: x * 2; }
